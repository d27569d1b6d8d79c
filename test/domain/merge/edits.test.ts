import { describe, expect, test } from 'vitest';
import { type LabelDocument, labelFromDocument } from '../../../domain/labels/index.js';
import { attributesOf, back, box, boxes, id, load } from './builders.js';

const moved = [0.5, 0.5, 0.1, 0.1];

describe('an edited label', () => {
  test('gets the class, place and attributes that came back', () => {
    const edited = box('a', { label: 'dog', box: moved, note: 'seen' });
    expect(load({ sent: [box('a')], returned: [edited] }).labels).toEqual([edited]);
  });

  test('keeps what the label schema does not ask for', () => {
    const sent = box('a', { reviewer: 'h1', confidence: 0.5, tags: ['t'] });
    const returned = box('a', { label: 'dog', reviewer: 'other', confidence: 0.9, tags: ['u'] });
    expect(load({ sent: [sent], returned: [returned] }).labels).toEqual([{ ...sent, label: 'dog' }]);
  });

  test('loses a declared attribute that did not come back', () => {
    const { labels } = load({
      sent: [box('a', { note: 'n', size: 'small' })],
      returned: [box('a', { size: 'small' })],
    });
    expect(attributesOf(labels?.[0])).toEqual({ size: 'small' });
  });

  test('keeps what did not come back where the backend says what was present', () => {
    const sent = box('a', { note: 'n', size: 'small' });
    const returned = { ...back(box('a', { label: null, size: 'large', box: moved })), present: ['size'] };
    const { labels } = load({ sent: [sent], returned: [returned] });
    expect(labels).toEqual([box('a', { note: 'n', size: 'large' })]);
  });

  test('keeps its track number on an image when none comes back', () => {
    const sent = box('a', { index: 4 });
    expect(load({ sent: [sent], returned: [box('a')] }).merge.counts).toMatchObject({ unchanged: 1, edited: 0 });
  });

  test('has an attribute of the older kind edited where it lives', () => {
    const old = { _cls: 'CategoricalAttribute', value: 'v1' };
    const { labels } = load({ sent: [box('a', { attributes: { note: old } })], returned: [box('a', { note: 'v2' })] });
    expect(attributesOf(labels?.[0])).toEqual({ attributes: { note: { ...old, value: 'v2' } } });
  });

  test('takes the attributes of its new class', () => {
    const schema = { ...boxes, classes: ['cat', { classes: ['dog'], attributes: { breed: { type: 'text' } } }] };
    const sent = [box('a'), box('b', { label: 'dog', breed: 'x' })];
    const returned = [box('a', { label: 'dog', breed: 'y', note: 'n' }), box('b', { breed: 'z' })];
    const { labels } = load({ schema, sent, returned });
    expect(labels?.map(attributesOf)).toEqual([{ breed: 'y', note: 'n' }, { breed: 'x' }]);
  });

  test('is not taken when its geometry is of another kind, and the rest goes on', () => {
    const broken = { ...box('a'), geometry: '{"points":[[[0,0],[1,1]]]}' };
    const { labels, rules, merge } = load({
      sent: [box('a'), box('b')],
      returned: [broken, box('b', { label: 'dog' })],
    });
    expect(labels).toEqual([box('a'), box('b', { label: 'dog' })]);
    expect(rules).toEqual(['WRONG_SHAPE']);
    expect(merge.counts).toMatchObject({ invalid: 1, edited: 1 });
  });
});

