import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { ArgumentValidationError } from 'type-graphql';
import { AnnotationError } from '../domain/errors/index.js';

/** Told of each error that is a bug of ours: the id that the client was given, and the cause. */
export type ReportBug = (id: string, cause: unknown) => void;

/**
 * The one place where what was thrown becomes what a client sees. Our own errors keep their code, with their nouns as
 * `details`; arguments that a class refused keep the reasons but not the values (they may be secrets); errors of the
 * query itself keep GraphQL's codes. Anything else is a bug: the client gets `INTERNAL` and an id, the log the cause.
 */
export function publicError(error: unknown, reportBug: ReportBug): GraphQLFormattedError {
  const cause = originOf(error);
  const place = error instanceof GraphQLError ? placeOf(error) : {};
  if (cause instanceof AnnotationError) return { message: cause.message, ...place, extensions: ownExtensions(cause) };
  if (cause instanceof ArgumentValidationError)
    return { message: cause.message, ...place, extensions: refusedArguments(cause) };
  if (cause instanceof GraphQLError)
    return { message: withoutValue(cause.message), ...place, extensions: queryExtensions(cause) };
  const id = randomUUID();
  reportBug(id, cause);
  const message = `Something went wrong inside the server. The log has the cause under the id ${id}.`;
  return { message, ...place, extensions: { code: 'INTERNAL', details: { id } } };
}

/** The innermost error: GraphQL wraps what a resolver threw, Apollo wraps that once more. */
function originOf(error: unknown): unknown {
  let inner = error;
  while (inner instanceof GraphQLError && inner.originalError && !(inner instanceof ArgumentValidationError)) {
    inner = inner.originalError;
  }
  return inner;
}

const placeOf = (error: GraphQLError): Pick<GraphQLFormattedError, 'path' | 'locations'> => ({
  ...(error.path ? { path: error.path } : {}),
  ...(error.locations ? { locations: error.locations } : {}),
});

function ownExtensions(error: AnnotationError): Record<string, unknown> {
  return { code: error.code, details: plain(error.details) };
}

/** Nouns as plain JSON: functions, symbols and undefined members go, errors do not travel. */
const plain = (nouns: Record<string, unknown>): unknown =>
  JSON.parse(JSON.stringify(nouns, (_key, value: unknown) => (value instanceof Error ? undefined : value)));

function refusedArguments(error: ArgumentValidationError): Record<string, unknown> {
  const refused = error.extensions.validationErrors ?? [];
  return {
    code: 'BAD_USER_INPUT',
    details: { refused: refused.map(({ property, constraints }) => ({ property, constraints })) },
  };
}

/** Validation outside Apollo (the WebSocket) leaves the code out; a syntax error names itself. */
function queryExtensions(error: GraphQLError): Record<string, unknown> {
  const { code } = error.extensions;
  if (typeof code === 'string' && code !== 'INTERNAL_SERVER_ERROR') return { code };
  return { code: error.message.startsWith('Syntax Error') ? 'GRAPHQL_PARSE_FAILED' : 'GRAPHQL_VALIDATION_FAILED' };
}

/** GraphQL repeats the value of a variable that does not fit; it may be a secret. The place and the reason stay. */
function withoutValue(message: string): string {
  const [, variable, rest] = /^Variable ("\$\w+") got invalid value (.*)$/s.exec(message) ?? [];
  if (!variable || !rest) return message;
  const place = / at ("[^"]*"); /.exec(rest)?.[1];
  const reason = rest.slice(rest.lastIndexOf('; ') + 2);
  return `Variable ${variable} got an invalid value${place ? ` at ${place}` : ''}: ${reason}`;
}
