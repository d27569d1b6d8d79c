import { GraphQLError, GraphQLScalarType, valueFromASTUntyped } from 'graphql';
import type { Json, JsonObject } from '../domain/labels/index.js';

/** Messages never repeat the value: it may be a secret. */
const refuse = (message: string): never => {
  throw new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
};

/** Literals in a query become plain objects, without the null prototype that GraphQL gives them. */
const plain = (value: unknown): Json => (value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json));

const asObject = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (plain(value) as JsonObject)
    : refuse('Expected a JSON object, e.g. {"name": "value"}.');

export const JsonScalar = new GraphQLScalarType<Json, unknown>({
  name: 'JSON',
  description: 'Any JSON value: null, boolean, number, text, list or object.',
  serialize: (value) => value,
  parseValue: plain,
  parseLiteral: (node, variables) => plain(valueFromASTUntyped(node, variables)),
});

export const JsonObjectScalar = new GraphQLScalarType<JsonObject, unknown>({
  name: 'JSONObject',
  description: 'A JSON object: names with values of any kind.',
  serialize: (value) => value,
  parseValue: asObject,
  parseLiteral: (node, variables) => asObject(valueFromASTUntyped(node, variables)),
});

const asSafeInt = (value: unknown): number =>
  Number.isSafeInteger(value) ? (value as number) : refuse('Expected a whole number between -2^53 and 2^53.');

export const SafeIntScalar = new GraphQLScalarType<number, number>({
  name: 'SafeInt',
  description: 'A whole number of up to 53 bits: counts, bytes and event numbers, which outgrow 32 bits.',
  serialize: asSafeInt,
  parseValue: asSafeInt,
  parseLiteral: (node, variables) => asSafeInt(Number(valueFromASTUntyped(node, variables))),
});

/** Inside, times are milliseconds since 1970 (UTC). */
export const DateTimeScalar = new GraphQLScalarType<number, string>({
  name: 'DateTime',
  description: 'A moment in UTC as ISO 8601 text with milliseconds, e.g. "2026-11-24T15:00:00.123Z".',
  serialize: (value) => new Date(value as number).toISOString(),
  parseValue: (value) => {
    const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
    return Number.isNaN(time) ? refuse('Expected a moment as ISO 8601 text.') : time;
  },
});
