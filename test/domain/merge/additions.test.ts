import { describe, expect, test } from 'vitest';
import { attributesOf, back, box, boxes, id, load } from './builders.js';

describe('a new label', () => {
  test('follows the existing ones in the order of the payload', () => {
    const { labels, merge } = load({ sent: [box('a')], returned: [box('c'), box('a'), box('b')] });
    expect(labels).toEqual([box('a'), box('c'), box('b')]);
    expect(merge.frames[0]?.joined).toEqual([id('c'), id('b')]);
  });

  test('brings all that the payload carries', () => {
    const added = box('c', { reviewer: 'h1', confidence: 0.5, tags: ['t'] });
    expect(load({ returned: [added] }).labels).toEqual([added]);
  });

  test('fills a field that is null', () => {
    expect(load({ current: null, returned: [box('c')] }).labels).toEqual([box('c')]);
  });

  test('stays out where additions are not allowed', () => {
    const schema = { ...boxes, allow_additions: false };
    const { labels, rules, merge } = load({ schema, sent: [box('a')], returned: [box('a'), box('c')] });
    expect(labels).toEqual([box('a')]);
    expect(rules).toEqual(['ADDITIONS_NOT_ALLOWED']);
    expect(merge.counts).toMatchObject({ refused: 1, refusedDeletions: 0, unchanged: 1 });
  });

  test('leaves a value for a read-only attribute behind', () => {
    const { labels, rules, leftBehind } = load({ returned: [box('c', { source: 'typed', note: 'n' })] });
    expect(attributesOf(labels?.[0])).toEqual({ note: 'n' });
    expect(rules).toEqual(['READ_ONLY_ATTRIBUTE']);
    expect(leftBehind).toEqual([{ id: id('c'), returned: box('c', { source: 'typed', note: 'n' }) }]);
  });

  test('may set read-only attributes in a field that is new', () => {
    const added = box('c', { source: 'typed' });
    expect(load({ schema: { ...boxes, existing_field: false }, returned: [added] }).labels).toEqual([added]);
  });

  test('keeps its read-only values when it was sent for another sample', () => {
    const elsewhere = { isTaken: () => false, origin: () => box('a', { source: 'phone' }) };
    const { labels, rules } = load({ returned: [box('a', { source: 'phone' })], elsewhere });
    expect(labels).toEqual([box('a', { source: 'phone' })]);
    expect(rules).toEqual([]);
  });

  test.each(['not-an-id', id('C').toUpperCase()])('is not taken under the malformed id %s', (key) => {
    const { labels, rules } = load({ returned: [back(box('c'), key)] });
    expect(labels).toEqual([]);
    expect(rules).toEqual(['MALFORMED_ID']);
  });

  test('is not taken without geometry', () => {
    expect(load({ returned: [{ ...box('c'), geometry: null }] }).rules).toEqual(['WRONG_SHAPE']);
  });
});

describe('the id of a new label', () => {
  test('is the one that the label brings, and its key is remembered', () => {
    const { labels, merge, next } = load({ returned: [back(box('d'), id('c'))] });
    expect(labels).toEqual([box('d')]);
    expect(merge.frames[0]?.aliases).toEqual([{ key: id('c'), id: id('d'), fresh: false }]);
    expect(next.aliases.get(id('c'))).toBe(id('d'));
  });

  test('is fresh where it is taken on another sample', () => {
    const { merge } = load({ returned: [box('c')], elsewhere: { isTaken: (wanted) => wanted === id('c') } });
    const [added] = merge.frames[0]?.additions ?? [];
    expect(added?.id).not.toBe(id('c'));
    expect(merge.frames[0]?.aliases).toMatchObject([{ key: id('c'), id: added?.id, fresh: true }]);
  });

  test('is fresh where another label has it here by now', () => {
    const here = box('c', { box: [0, 0, 1, 1] });
    const { labels } = load({ current: [here], returned: [box('c')] });
    expect(labels).toHaveLength(2);
    expect(labels?.[0]).toBe(here);
    expect(labels?.[1]?.id).not.toBe(id('c'));
  });

  test('is fresh for the second of two labels that came back under one sent id', () => {
    const copy = box('a', { box: [0.9, 0.9, 0.1, 0.1] });
    const { labels } = load({ sent: [box('a')], returned: [box('a'), copy] });
    expect(labels?.[0]).toEqual(box('a'));
    expect(labels?.[1]).toEqual({ ...copy, id: labels?.[1]?.id });
    expect(labels?.[1]?.id).not.toBe(id('a'));
  });
});

describe('a field of one label', () => {
  const single = { schema: { ...boxes, type: 'detection' as const }, fieldType: 'Detection' };

  test('takes the first of two new labels', () => {
    const { labels, rules } = load({ ...single, current: null, returned: [box('c'), box('d')] });
    expect(labels).toEqual([box('c')]);
    expect(rules).toEqual(['SINGLE_FIELD_OCCUPIED']);
  });

  test('takes a new label in the place of a deleted one', () => {
    expect(load({ ...single, sent: [box('a')], returned: [box('c')] }).labels).toEqual([box('c')]);
  });

  test('keeps its label where deletions are not allowed', () => {
    const schema = { ...single.schema, allow_deletions: false };
    const { labels, rules } = load({ ...single, schema, sent: [box('a')], returned: [box('c')] });
    expect(labels).toEqual([box('a')]);
    expect(rules).toEqual(['DELETIONS_NOT_ALLOWED', 'SINGLE_FIELD_OCCUPIED']);
  });
});

describe('an empty entry', () => {
  test('makes a null field an empty list', () => {
    expect(load({ current: null, returned: [] }).labels).toEqual([]);
  });

  test('leaves a null field null where additions are not allowed', () => {
    expect(load({ schema: { ...boxes, allow_additions: false }, current: null, returned: [] }).labels).toBeNull();
  });

  test('leaves a null field null where the sample is not complete', () => {
    expect(load({ current: null, returned: [], complete: false }).labels).toBeNull();
  });
});

describe('a missing entry', () => {
  test('leaves a null field null', () => {
    expect(load({ current: null, returned: null }).labels).toBeNull();
  });
});
