import { describe, expect, test } from 'vitest';
import { back, box, boxes, id, load } from './builders.js';

describe('the same payload again', () => {
  const again = (first: ReturnType<typeof load>, given: Parameters<typeof load>[0]) =>
    load({ ...given, from: first.next, current: first.labels });

  test('changes nothing after additions, edits and deletions', () => {
    const given = { sent: [box('a'), box('b')], returned: [box('a', { label: 'dog' }), box('c', { source: 'typed' })] };
    const second = again(load(given), given);
    expect(second.merge.counts).toMatchObject({ unchanged: 2, added: 0, edited: 0, deleted: 0, refused: 0 });
    expect(second.labels).toEqual(load(given).labels);
  });

  test('does not repeat a refused edit', () => {
    const given = { sent: [box('a', { source: 'x' })], returned: [box('a', { source: 'y' })] };
    const second = again(load(given), given);
    expect(second.findings).toEqual([]);
    expect(second.merge.counts.unchanged).toBe(1);
  });

  test('does not repeat a conflict', () => {
    const given = { sent: [box('a')], current: [box('a', { label: 'bird' })], returned: [box('a', { label: 'dog' })] };
    const second = again(load(given), given);
    expect(second.findings).toEqual([]);
    expect(second.labels).toEqual([box('a', { label: 'bird' })]);
  });

  test('does not add a label twice that got another id', () => {
    const given = { sent: [], current: [box('c', { label: 'dog' })], returned: [box('c')] };
    const second = again(load(given), given);
    expect(second.labels).toHaveLength(2);
    const third = load({ ...given, from: second.next, current: second.labels });
    expect(third.labels).toEqual(second.labels);
  });

  test('does not bring a label back that was deleted here', () => {
    const given = { sent: [box('a')], current: [], returned: [box('a')] };
    expect(again(load(given), given).labels).toEqual([]);
  });

  test('refuses additions again, as often as they are asked for', () => {
    const given = { schema: { ...boxes, allow_additions: false }, returned: [box('c')] };
    expect(again(load(given), given).rules).toEqual(['ADDITIONS_NOT_ALLOWED']);
  });
});

describe('a later payload', () => {
  test('edits a label that an earlier one added', () => {
    const first = load({ returned: [box('c')] });
    expect(load({ from: first.next, current: first.labels, returned: [box('c', { label: 'dog' })] }).labels).toEqual([
      box('c', { label: 'dog' }),
    ]);
  });

  test('deletes a label that an earlier one added', () => {
    const first = load({ returned: [back(box('d'), id('c'))] });
    expect(load({ from: first.next, current: first.labels, returned: [] }).labels).toEqual([]);
  });

  test('restores a label that an earlier one deleted, with all that it had', () => {
    const sent = box('a', { source: 'phone', reviewer: 'x' });
    const first = load({ sent: [sent], returned: [] });
    const restored = load({
      from: first.next,
      current: first.labels,
      returned: [box('a', { source: 'phone', note: 'back' })],
      versions: { departed: [sent] },
    });
    expect(restored.labels).toEqual([box('a', { source: 'phone', reviewer: 'x', note: 'back' })]);
    expect(restored.findings).toEqual([]);
  });

  test('keeps edits made here between the loads', () => {
    const given = { sent: [box('a')], returned: [box('a', { label: 'dog' })] };
    const first = load(given);
    const here = [box('a', { label: 'bird' })];
    expect(load({ ...given, from: first.next, current: here }).labels).toEqual(here);
  });

  test('is no edit of ours where an incomplete sample left a label out before', () => {
    const here = [box('a', { label: 'bird' })];
    const first = load({ sent: [box('a')], current: here, returned: [], complete: false });
    expect(load({ from: first.next, current: first.labels, returned: [box('a')] }).labels).toEqual(here);
  });

  test('takes a deletion back without touching what changed here', () => {
    const here = [box('a', { label: 'bird' })];
    const first = load({ sent: [box('a')], current: here, returned: [] });
    const second = load({ from: first.next, current: first.labels, returned: [box('a')] });
    expect(second.labels).toEqual(here);
    expect(second.leftBehind).toEqual([{ id: id('a'), returned: box('a') }]);
  });

  test('may take back a deletion that was held', () => {
    const first = load({ sent: [box('a')], returned: [], holdDeletions: true });
    const second = load({ from: first.next, current: first.labels, returned: [box('a')] });
    expect(second.labels).toEqual([box('a')]);
    expect(second.next).toMatchObject({ sent: [box('a')], deletedThere: new Set() });
  });
});
