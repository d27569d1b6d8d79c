import type { Json } from './vectors.js';

/** One place where two values differ. */
export interface Difference {
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/**
 * Compares by the rules of the vectors' README: absent and null are equal, numbers within 1e-9, placeholder ids (`e` and 23
 * hex digits) stand one to one for any id that the system made up.
 */
export class Comparison {
  readonly differences: Difference[] = [];
  private readonly renamed = new Map<string, string>();
  private readonly taken = new Map<string, string>();

  constructor(private readonly known: ReadonlySet<string> = new Set()) {}

  compare(path: string, expected: unknown, actual: unknown): void {
    if (expected === undefined || expected === null) {
      if (actual !== undefined && actual !== null) this.differ(path, expected, actual);
    } else if (typeof expected === 'number' && typeof actual === 'number') {
      if (Math.abs(expected - actual) > 1e-9) this.differ(path, expected, actual);
    } else if (typeof expected === 'string' && typeof actual === 'string') {
      if (!this.isSameText(expected, actual)) this.differ(path, expected, actual);
    } else if (Array.isArray(expected) && Array.isArray(actual)) this.compareLists(path, expected, actual);
    else if (isObject(expected) && isObject(actual)) this.compareObjects(path, expected, actual);
    else if (expected !== actual) this.differ(path, expected, actual);
  }

  /** Id maps: lists are multisets, one id and a list of that id are equal, empty entries count as absent. */
  compareIdMap(path: string, expected: Json | undefined, actual: Json | undefined): void {
    if (isObject(expected) || isObject(actual)) {
      const [a, b] = [isObject(expected) ? expected : {}, isObject(actual) ? actual : {}];
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
        this.compareIdMap(`${path}.${key}`, a[key] as Json, b[key] as Json);
      return;
    }
    if (expected === true || actual === true) {
      this.compare(path, expected, actual);
      return;
    }
    const [a, b] = [idList(expected), idList(actual)];
    const missing = a.filter((id) => !b.some((other) => this.isSameText(id, other)));
    if (a.length !== b.length || missing.length > 0) this.differ(path, expected, actual);
  }

  private compareLists(path: string, expected: readonly unknown[], actual: readonly unknown[]): void {
    if (expected.length !== actual.length) this.differ(`${path}.length`, expected, actual);
    else for (const [i, value] of expected.entries()) this.compare(`${path}[${i}]`, value, actual[i]);
  }

  private compareObjects(path: string, expected: Record<string, unknown>, actual: Record<string, unknown>): void {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    for (const key of keys) this.compare(`${path}.${key}`, expected[key], actual[this.actualKey(key, actual)]);
  }

  private actualKey = (key: string, actual: Record<string, unknown>): string =>
    key in actual ? key : (this.renamed.get(key) ?? key);

  private isSameText(expected: string, actual: string): boolean {
    if (expected === actual) return true;
    if (!/^e[0-9a-f]{23}$/.test(expected) || !/^[0-9a-f]{24}$/.test(actual) || this.known.has(actual)) return false;
    const [to, from] = [this.renamed.get(expected), this.taken.get(actual)];
    if (to === undefined && from === undefined) {
      this.renamed.set(expected, actual);
      this.taken.set(actual, expected);
      return true;
    }
    return to === actual && from === expected;
  }

  private differ(path: string, expected: unknown, actual: unknown): void {
    this.differences.push({ path, expected, actual });
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const idList = (value: Json | undefined): string[] =>
  value === null || value === undefined ? [] : Array.isArray(value) ? (value as string[]) : [String(value)];

/** A difference as a person reads it. */
export function describeDifference({ path, expected, actual }: Difference): string {
  const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value)).slice(0, 400);
  return `  at ${path}\n    - expected ${shown(expected)}\n    + actual   ${shown(actual)}`;
}
