import type { Json, ScalarType } from '../labels/index.js';

/** The type that a new scalar field takes from its first value; null where the value is no scalar. */
export function scalarTypeOf(value: Json): ScalarType | null {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return null;
}

/** The value as a field of the type stores it (a fraction loses its digits in an int field); undefined where it does not fit. */
export function fitScalar(type: ScalarType | null, value: Json): Json | undefined {
  if (value === null) return null;
  const given = scalarTypeOf(value);
  if (given === null) return undefined;
  if (type === null || type === given) return value;
  if (type === 'float' && given === 'int') return value;
  if (type === 'int' && given === 'float') return Math.trunc(value as number);
  return undefined;
}
