import { MalformedFileError } from '../../domain/errors/index.js';
import type { Json, JsonObject } from '../../domain/labels/index.js';
import { normalizeNumbers } from './extended-json.js';
import type { JsonPiece } from './json-splitter.js';

/**
 * Parses one piece of MongoDB's extended JSON. Numbers in any of its spellings become plain numbers; what JavaScript's
 * numbers cannot hold (NaN, infinities, integers beyond 2^53) stays, or becomes, `{"$numberDouble"}` or
 * `{"$numberLong"}`, so that it goes out again as it came. Bare `NaN`, found in older files, is accepted.
 */
export function parsePiece(file: string, piece: JsonPiece): Json {
  return parseJson(piece.bytes.toString('utf8'), () => placeOf(file, piece));
}

/** As `parsePiece`, for a piece that must be an object. */
export function parseObject(file: string, piece: JsonPiece): JsonObject {
  const value = parsePiece(file, piece);
  if (isObject(value)) return value;
  throw new MalformedFileError(file, placeOf(file, piece).where, 'an object');
}

/** Where a piece stands, e.g. `samples[12]`. */
export const pathOf = (piece: JsonPiece): string =>
  piece.index < 0 ? piece.member : `${piece.member}[${piece.index}]`;

interface Place {
  readonly file: string;
  readonly where: string;
}

const placeOf = (file: string, piece: JsonPiece): Place => ({ file, where: `${pathOf(piece)} (byte ${piece.offset})` });

/** Whether a value is a JSON object, no list and not null. */
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Sixteen digits where a value may begin: perhaps an integer that a double would round. */
const longInteger = /[:,[\s-]\d{16}/;

/** As `parsePiece`, for any text. `place` tells where it stands; it is asked only when the text is no JSON. */
export function parseJson(text: string, place: () => Place): Json {
  const exact = longInteger.test(text) ? withoutUnsafeNumbers(text) : text;
  const value = tryParse(exact) ?? tryParse(withoutUnsafeNumbers(text));
  if (value !== undefined) return text.includes('"$number') ? normalizeNumbers(value.json) : value.json;
  const { file, where } = place();
  throw new MalformedFileError(file, where, `valid JSON (${problemOf(text)})`);
}

function tryParse(text: string): { json: Json } | undefined {
  try {
    return { json: JSON.parse(text) as Json };
  } catch {
    return undefined;
  }
}

function problemOf(text: string): string {
  try {
    JSON.parse(text);
    return 'unknown';
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 120) : String(error);
  }
}

/** A string, or a number in any spelling; strings are matched so that numbers inside them are left alone. */
const token = /"[^"\\]*(?:\\.[^"\\]*)*"|-?Infinity|NaN|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

function withoutUnsafeNumbers(text: string): string {
  return text.replace(token, (found) => {
    if (found.startsWith('"')) return found;
    if (!/\d/.test(found)) return `{"$numberDouble":"${found}"}`;
    const isRounded = /^-?\d{16,}$/.test(found) && String(Number(found)) !== found;
    return isRounded ? `{"$numberLong":"${found}"}` : found;
  });
}
