import { describe, expect, test } from 'vitest';
import type { Label } from '../../../domain/labels/index.js';
import { back, box, boxes, id, loadVideo } from './builders.js';

/** Track numbers by frame, in order. */
const numbers = (frames: readonly (readonly Label[] | null)[]) =>
  frames.map((labels) => labels?.map(({ index }) => index) ?? null);

const track = (end: string, index: number | null, label = 'cat') => box(end, { index, label });

describe('track numbers', () => {
  test('stay when the tool numbers the same tracks otherwise', () => {
    const { frames, merge } = loadVideo([
      { sent: [track('a', 1), track('b', 2)], returned: [track('a', 102), track('b', 101)] },
      { sent: [track('c', 1)], returned: [track('c', 102)] },
    ]);
    expect(numbers(frames)).toEqual([[1, 2], [1]]);
    expect(merge.counts.unchanged).toBe(3);
  });

  test('go on after the highest for new tracks, one number a track', () => {
    const { frames } = loadVideo([
      { sent: [track('a', 1)], current: [track('a', 1), track('x', 6)], returned: [track('a', 1), track('c', 2)] },
      { sent: [], current: null, returned: [track('d', 2), track('e', 9)] },
    ]);
    expect(numbers(frames)).toEqual([
      [1, 6, 7],
      [7, 8],
    ]);
  });

  test('follow a track into a frame where it was not', () => {
    const { frames } = loadVideo([
      { sent: [track('a', 4)], returned: [track('a', 1)] },
      { sent: [], current: null, returned: [track('c', 1)] },
    ]);
    expect(numbers(frames)).toEqual([[4], [4]]);
  });

  test('of the second half of a split track are new', () => {
    const { frames } = loadVideo([
      { sent: [track('a', 1)], returned: [track('a', 1)] },
      { sent: [track('b', 1)], returned: [track('b', 9)] },
      { sent: [track('c', 1)], returned: [track('c', 9)] },
    ]);
    expect(numbers(frames)).toEqual([[1], [2], [2]]);
  });

  test('stay where they may not be edited', () => {
    const { frames, merge } = loadVideo(
      [
        { sent: [track('a', 1)], returned: [track('a', 1)] },
        { sent: [track('b', 1)], returned: [track('b', 9)] },
      ],
      { schema: { ...boxes, allow_index_edits: false } },
    );
    expect(numbers(frames)).toEqual([[1], [1]]);
    expect(merge.findings.map(({ rule }) => rule)).toEqual(['INDEX_EDITS_NOT_ALLOWED']);
  });

  test('are erased where they come back empty', () => {
    const { frames } = loadVideo([{ sent: [track('a', 1)], returned: [track('a', null)] }]);
    expect(numbers(frames)).toEqual([[null]]);
  });

  test('keep an edit made here', () => {
    const { frames } = loadVideo([
      { sent: [track('a', 1)], current: [track('a', 40)], returned: [track('a', 1)] },
      { sent: [track('b', 1)], returned: [track('b', 1)] },
    ]);
    expect(numbers(frames)).toEqual([[40], [1]]);
  });

  test('of polygons stay as they come, but a new track does not take one in use', () => {
    const { frames } = loadVideo(
      [
        {
          sent: [track('a', 1), track('b', 2)],
          returned: [track('a', 1), track('c', 2), track('d', 7), track('e', 2)],
        },
      ],
      { schema: { ...boxes, type: 'polygons' } },
    );
    expect(numbers(frames)).toEqual([[1, 8, 7, 8]]);
  });

  test('of single frames that are annotated as images stay as they come', () => {
    const { frames } = loadVideo([{ sent: [track('a', 1)], returned: [track('a', 1), track('c', 77)] }], {
      unit: 'frame',
    });
    expect(numbers(frames)).toEqual([[1, 77]]);
  });
});

