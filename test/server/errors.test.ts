import { GraphQLError } from 'graphql';
import { ArgumentValidationError } from 'type-graphql';
import { describe, expect, test } from 'vitest';
import * as errors from '../../domain/errors/index.js';
import { publicError } from '../../server/errors.js';

const bugs: { id: string; cause: unknown }[] = [];
const shown = (error: unknown) => publicError(error, (id, cause) => bugs.push({ id, cause }));
const wrapped = (originalError: Error) =>
  new GraphQLError(originalError.message, {
    originalError: new GraphQLError('once more', { originalError }),
    path: ['annotate'],
  });

/** Every error class that we have, made with texts for all of its nouns. */
const classes = Object.entries(errors).filter(
  ([name, value]) =>
    typeof value === 'function' && value.prototype instanceof errors.AnnotationError && name !== 'AnnotationError',
) as unknown as [string, new (...nouns: unknown[]) => errors.AnnotationError][];

const nouns = (): unknown[] => Array.from({ length: 6 }, () => Object.assign(['noun'], { retryable: false }));

describe('an error of ours', () => {
  test('there are many of them', () => expect(classes.length).toBeGreaterThan(40));

  for (const [name, ErrorClass] of classes) {
    test(`${name} keeps its code and nouns, and tells no stack`, () => {
      const error = new ErrorClass(...nouns());
      if (error.code === undefined) return; // a base class
      const answer = JSON.parse(JSON.stringify(shown(wrapped(error))));
      expect(answer).toEqual({
        message: error.message,
        path: ['annotate'],
        extensions: { code: error.code, details: JSON.parse(JSON.stringify(error.details)) },
      });
      expect(error.code).toMatch(/^[A-Z][A-Z_0-9]*$|noun/);
      expect(bugs).toEqual([]);
    });
  }

  test('does not show its cause', () => {
    const cause = new Error('password is hunter2');
    const error = new errors.BackendError('cvat', 'upload', 'no answer', { retryable: true, cause });
    expect(JSON.stringify(shown(wrapped(error)))).not.toContain('hunter2');
  });
});

describe('anything else', () => {
  test('is a bug: the client gets an id, the log the cause', () => {
    const cause = new TypeError('x is undefined at /secret/path');
    const answer = shown(wrapped(cause));
    const [bug] = bugs.splice(0);
    expect(bug?.cause).toBe(cause);
    expect(answer.extensions).toEqual({ code: 'INTERNAL', details: { id: bug?.id } });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });
});

describe('what GraphQL itself refuses', () => {
  test('has a code also where GraphQL gives none', () => {
    expect(shown(new GraphQLError('Cannot query field "x"')).extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED' });
    expect(shown(new GraphQLError('Syntax Error: Unexpected Name')).extensions).toEqual({
      code: 'GRAPHQL_PARSE_FAILED',
    });
  });

  test('keeps the code that it has', () => {
    const error = new GraphQLError('no', { extensions: { code: 'BAD_USER_INPUT', stacktrace: ['at /secret/path'] } });
    expect(shown(error).extensions).toEqual({ code: 'BAD_USER_INPUT' });
  });

  test('does not repeat the value of a variable', () => {
    const message =
      'Variable "$input" got invalid value { key: "hunter2; x" } at "input.credentials"; Expected a JSON object.';
    expect(shown(new GraphQLError(message)).message).toBe(
      'Variable "$input" got an invalid value at "input.credentials": Expected a JSON object.',
    );
  });

  test('names refused arguments with the reasons, without the values', () => {
    const target = { credentials: 'hunter2' };
    const refused = new ArgumentValidationError([
      {
        target,
        value: 'hunter2',
        property: 'credentials',
        constraints: { isObject: 'must be an object' },
        children: [],
      },
    ]);
    const answer = shown(new GraphQLError(refused.message, { originalError: refused }));
    expect(answer.extensions).toEqual({
      code: 'BAD_USER_INPUT',
      details: { refused: [{ property: 'credentials', constraints: { isObject: 'must be an object' } }] },
    });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  });
});
