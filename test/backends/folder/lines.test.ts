import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TaskUnit } from '../../../backends/backend.js';
import { lineOfUnit } from '../../../backends/folder/line.js';
import { linesOf } from '../../../backends/folder/lines.js';
import { maskOfRuns, runsOfMask } from '../../../backends/folder/mask-runs.js';
import { LineReader } from '../../../backends/folder/returned-line.js';
import {
  type LabelClass,
  type LabelType,
  labelClasses,
  labelFromDocument,
  type Mask,
  returnTypeOf,
} from '../../../domain/labels/index.js';

const typeOf: Readonly<Record<LabelClass, LabelType>> = {
  Classification: 'classifications',
  Detection: 'instances',
  Polyline: 'polylines',
  Keypoint: 'keypoints',
  Segmentation: 'segmentation',
};

const id = fc.stringMatching(/^[0-9a-f]{24}$/);
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const point = fc.tuple(number, number);
const geometries: Readonly<Record<LabelClass, fc.Arbitrary<object>>> = {
  Classification: fc.constant({}),
  Detection: fc.record({
    bounding_box: fc.tuple(number, number, number, number),
    mask: fc.constantFrom('m1', 'm2', null),
  }),
  Polyline: fc.record({ points: fc.array(fc.array(point, { minLength: 1 }), { minLength: 1 }), closed: fc.boolean() }),
  Keypoint: fc.record({ points: fc.array(fc.oneof(point, fc.constant([null, null])), { minLength: 1 }) }),
  Segmentation: fc.record({ mask: fc.constantFrom('m1', 'm2') }),
};
const attributes = fc.dictionary(
  fc.stringMatching(/^[A-Za-z ü]{1,8}$/).map((name) => `x${name}`),
  fc.jsonValue(),
);
const someLabels = (labelClass: LabelClass) =>
  fc.array(
    fc
      .tuple(fc.record({ id, label: fc.string() }), geometries[labelClass], attributes)
      .map((parts) => Object.assign({}, ...parts) as { id: string }),
  );

const masks: Readonly<Record<string, Mask>> = {
  m1: { shape: [2, 3], element: '|b1', data: [0, 1, 1, 0, 0, 1] },
  m2: { shape: [1, 4], element: '<u2', data: [300, 300, 7, 0] },
};
const readMask = async (hash: string): Promise<Mask> => masks[hash] as Mask;

const unitOf = (fields: TaskUnit['fields']): TaskUnit => ({
  id: 'u1',
  sampleId: 's1',
  mediaPath: '/m/1.jpg',
  mediaType: 'image',
  width: 4,
  height: 2,
  frameRate: null,
  frameCount: null,
  support: null,
  fields,
});

describe('whatever the labels', () => {
  test.each(labelClasses)('%s labels survive being written and read', (labelClass) =>
    fc.assert(
      fc.asyncProperty(someLabels(labelClass), async (labels) => {
        const schema = { type: typeOf[labelClass] };
        const line = await lineOfUnit(unitOf({ truth: { schema, labelClass, labels } }), '/m/1.jpg', readMask);
        const { fields, complete } = new LineReader({ truth: schema }).read(JSON.stringify(line));
        const returned = fields.truth?.[returnTypeOf[schema.type]]?.labels ?? [];
        const documents = returned.map(({ id: key, document }) => {
          const { mask, ...rest } = document;
          const name = typeof mask === 'object' && mask !== null ? nameOf(mask) : null;
          return labelFromDocument(labelClass, name === null ? rest : { ...rest, mask: name }, key as string);
        });
        expect(complete).toBe(true);
        expect(documents).toEqual(labels.map((label) => labelFromDocument(labelClass, label, label.id)));
      }),
    ),
  );

  test('masks of all element types survive as runs', () =>
    fc.assert(
      fc.property(
        fc.constantFrom('|b1', '|u1', '<i4', '<f8' as const),
        fc.integer({ min: 0, max: 9 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 3 })),
        (element, rows, values) => {
          const data = [...values.take(rows * 7)].map((value) =>
            element === '|b1' ? value % 2 : element === '<f8' ? value / 2 : value,
          );
          const mask = maskOfRuns(JSON.parse(JSON.stringify(runsOfMask({ shape: [rows, 7], element, data }))));
          expect({ ...mask, data: [...(mask.data as number[])] }).toEqual({ shape: [rows, 7], element, data });
        },
      ),
    ));
});

const pixels = (mask: Mask): string => JSON.stringify(Array.from(mask.data));
const nameOf = (mask: Mask): string =>
  Object.entries(masks).find(([, known]) => pixels(known) === pixels(mask))?.[0] ?? 'unknown';

test('a colour mask survives as runs', () => {
  const mask: Mask = { shape: [1, 3, 3], element: '|u1', data: [255, 0, 0, 255, 0, 0, 0, 0, 9] };
  const runs = runsOfMask(mask);
  expect(runs).toEqual({
    shape: [1, 3, 3],
    counts: [2, 1],
    values: [
      [255, 0, 0],
      [0, 0, 9],
    ],
  });
  expect([...(maskOfRuns(runs).data as number[])]).toEqual(mask.data);
});

