/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/**
 * One text for equal values: keys sorted, members that are null or undefined left out of objects, numbers as
 * `JSON.stringify` writes them (-0 as 0; NaN as null, which is how a missing keypoint coordinate reads).
 * Equality of such texts is equality of values, so the merge compares strings and parses only what changed.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value === 0 ? 0 : value) : 'null';
  if (value === null || value === undefined) return 'null';
  if (typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return canonicalList(value);
  return canonicalObject(value as Record<string, unknown>);
}

function canonicalList(values: readonly unknown[]): string {
  if (values.length === 0) return '[]';
  let text = `[${canonicalJson(values[0])}`;
  for (let i = 1; i < values.length; i++) text += `,${canonicalJson(values[i])}`;
  return `${text}]`;
}

function canonicalObject(value: Record<string, unknown>): string {
  const keys = Object.keys(value);
  if (!isSorted(keys)) keys.sort();
  let text = '';
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    const member = value[key];
    if (member === null || member === undefined) continue;
    text += `${text === '' ? '{' : ','}${quoted(key)}:${canonicalJson(member)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

function isSorted(keys: readonly string[]): boolean {
  for (let i = 1; i < keys.length; i++) if ((keys[i - 1] as string) > (keys[i] as string)) return false;
  return true;
}

/** Names of members come again and again; as many as are usual are kept. */
const quotedNames = new Map<string, string>();
const mostNames = 5_000;

function quoted(name: string): string {
  const known = quotedNames.get(name);
  if (known !== undefined) return known;
  const text = JSON.stringify(name);
  if (quotedNames.size < mostNames) quotedNames.set(name, text);
  return text;
}

/**
 * Whether two JSON values are equal, numbers within `tolerance` (absolute; relative for numbers above 1).
 * Absent and null members are equal.
 */
export function isCloseJson(a: Json | undefined, b: Json | undefined, tolerance: number): boolean {
  if (a === b) return true;
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a));
  if (a === null || b === null || a === undefined || b === undefined) return (a ?? null) === (b ?? null);
  if (typeof a !== 'object' || typeof b !== 'object') return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((value, i) => isCloseJson(value, b[i], tolerance));
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
    if (!isCloseJson(a[key], b[key], tolerance)) return false;
  return true;
}
