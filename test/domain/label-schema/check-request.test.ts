import { describe, expect, test } from 'vitest';
import { checkRequest, type LabelSchemaRequest } from '../../../domain/label-schema/index.js';
import { codeOf, facts, field } from './support.js';

const check = (request: LabelSchemaRequest, mediaType: 'image' | 'video' = 'image') =>
  codeOf(() => checkRequest(request, facts({ 'odd.name': field('Detections') }, { mediaType })));

describe('what FiftyOne takes and the API refuses', () => {
  test.each(['', 'a.b', 'a b', '_private', '1st', 'frames.', 'frames.a.b'])('is a new field named "%s"', (labelField) =>
    expect(check({ labelField }, 'video')).toBe('FIELD_NAME_INVALID'),
  );

  test('is a frame field where there are no frames', () => {
    expect(check({ labelSchema: ['frames.new'] })).toBe('FIELD_NAME_INVALID');
    expect(check({ labelSchema: ['frames.new'] }, 'video')).toBeNull();
  });

  test('is a text in place of a list of classes', () =>
    expect(check({ labelField: 'x', classes: 'abc' })).toBe('CLASSES_INVALID'));

  test('is nothing about fields that exist', () => expect(check({ labelField: 'odd.name' })).toBeNull());
});
