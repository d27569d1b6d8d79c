import { describe, expect, test } from 'vitest';
import { holdsDeletions } from '../../../domain/merge/index.js';
import { box, boxes, id, load } from './builders.js';

const two = [box('a'), box('b')];

describe('a label that did not come back', () => {
  test('is deleted', () => {
    const { labels, merge } = load({ sent: two, returned: [box('b')] });
    expect(labels).toEqual([box('b')]);
    expect(merge.counts).toMatchObject({ deleted: 1, unchanged: 1, sent: 2, returned: 1 });
  });

  test('is deleted where the payload has no entry at all', () => {
    expect(load({ sent: two, returned: null }).labels).toEqual([]);
  });

  test('stays where the sample is not complete', () => {
    const { labels, merge } = load({ sent: two, returned: [box('b')], complete: false });
    expect(labels).toEqual(two);
    expect(merge.counts).toMatchObject({ notReturned: 1, deleted: 0 });
  });

  test('stays where deletions are not allowed', () => {
    const { labels, findings } = load({
      schema: { ...boxes, allow_deletions: false },
      sent: two,
      returned: [box('b')],
    });
    expect(labels).toEqual(two);
    expect(findings).toMatchObject([{ kind: 'REFUSED', rule: 'DELETIONS_NOT_ALLOWED', labelId: id('a') }]);
  });

  test('stays when it was never sent', () => {
    expect(load({ sent: [box('a')], current: two, returned: [box('a')] }).labels).toEqual(two);
  });

  test('waits for a decision where the deletions of the task are held', () => {
    const { labels, findings, leftBehind } = load({ sent: two, returned: [], holdDeletions: true });
    expect(labels).toEqual(two);
    expect(findings).toMatchObject([
      { kind: 'HELD_DELETION', rule: 'MANY_DELETIONS', outcome: 'held' },
      { kind: 'HELD_DELETION', rule: 'MANY_DELETIONS', outcome: 'held' },
    ]);
    expect(leftBehind.map(({ returned }) => returned)).toEqual([null, null]);
  });

  test('is held once, not again at every load', () => {
    const first = load({ sent: two, returned: [], holdDeletions: true });
    const second = load({ from: first.next, current: two, returned: [] });
    expect(second.labels).toEqual(two);
    expect(second.findings).toEqual([]);
    const third = load({ from: second.next, current: two, returned: [] });
    expect(third.labels).toEqual(two);
  });
});

describe('deletions of a task', () => {
  test.each([
    { sent: 38, deletions: 20, held: true },
    { sent: 40, deletions: 20, held: false },
    { sent: 30, deletions: 19, held: false },
    { sent: 20, deletions: 20, held: true },
  ])('of $deletions of $sent labels are held: $held', ({ sent, deletions, held }) => {
    expect(holdsDeletions({ sent, deletions }, false)).toBe(held);
  });

  test('are never held where the load is compatible', () => {
    expect(holdsDeletions({ sent: 100, deletions: 100 }, true)).toBe(false);
  });
});
