import type { Json, JsonObject } from '../../domain/labels/index.js';

/**
 * MongoDB's extended JSON as far as datasets need it. Source: the extended JSON specification, v2 (both forms) and the
 * older `$binary`/`$type` form.
 */

/** Turns `{"$numberInt" | "$numberLong" | "$numberDouble": "..."}` into plain numbers where that loses nothing; in place. */
export function normalizeNumbers(value: Json): Json {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = normalizeNumbers(value[i] as Json);
    return value;
  }
  if (typeof value !== 'object' || value === null || '$date' in value) return value; // a date keeps its spelling
  const number = plainNumberOf(value);
  if (number !== null) return number;
  for (const key of Object.keys(value)) value[key] = normalizeNumbers(value[key] as Json);
  return value;
}

function plainNumberOf(value: JsonObject): number | null {
  const text = value.$numberInt ?? value.$numberLong ?? value.$numberDouble;
  if (typeof text !== 'string') return null;
  const number = Number(text);
  const isExact = value.$numberDouble === undefined ? Number.isSafeInteger(number) : Number.isFinite(number);
  return isExact ? number : null;
}

/** The 24 hex digits of `{"$oid": "..."}` or of a plain string, lower case; null for anything else. */
export function objectIdOf(value: Json | undefined): string | null {
  const text =
    typeof value === 'string' ? value : typeof value === 'object' && value !== null ? (value as JsonObject).$oid : null;
  return typeof text === 'string' && /^[0-9a-f]{24}$/i.test(text) ? text.toLowerCase() : null;
}

/** The bytes of `{"$binary": {"base64"}}`, `{"$binary": "..."}` or a bare base64 string; null for anything else. */
export function bytesOf(value: Json | undefined): Buffer | null {
  if (typeof value === 'string') return Buffer.from(value, 'base64');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const binary = value.$binary;
  if (typeof binary === 'string') return Buffer.from(binary, 'base64');
  const text = typeof binary === 'object' && binary !== null ? (binary as JsonObject).base64 : null;
  return typeof text === 'string' ? Buffer.from(text, 'base64') : null;
}

/** Whether a coordinate is the extended form of "not a number". */
export const isNotANumber = (value: Json | undefined): boolean =>
  typeof value === 'object' && value !== null && (value as JsonObject).$numberDouble === 'NaN';

/** How a coordinate that is missing is written. */
export const notANumber = '{"$numberDouble": "NaN"}';

/** The text of an id. */
export const objectId = (id: string): string => `{"$oid": "${id}"}`;

/** The text of bytes. */
export const binary = (bytes: Uint8Array): string =>
  `{"$binary": {"base64": "${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')}", "subType": "00"}}`;
