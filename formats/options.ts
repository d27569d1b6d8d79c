import { InvalidArgumentError } from '../domain/errors/index.js';
import type { JsonObject } from '../domain/labels/index.js';

/** The text under `name`, or null where it is absent. Throws `InvalidArgumentError` for another type. */
export function textOption(options: JsonObject, name: string): string | null {
  const value = options[name] ?? null;
  if (value === null || typeof value === 'string') return value;
  throw new InvalidArgumentError(name, `Option "${name}" must be a string.`);
}

/** The boolean under `name`, or `ifAbsent`. Throws `InvalidArgumentError` for another type. */
export function booleanOption(options: JsonObject, name: string, ifAbsent: boolean): boolean {
  const value = options[name] ?? ifAbsent;
  if (typeof value === 'boolean') return value;
  throw new InvalidArgumentError(name, `Option "${name}" must be true or false.`);
}

/** The strings under `name` (one string counts as a list of one), or null. Throws `InvalidArgumentError`. */
export function listOption(options: JsonObject, name: string): string[] | null {
  const value = options[name] ?? null;
  if (value === null) return null;
  const list = Array.isArray(value) ? value : [value];
  if (list.every((entry) => typeof entry === 'string')) return list;
  throw new InvalidArgumentError(name, `Option "${name}" must be a string or a list of strings.`);
}

/** Throws `InvalidArgumentError` for an option that the format does not know: a typing mistake must not pass unseen. */
export function refuseUnknownOptions(options: JsonObject, known: readonly string[], format: string): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new InvalidArgumentError(
      name,
      `Format "${format}" has no option "${name}". Its options: ${known.join(', ') || 'none'}.`,
    );
  }
}
