import { describe, expect, test } from 'vitest';
import { box, boxes, id, load } from './builders.js';

const place = [0.5, 0.5, 0.1, 0.1];
const sent = [box('a', { source: 'phone', reviewer: 'x', confidence: 0.5 }), box('b')];
const other = { toOtherField: true, sent, current: null };

describe('a load into another field', () => {
  test('writes what came back and nothing more', () => {
    const returned = [box('a', { source: 'phone', label: 'dog' }), box('c')];
    const { labels, merge } = load({ ...other, returned });
    expect(labels).toEqual(returned);
    expect(merge.frames[0]?.joined).toEqual([id('a'), id('c')]);
  });

  test('appends to labels that are there', () => {
    expect(load({ ...other, current: [box('x')], returned: [box('b')] }).labels).toEqual([box('x'), box('b')]);
  });

  test('gives what may not be edited as it was sent', () => {
    const schema = { ...boxes, allow_label_edits: false, allow_spatial_edits: false };
    const { labels, rules } = load({
      ...other,
      schema,
      returned: [box('a', { label: 'dog', box: place, source: 'web' })],
    });
    expect(labels).toEqual([box('a', { source: 'phone' })]);
    expect(rules).toEqual(['LABEL_EDITS_NOT_ALLOWED', 'SPATIAL_EDITS_NOT_ALLOWED', 'READ_ONLY_ATTRIBUTE']);
  });

  test('copies what was sent and keeps new labels out where additions are not allowed', () => {
    const schema = { ...boxes, allow_additions: false };
    const { labels, rules } = load({ ...other, schema, returned: [box('b'), box('c')] });
    expect(labels).toEqual([box('b')]);
    expect(rules).toEqual(['ADDITIONS_NOT_ALLOWED']);
  });

  test('copies deleted labels where deletions are not allowed', () => {
    const { labels, rules } = load({ ...other, schema: { ...boxes, allow_deletions: false }, returned: [box('b')] });
    expect(labels).toEqual([box('b'), box('a', { source: 'phone' })]);
    expect(rules).toEqual(['DELETIONS_NOT_ALLOWED']);
  });

  test('merges with what an earlier load put there', () => {
    const first = load({ ...other, returned: [box('a', { label: 'dog', source: 'phone' }), box('b'), box('c')] });
    const versions = { placed: first.next.sent };
    const here = [...(first.labels ?? []), box('x')];
    const returned = [box('a', { label: 'dog', source: 'phone' }), box('c', { label: 'bird' })];
    const second = load({ ...other, versions, current: here, returned });
    expect(second.labels).toEqual([returned[0], returned[1], box('x')]);
    expect(second.merge.counts).toMatchObject({ unchanged: 1, edited: 1, deleted: 1 });
  });

  test('writes the same twice only once, even where the earlier load is not known', () => {
    const returned = [box('a', { label: 'dog', source: 'phone' }), box('b'), box('c')];
    const first = load({ ...other, returned });
    const second = load({ ...other, current: first.labels, returned });
    expect(second.labels).toEqual(first.labels);
  });

  test('ignores restrictions where it is compatible', () => {
    const schema = { ...boxes, allow_label_edits: false };
    const returned = [box('a', { label: 'dog', source: 'web' })];
    expect(load({ ...other, schema, returned, compatible: true }).labels).toEqual(returned);
  });
});
