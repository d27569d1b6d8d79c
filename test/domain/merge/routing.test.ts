import { describe, expect, test } from 'vitest';
import type { LabelSchema } from '../../../domain/label-schema/types.js';
import { resolveDestinations, routeReturned } from '../../../domain/merge/index.js';

const schema: LabelSchema = {
  boxes: { type: 'detections' },
  locked: { type: 'detections', allow_additions: false },
  'frames.boxes': { type: 'instances' },
  '': {},
};

describe('labels of the type that a field asks for', () => {
  test('are expected, whatever the rule for others', () => {
    expect(routeReturned(schema, 'boxes', 'detections', 'IGNORE')).toEqual({ kind: 'EXPECTED' });
    expect(routeReturned(schema, 'frames.boxes', 'detections', 'KEEP')).toEqual({ kind: 'EXPECTED' });
  });
});

describe('labels of another type', () => {
  test.each(['HOLD', 'RETURN'] as const)('go where %s says', (rule) => {
    expect(routeReturned(schema, 'boxes', 'polylines', rule)).toEqual({ kind: rule });
  });

  test('are kept in a field named after the type, on frames where they came from frames', () => {
    expect(routeReturned(schema, 'boxes', 'polylines', 'KEEP')).toEqual({ kind: 'KEEP', field: 'polylines' });
    expect(routeReturned(schema, 'frames.boxes', 'polylines', 'KEEP')).toEqual({
      kind: 'KEEP',
      field: 'frames.polylines',
    });
  });

  test('are kept where the list names their type, others are dropped', () => {
    expect(routeReturned(schema, 'boxes', 'polylines', ['polylines'])).toEqual({ kind: 'KEEP', field: 'polylines' });
    expect(routeReturned(schema, 'boxes', 'keypoints', ['polylines'])).toEqual({ kind: 'IGNORE', suppressed: false });
  });

  test('go into the field that the map names', () => {
    const map = { polylines: 'outlines' };
    expect(routeReturned(schema, 'boxes', 'polylines', map)).toEqual({ kind: 'KEEP', field: 'outlines' });
    expect(routeReturned(schema, 'frames.boxes', 'polylines', map)).toEqual({ kind: 'KEEP', field: 'frames.outlines' });
    expect(routeReturned(schema, 'boxes', 'keypoints', map)).toEqual({ kind: 'IGNORE', suppressed: false });
  });

  test('are neither kept nor held where additions are not allowed, but returned', () => {
    for (const rule of ['HOLD', 'KEEP', ['polylines'], { polylines: 'x' }] as const)
      expect(routeReturned(schema, 'locked', 'polylines', rule)).toEqual({ kind: 'IGNORE', suppressed: true });
    expect(routeReturned(schema, 'locked', 'polylines', 'RETURN')).toEqual({ kind: 'RETURN' });
  });

  test('are all that comes back without a field or under an unknown one', () => {
    expect(routeReturned(schema, '', 'detections', 'HOLD')).toEqual({ kind: 'HOLD' });
    expect(routeReturned(schema, 'toString', 'detections', 'HOLD')).toEqual({ kind: 'HOLD' });
  });
});

describe('destField', () => {
  const resolved = (...given: Parameters<typeof resolveDestinations>) =>
    Object.fromEntries(resolveDestinations(...given).fields);

  test('left out loads every field into itself', () => {
    expect(resolved(['a', 'b'], null)).toEqual({ a: 'a', b: 'b' });
  });

  test('as a name holds for a run of one field', () => {
    expect(resolved(['a'], 'x')).toEqual({ a: 'x' });
  });

  test('as a name is ignored with a warning where the run has two', () => {
    const { fields, warnings } = resolveDestinations(['a', 'b'], 'x');
    expect(Object.fromEntries(fields)).toEqual({ a: 'a', b: 'b' });
    expect(warnings).toMatchObject([{ code: 'DEST_FIELD_IGNORED' }]);
  });

  test('as a map holds for the fields that it names; others are ignored with a warning', () => {
    const { fields, warnings } = resolveDestinations(['a', 'b'], { a: 'x', nope: 'y' });
    expect(Object.fromEntries(fields)).toEqual({ a: 'x', b: 'b' });
    expect(warnings).toMatchObject([{ code: 'DEST_FIELD_UNKNOWN', field: 'nope' }]);
  });
});
