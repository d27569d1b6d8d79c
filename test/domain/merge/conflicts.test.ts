import { describe, expect, test } from 'vitest';
import type { ConflictPolicy } from '../../../domain/merge/index.js';
import { box, boxes, id, load } from './builders.js';

const place = [0.5, 0.5, 0.1, 0.1];

describe('a label that changed here and there', () => {
  test('takes both edits where they are of different parts', () => {
    const { labels, findings } = load({
      sent: [box('a')],
      current: [box('a', { box: place })],
      returned: [box('a', { label: 'dog' })],
    });
    expect(labels).toEqual([box('a', { box: place, label: 'dog' })]);
    expect(findings).toEqual([]);
  });

  test('takes both edits where they are of different attributes', () => {
    const { labels } = load({
      sent: [box('a', { note: 'n', size: 'small' })],
      current: [box('a', { note: 'here', size: 'small' })],
      returned: [box('a', { note: 'n', size: 'large' })],
    });
    expect(labels).toEqual([box('a', { note: 'here', size: 'large' })]);
  });

  test('has no conflict where both made the same edit', () => {
    const dog = [box('a', { label: 'dog' })];
    const { merge } = load({ sent: [box('a')], current: dog, returned: dog });
    expect(merge.findings).toEqual([]);
    expect(merge.counts.unchanged).toBe(1);
  });

  test('keeps the edit made here where the annotators did not touch it', () => {
    const here = [box('a', { label: 'dog', box: place, note: 'here', reviewer: 'x' })];
    const { labels, merge } = load({ sent: [box('a')], current: here, returned: [box('a')] });
    expect(labels).toEqual(here);
    expect(merge.counts).toMatchObject({ unchanged: 1, conflicting: 0 });
  });

  test.each<{ policy: ConflictPolicy; label: string; outcome: string }>([
    { policy: 'THEIRS', label: 'dog', outcome: 'took theirs' },
    { policy: 'OURS', label: 'bird', outcome: 'kept ours' },
    { policy: 'HOLD', label: 'bird', outcome: 'held' },
  ])('is a conflict where the same part differs: $policy leaves $label', ({ policy, label, outcome }) => {
    const versions = {
      sent: [box('a')],
      current: [box('a', { label: 'bird' })],
      returned: [box('a', { label: 'dog' })],
    };
    const { labels, findings, merge } = load({ ...versions, policy });
    expect(labels).toEqual([box('a', { label })]);
    expect(findings).toMatchObject([
      { kind: 'CONFLICT', rule: 'CHANGED_ON_BOTH_SIDES', what: 'label', ours: 'bird', theirs: 'dog', outcome },
    ]);
    expect(merge.counts.conflicting).toBe(1);
  });

  test('is refused, no conflict, where the edit is forbidden anyway', () => {
    const schema = { ...boxes, allow_label_edits: false };
    const versions = {
      sent: [box('a')],
      current: [box('a', { label: 'bird' })],
      returned: [box('a', { label: 'dog' })],
    };
    expect(load({ ...versions, schema, policy: 'THEIRS' }).rules).toEqual(['LABEL_EDITS_NOT_ALLOWED']);
  });
});

describe('a label deleted here', () => {
  const gone = { sent: [box('a', { reviewer: 'x' })], current: [] };

  test('stays deleted where the annotators did not touch it', () => {
    const { labels, findings } = load({ ...gone, returned: [box('a')], policy: 'THEIRS' });
    expect(labels).toEqual([]);
    expect(findings).toEqual([]);
  });

  test.each<ConflictPolicy>(['OURS', 'HOLD'])('stays deleted where they edited it and the policy is %s', (policy) => {
    const { labels, rules, leftBehind } = load({ ...gone, returned: [box('a', { label: 'dog' })], policy });
    expect(labels).toEqual([]);
    expect(rules).toEqual(['DELETED_HERE_EDITED_THERE']);
    expect(leftBehind).toEqual([{ id: id('a'), returned: box('a', { label: 'dog', reviewer: 'x' }) }]);
  });

  test('comes back whole where they edited it and the policy is THEIRS', () => {
    const { labels } = load({ ...gone, returned: [box('a', { label: 'dog' })], policy: 'THEIRS' });
    expect(labels).toEqual([box('a', { label: 'dog', reviewer: 'x' })]);
  });

  test('stays deleted where nobody may add labels', () => {
    const schema = { ...boxes, allow_additions: false };
    const { labels } = load({ ...gone, schema, returned: [box('a', { label: 'dog' })], policy: 'THEIRS' });
    expect(labels).toEqual([]);
  });

  test('has nothing to decide where it was deleted there too', () => {
    const { merge } = load({ ...gone, returned: [] });
    expect(merge.findings).toEqual([]);
    expect(merge.counts.notReturned).toBe(1);
  });

  test('stays deleted with the whole field', () => {
    const { labels } = load({
      sent: [box('a'), box('b')],
      current: null,
      returned: [box('a', { label: 'dog' }), box('b')],
    });
    expect(labels).toBeNull();
  });
});

describe('a label changed here and deleted there', () => {
  test.each<{ policy: ConflictPolicy; left: number }>([
    { policy: 'THEIRS', left: 0 },
    { policy: 'OURS', left: 1 },
    { policy: 'HOLD', left: 1 },
  ])('is a conflict; $policy leaves $left', ({ policy, left }) => {
    const { labels, rules } = load({ sent: [box('a')], current: [box('a', { tags: ['t'] })], returned: [], policy });
    expect(labels).toHaveLength(left);
    expect(rules).toEqual(['CHANGED_HERE_DELETED_THERE']);
  });
});

describe('a label added on both sides', () => {
  test('is one label where both are the same', () => {
    const added = box('c', { note: 'n' });
    const { labels, merge } = load({ current: [{ ...added, confidence: 0.5 }], returned: [added] });
    expect(labels).toEqual([{ ...added, confidence: 0.5 }]);
    expect(merge.counts.unchanged).toBe(1);
    expect(merge.frames[0]?.joined).toEqual([id('c')]);
  });
});
