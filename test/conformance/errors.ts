import { agreesWith } from '../support/error-family.js';
import type { Comparison } from './compare.js';
import type { ErrorKind } from './vectors.js';

/** Compares an error (null: none) with what a vector expects. */
export function checkError(
  comparison: Comparison,
  path: string,
  expected: ErrorKind | undefined,
  error: unknown,
): void {
  if (expected === undefined) {
    if (error !== null) comparison.compare(path, null, describe(error));
  } else if (error === null) comparison.compare(path, expected.kind, null);
  else if (!agreesWith(expected.kind, error)) comparison.compare(path, expected.kind, describe(error));
}

const describe = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
