import { InvalidArgumentError } from '../../domain/errors/index.js';
import type { Json, JsonObject } from '../../domain/labels/index.js';

/** Whether a JSON value is an object. */
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Credentials as an object; empty where none were given. The message never repeats them. Throws INVALID_ARGUMENT. */
export function credentialsOf(value: Json | undefined): JsonObject {
  if (value === undefined || value === null) return {};
  if (isObject(value)) return value;
  throw new InvalidArgumentError(
    'credentials',
    'Credentials are an object from the backend\'s own names to values, e.g. {"api_key": "..."}.',
  );
}