describe('a rule', () => {
  test('keeps the class where only places may be edited', () => {
    const schema = { ...boxes, allow_label_edits: false };
    const { labels, findings } = load({ schema, sent: [box('a')], returned: [box('a', { label: 'dog', box: moved })] });
    expect(labels).toEqual([box('a', { box: moved })]);
    expect(findings).toMatchObject([
      { kind: 'REFUSED', rule: 'LABEL_EDITS_NOT_ALLOWED', what: 'label', ours: 'cat', theirs: 'dog' },
    ]);
  });

  test('keeps the place where only classes may be edited', () => {
    const schema = { ...boxes, allow_spatial_edits: false };
    const { labels, rules } = load({ schema, sent: [box('a')], returned: [box('a', { label: 'dog', box: moved })] });
    expect(labels).toEqual([box('a', { label: 'dog' })]);
    expect(rules).toEqual(['SPATIAL_EDITS_NOT_ALLOWED']);
  });

  test('keeps a read-only attribute and says so', () => {
    const sent = box('a', { source: 'phone' });
    const { labels, findings } = load({ sent: [sent], returned: [box('a', { source: 'web' })] });
    expect(labels).toEqual([sent]);
    expect(findings).toMatchObject([
      { rule: 'READ_ONLY_ATTRIBUTE', what: 'attribute', attribute: 'source', ours: 'phone', theirs: 'web' },
    ]);
  });

  test('holds for an attribute that is named like a part of the label', () => {
    const schema = { ...boxes, allow_label_edits: false, attributes: { label: { type: 'text' } } };
    expect(load({ schema, sent: [box('a')], returned: [box('a', { label: 'dog' })] }).labels).toEqual([box('a')]);
  });

  test('lets a declared confidence be edited', () => {
    const schema = { ...boxes, attributes: { confidence: { type: 'text' } } };
    const { labels } = load({ schema, sent: [box('a')], returned: [box('a', { confidence: 0.75 })] });
    expect(labels).toEqual([box('a', { confidence: 0.75 })]);
  });
});

describe('rounding by the backend', () => {
  const sent = box('a', { box: [0.12345, 0.2, 0.3, 0.4], note: 0.333333 });
  const rounded = box('a', { box: [0.123, 0.2, 0.3, 0.4], note: 0.3333 });

  test('is no edit', () => {
    const { merge } = load({ sent: [sent], returned: [rounded], tolerance: 0.001 });
    expect(merge.frames).toEqual([]);
    expect(merge.counts.unchanged).toBe(1);
  });

  test('is an edit where the backend is exact', () => {
    expect(load({ sent: [sent], returned: [rounded] }).labels).toEqual([rounded]);
  });

  test('is not written with an edit of another part', () => {
    const { labels } = load({ sent: [sent], returned: [{ ...rounded, label: 'dog' }], tolerance: 0.001 });
    expect(labels).toEqual([{ ...sent, label: 'dog' }]);
  });

  test('is not written with an edit of another number of the same part', () => {
    const { labels } = load({
      sent: [sent],
      returned: [{ ...rounded, geometry: box('a', { box: [0.123, 0.5, 0.3, 0.4] }).geometry }],
      tolerance: 0.001,
    });
    expect(labels).toEqual([box('a', { box: [0.12345, 0.5, 0.3, 0.4], note: 0.333333 })]);
  });

  test.each([
    [
      'a point is put in',
      [
        [0.111, 0.2],
        [0.5, 0.5],
        [0.333, 0.4],
      ],
      [
        [0.11111, 0.2],
        [0.5, 0.5],
        [0.33333, 0.4],
      ],
    ],
    ['a point is taken out', [[0.333, 0.4]], [[0.33333, 0.4]]],
    [
      'a point is moved',
      [
        [0.111, 0.2],
        [0.5, 0.4],
      ],
      [
        [0.11111, 0.2],
        [0.5, 0.4],
      ],
    ],
    ['a path is added', null, null],
  ])('is not written where %s', (_, returned, expected) => {
    const line = (...points: unknown[]) =>
      labelFromDocument('Polyline', { label: 'cat', points } as LabelDocument, id('a'));
    const path = [
      [0.11111, 0.2],
      [0.33333, 0.4],
    ];
    const [after, result] = returned
      ? [[returned], [expected]]
      : [
          [
            [
              [0.111, 0.2],
              [0.333, 0.4],
            ],
            [[0, 0]],
          ],
          [path, [[0, 0]]],
        ];
    const { labels } = load({
      schema: { ...boxes, type: 'polylines' },
      fieldType: 'Polylines',
      sent: [line(path)],
      returned: [line(...after)],
      tolerance: 0.001,
    });
    expect(labels).toEqual([line(...result)]);
  });
});
