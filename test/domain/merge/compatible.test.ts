import { describe, expect, test } from 'vitest';
import { box, boxes, id, load } from './builders.js';

const compatible = true;

describe('a compatible load', () => {
  test('overwrites what changed here, even where the annotators did not touch it', () => {
    const { labels } = load({
      sent: [box('a')],
      current: [box('a', { label: 'bird' })],
      returned: [box('a')],
      compatible,
    });
    expect(labels).toEqual([box('a')]);
  });

  test('deletes what changed here', () => {
    const current = [box('a', { label: 'bird' })];
    expect(load({ sent: [box('a')], current, returned: [], compatible }).labels).toEqual([]);
  });

  test('brings labels back into a field that was cleared', () => {
    const returned = [box('a'), box('b', { label: 'dog' })];
    const { labels, merge } = load({ sent: [box('a'), box('b')], current: null, returned, compatible });
    expect(labels).toEqual(returned);
    expect(merge.frames[0]?.joined).toEqual([id('a'), id('b')]);
  });

  test('drops the edit of a label that was deleted, and says so', () => {
    const { labels, rules } = load({
      sent: [box('a')],
      current: [],
      returned: [box('a', { label: 'dog' })],
      compatible,
    });
    expect(labels).toEqual([]);
    expect(rules).toEqual(['DELETED_HERE_EDITED_THERE']);
  });

  test('does not restore a label that an earlier load deleted', () => {
    const versions = { departed: [box('a')] };
    expect(load({ current: [], returned: [box('a')], versions, compatible }).labels).toEqual([]);
    expect(load({ current: null, returned: [box('a')], versions, compatible }).labels).toEqual([box('a')]);
  });

  test('lets new labels set read-only attributes', () => {
    const added = box('c', { source: 'typed' });
    expect(load({ returned: [added], compatible }).labels).toEqual([added]);
  });

  test('erases a track number of an image label that did not come back', () => {
    expect(load({ sent: [box('a', { index: 4 })], returned: [box('a')], compatible }).labels).toEqual([box('a')]);
  });

  test('lets attributes named like parts overwrite them', () => {
    const schema = {
      ...boxes,
      allow_label_edits: false,
      allow_spatial_edits: false,
      attributes: { label: { type: 'text' }, bounding_box: { type: 'text' } },
    };
    const edited = box('a', { label: 'dog', box: [0, 0, 1, 1] });
    expect(load({ schema, sent: [box('a')], returned: [edited], compatible }).labels).toEqual([edited]);
  });

  test('never holds deletions', () => {
    expect(load({ sent: [box('a')], returned: [], holdDeletions: true, compatible }).labels).toEqual([]);
  });

  test('still never writes what is forbidden', () => {
    const schema = { ...boxes, allow_label_edits: false };
    expect(load({ schema, sent: [box('a')], returned: [box('a', { label: 'dog' })], compatible }).labels).toEqual([
      box('a'),
    ]);
  });
});