describe('a line', () => {
  const read = (line: unknown, schema: Record<string, { type: LabelType }> = { truth: { type: 'detections' } }) =>
    new LineReader(schema).read(typeof line === 'string' ? line : JSON.stringify(line));
  const box = { bounding_box: [0, 0, 1, 1] };

  test('that lacks a field of the label schema leaves the sample incomplete', () => {
    expect(read({ id: 'a', fields: {} }).complete).toBe(false);
    expect(read({ id: 'a', fields: { truth: { labels: [] } } })).toEqual({
      id: 'a',
      complete: true,
      fields: { truth: {} },
    });
  });

  test('says who worked on it', () => {
    expect(read({ id: 'a', annotator: 'ann', fields: {} }).annotator).toBe('ann');
  });

  test('gives ids only to labels that can be ours', () => {
    const labels = [
      { id: 'new-1', ...box },
      { ...box },
      { id: 'AB'.repeat(12), ...box },
      { id: 'ab'.repeat(12), ...box },
    ];
    const returned = read({ id: 'a', fields: { truth: { labels } } }).fields.truth?.detections?.labels;
    expect(returned?.map(({ id: key }) => key)).toEqual([null, null, null, 'ab'.repeat(12)]);
  });

  test('with labels of other types tells them apart', () => {
    const labels = [
      box,
      { points: [[0, 0]] },
      {
        points: [
          [
            [0, 0],
            [1, 1],
          ],
        ],
      },
      { _cls: 'Classification', label: 'x' },
    ];
    expect(Object.keys(read({ id: 'a', fields: { truth: { labels } } }).fields.truth ?? {}).sort()).toEqual([
      'classifications',
      'detections',
      'keypoints',
      'polylines',
    ]);
  });

  test('with a field that is not asked for passes it on', () => {
    expect(read({ id: 'a', fields: { truth: {}, more: { value: 3 } } }).fields.more).toEqual({ scalar: { value: 3 } });
  });

  test('with frames keeps their numbers', () => {
    const { fields } = read(
      { id: 'a', fields: { 'frames.t': { frames: { 3: [box], 10: [] } } } },
      { 'frames.t': { type: 'detections' } },
    );
    expect([...(fields['frames.t']?.detections?.frames?.keys() ?? [])]).toEqual([3]);
  });

  test.each([
    ['{"id": "a"', 'it is not JSON'],
    ['{"id": "a", "fields": {"truth": {"labels": [{"confidence": NaN}]}}}', 'write null'],
    ['[]', 'the line must be an object'],
    ['{}', '"id"'],
    ['{"id": "a", "fields": []}', '"fields"'],
    ['{"id": "a", "fields": {"truth": []}}', '"truth" must be an object'],
    ['{"id": "a", "fields": {"truth": {"labels": {}}}}', 'must be a list'],
    ['{"id": "a", "fields": {"truth": {"labels": [1]}}}', 'label 1 must be an object'],
    ['{"id": "a", "fields": {"truth": {"frames": {"0": []}}}}', 'frame "0"'],
    ['{"id": "a", "complete": "no", "fields": {}}', '"complete"'],
    [
      '{"id": "a", "fields": {"truth": {"labels": [{"bounding_box": [0,0,1,1], "mask": {"shape": [1, 2], "counts": [3]}}]}}}',
      'add up to 3',
    ],
    [
      '{"id": "a", "fields": {"truth": {"labels": [{"bounding_box": [0,0,1,1], "mask": {"shape": [99999, 99999], "counts": []}}]}}}',
      'at most',
    ],
    [
      '{"id": "a", "fields": {"truth": {"labels": [{"bounding_box": [0,0,1,1], "mask": {"shape": [1, 2], "counts": [2], "values": ["a"]}}]}}}',
      '"values"',
    ],
  ])('that is wrong says how: %s', (line, message) => {
    expect(() => read(line)).toThrow(message);
  });
});

describe('the lines of a file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annogate-lines-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const linesIn = async (text: string): Promise<[number, string][]> => {
    await writeFile(join(folder, 'file'), text);
    const file = await open(join(folder, 'file'));
    const lines: [number, string][] = [];
    for await (const line of linesOf(file)) lines.push([line.number, line.text]);
    await file.close();
    return lines;
  };

  test('keep their numbers over empty lines, carriage returns and a byte order mark', async () => {
    expect(await linesIn('\uFEFF{"a":1}\r\n\r\n  \n{"b":2}')).toEqual([
      [1, '{"a":1}'],
      [4, '{"b":2}'],
    ]);
  });

  test('are whole where they are longer than what is read at once', async () => {
    const long = ['ä'.repeat(200_000), 'b'.repeat(262_143), 'c'.repeat(600_000), 'd'];
    expect((await linesIn(long.join('\n'))).map(([, text]) => text)).toEqual(long);
  });
});