describe('ids along a track', () => {
  test('that the tool lost are found again by track and frame', () => {
    const { frames, merge } = loadVideo([
      { sent: [track('a', 1)], returned: [track('a', 5)] },
      { sent: [track('b', 1)], returned: [track('c', 5, 'dog')] },
    ]);
    expect(frames[1]).toEqual([track('b', 1, 'dog')]);
    expect(merge.counts).toMatchObject({ edited: 1, added: 0, deleted: 0 });
  });

  test('that the tool repeated over all frames are found again', () => {
    const { merge } = loadVideo([
      { sent: [track('a', 1)], returned: [track('a', 1)] },
      { sent: [track('b', 1)], returned: [track('a', 1)] },
    ]);
    expect(merge.counts).toMatchObject({ unchanged: 2, added: 0, deleted: 0 });
  });

  test('that came back stay with their labels, even where a new one of the same track comes first', () => {
    const { frames } = loadVideo([{ sent: [track('a', 1)], returned: [track('c', 5, 'dog'), track('a', 5)] }]);
    expect(frames[0]).toEqual([track('a', 1), track('c', 1, 'dog')]);
  });

  test('of a new track that carries one id in all frames become ids of their own', () => {
    const { frames } = loadVideo([
      { sent: [], current: [], returned: [track('c', 8)] },
      { sent: [], current: [], returned: [track('c', 8)] },
    ]);
    const ids = frames.flatMap((labels) => labels?.map((label) => label.id) ?? []);
    expect(new Set([...ids, id('c')]).size).toBe(3);
  });
});

describe('two tracks that come back as one', () => {
  const frames = [
    { sent: [track('a', 1)], returned: [track('a', 5)] },
    { sent: [track('b', 1), track('c', 2, 'dog')], returned: [track('b', 5), track('c', 5, 'dog')] },
  ];

  test('lose no label', () => {
    expect(loadVideo(frames).frames[1]).toEqual([track('b', 1), track('c', 1, 'dog')]);
  });

  test('stay two where numbers may not be edited', () => {
    const { frames: after } = loadVideo(frames, { schema: { ...boxes, allow_index_edits: false } });
    expect(after[1]).toEqual([track('b', 1), track('c', 2, 'dog')]);
  });

  test('collapse as in FiftyOne where the load is compatible, and the loss is reported', () => {
    const { frames: after, merge } = loadVideo(frames, { compatible: true });
    expect(after[1]).toEqual([track('b', 1, 'dog')]);
    expect(merge.findings).toMatchObject([{ rule: 'TRACKS_COLLAPSED', theirs: 1 }]);
  });
});

describe('keyframe marks', () => {
  const marked = (end: string, keyframe?: boolean) => box(end, { index: 1, keyframe });

  test('are taken where the dataset has keyframes', () => {
    const { frames } = loadVideo([{ sent: [marked('a', true)], returned: [marked('a')] }], {
      schema: { ...boxes, only_keyframes: true },
    });
    expect(frames[0]).toEqual([marked('a')]);
  });

  test('stay where the label schema makes them read-only', () => {
    const { frames, merge } = loadVideo([{ sent: [marked('a', true)], returned: [marked('a', false)] }], {
      schema: { ...boxes, only_keyframes: true, attributes: { keyframe: { type: 'checkbox', read_only: true } } },
    });
    expect(frames[0]).toEqual([marked('a', true)]);
    expect(merge.findings).toMatchObject([{ rule: 'READ_ONLY_ATTRIBUTE', attribute: 'keyframe' }]);
  });

  test('are left where it has none, on new labels too', () => {
    const { frames } = loadVideo([
      { sent: [marked('a')], returned: [marked('a', true), { ...marked('c', true), index: 2 }] },
    ]);
    expect(frames[0]?.map(({ attributes }) => attributes)).toEqual([null, null]);
  });
});

describe('a frame that is null', () => {
  test('stays null for an empty entry', () => {
    expect(loadVideo([{ sent: [], current: null, returned: [] }]).frames).toEqual([null]);
  });

  test('is filled by what comes back', () => {
    const { frames } = loadVideo([{ sent: [], current: null, returned: [back(track('c', 3))] }]);
    expect(frames).toEqual([[track('c', 1)]]);
  });
});
