import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  attributesOf,
  canonicalJson,
  geometryOf,
  type JsonObject,
  type Label,
  labelFromDocument,
  maskHashOf,
  type WholeSample,
} from '../../../domain/labels/index.js';
import { cocoFormat } from '../../../formats/coco/format.js';
import { fiftyOneFormat } from '../../../formats/fiftyone/format.js';
import type { DatasetHeader } from '../../../formats/format.js';
import { Canvas } from '../../support/draw.js';
import { type HeldDataset, readDataset, temporaryFolders, writeDataset } from '../../support/format-trip.js';
import { MemoryMasks } from '../../support/mask-intake.js';

const newFolder = temporaryFolders();

interface File {
  images?: JsonObject[];
  annotations?: JsonObject[];
  categories?: JsonObject[] | null;
  [member: string]: unknown;
}

const anImage = { id: 1, file_name: 'a.png', width: 20, height: 10 };
const aBox = { id: 5, image_id: 1, category_id: 3, bbox: [2, 1, 10, 5], area: 50, iscrowd: 0 };

/** A folder with one COCO file: an image of 20 x 10 pixels with a box of class "cat", but for what is given. */
function cocoFile(file: File = {}): string {
  const folder = newFolder();
  const whole: File = { images: [anImage], annotations: [aBox], categories: [{ id: 3, name: 'cat' }], ...file };
  if (whole.categories === null) delete whole.categories;
  writeFileSync(join(folder, 'labels.json'), JSON.stringify(whole));
  for (const name of ['a.png', 'b.png']) new Canvas(20, 10).save(join(folder, name));
  return folder;
}

const annotated = (...annotations: JsonObject[]): string =>
  cocoFile({ annotations: annotations.map((annotation) => ({ ...aBox, ...annotation })) });
const read = (path: string, options: JsonObject = {}, mediaRoot?: string) =>
  readDataset(cocoFormat, path, mediaRoot === undefined ? { options } : { options, mediaRoot });
const labels = (held: HeldDataset, field = 'ground_truth'): readonly Label[] =>
  held.samples.flatMap((sample) => sample.fields.get(field)?.labels ?? []);
const first = (held: HeldDataset, field?: string): Label => labels(held, field)[0] as Label;
const complaint = (action: Promise<unknown>) =>
  action.then(
    () => null,
    (error: unknown) => error,
  );

describe('a box', () => {
  test('is relative to its image, wherever it lies', async () => {
    const held = await read(annotated({ id: 5 }, { id: 6, bbox: [-4, 0, 40, 10.5] }));
    expect(labels(held).map((label) => geometryOf(label).bounding_box)).toEqual([
      [0.1, 0.1, 0.5, 0.5],
      [-0.2, 0, 2, 1.05],
    ]);
    expect(first(held)).toMatchObject({ label: 'cat', confidence: null, index: null });
  });

  test('has an id that depends on its file alone and tells the annotation', async () => {
    const [a, b] = [await read(annotated({ id: 300 })), await read(annotated({ id: 300 }))];
    expect(first(a).id).toMatch(/^c0c0[0-9a-f]{8}00000000012c$/);
    expect(first(b).id).toBe(first(a).id);
  });

  test('keeps what else the annotation says as attributes', async () => {
    const held = await read(
      annotated({ iscrowd: 1, attributes: { occluded: true, label: 'mine' }, track_id: 4, score: 0.5 }),
    );
    expect(attributesOf(first(held))).toEqual({ iscrowd: 1, occluded: true, track_id: 4, coco_label: 'mine' });
    expect(first(held).confidence).toBe(0.5);
    expect(held.report).toEqual([expect.objectContaining({ code: 'ATTRIBUTE_RENAMED', count: 1 })]);
  });
});

describe('segmentations', () => {
  const polygon = [[2, 1, 12, 1, 12, 6, 2, 6]];

  test('of polygons become masks inside the box', async () => {
    const held = await read(annotated({ segmentation: polygon }));
    const mask = await held.masks.pixels(maskHashOf(first(held)) ?? '');
    expect(mask.shape).toEqual([5, 10]);
    expect([...(mask.data as Uint8Array)].every((value) => value === 1)).toBe(true);
    expect(geometryOf(first(held)).bounding_box).toEqual([0.1, 0.1, 0.5, 0.5]);
  });

  test('of polygons become filled polylines when asked for', async () => {
    for (const options of [{ usePolylines: true }, { useMasks: false }]) {
      const held = await read(annotated({ segmentation: [...polygon, [0, 0, 1, 1], [], [0, 0, 4, 0, 4, 4]] }), options);
      expect(held.header.fields).toEqual([{ name: 'ground_truth', type: 'Polylines', document: null }]);
      expect(geometryOf(first(held))).toEqual({
        points: [
          [
            [0.1, 0.1],
            [0.6, 0.1],
            [0.6, 0.6],
            [0.1, 0.6],
          ],
          [
            [0, 0],
            [0.2, 0],
            [0.2, 0.4],
          ],
        ],
        closed: false,
        filled: true,
      });
    }
  });

  test('of run lengths that stick out of the box take their own extent as box, so that no pixel is lost', async () => {
    const counts = [0, 200]; // everything
    const held = await read(annotated({ segmentation: { size: [10, 20], counts } }));
    expect(geometryOf(first(held)).bounding_box).toEqual([0, 0, 1, 1]);
    expect((await held.masks.pixels(maskHashOf(first(held)) ?? '')).shape).toEqual([10, 20]);
    expect(held.report).toEqual([expect.objectContaining({ code: 'BOX_SMALLER_THAN_MASK', count: 1 })]);
  });

  test('of run lengths may not lose the one pixel that sticks out; of polygons, whose edges are drawn, they may', async () => {
    const sticksOut = await read(
      annotated({ bbox: [2, 1, 9, 5], segmentation: { size: [10, 20], counts: [21, 5, 85, 5, 84] } }),
    );
    expect(geometryOf(first(sticksOut)).bounding_box).toEqual([0.1, 0.1, 0.5, 0.5]);
    const drawn = await read(annotated({ bbox: [2, 1, 9, 5], segmentation: polygon }));
    expect(geometryOf(first(drawn)).bounding_box).toEqual([0.1, 0.1, 0.45, 0.5]);
    expect((await drawn.masks.pixels(maskHashOf(first(drawn)) ?? '')).shape).toEqual([5, 9]);
  });

  test('of run lengths are not turned into polylines, and that is reported', async () => {
    const held = await read(annotated({ segmentation: { size: [10, 20], counts: [0, 200] } }), { usePolylines: true });
    expect(labels(held)).toEqual([]);
    expect(held.report).toEqual([expect.objectContaining({ code: 'RLE_NOT_AS_POLYLINE', count: 1 })]);
  });

  test('that are empty leave a box', async () => {
    for (const segmentation of [[], [[]], [[1, 2, 3, 4]]]) {
      const held = await read(annotated({ segmentation }));
      expect(geometryOf(first(held))).toEqual({ bounding_box: [0.1, 0.1, 0.5, 0.5] });
    }
  });

  test.each([
    ['for another size', { size: [5, 5], counts: [25] }, /segmentation$/],
    ['that do not add up', { size: [10, 20], counts: [199] }, /segmentation$/],
    ['of strange text', { size: [10, 20], counts: '\u0001' }, /counts$/],
    ['without counts', { size: [10, 20] }, /counts$/],
  ])('of run lengths %s are an error that names the place', async (_, segmentation, where) => {
    const folder = annotated({ segmentation });
    expect(await complaint(read(folder))).toMatchObject({
      code: 'MALFORMED_FILE',
      file: join(folder, 'labels.json'),
      where: expect.stringMatching(where),
    });
  });
});

describe('keypoints', () => {
  const withKeypoints = () => annotated({ keypoints: [4, 5, 2, 0, 0, 0, 8, 1, 1], num_keypoints: 2 });

  test('that are not labeled are missing', async () => {
    const label = first(await read(withKeypoints(), { labelTypes: 'keypoints' }));
    expect(geometryOf(label)).toEqual({
      points: [
        [0.2, 0.5],
        [null, null],
        [0.4, 0.1],
      ],
    });
    expect(attributesOf(label)).toMatchObject({ visible: [2, 0, 1], num_keypoints: 2 });
  });

  test('stand in a field beside the boxes', async () => {
    const held = await read(withKeypoints(), { labelField: 'gt' });
    expect(held.header.fields.map(({ name, type }) => [name, type])).toEqual([
      ['gt_detections', 'Detections'],
      ['gt_keypoints', 'Keypoints'],
    ]);
    expect(first(held, 'gt_detections').id).toBe(first(held, 'gt_keypoints').id);
  });

  test('that were not asked for are reported', async () => {
    expect((await read(withKeypoints(), { labelTypes: ['detections'] })).report).toEqual([
      expect.objectContaining({ code: 'KEYPOINTS_NOT_READ' }),
    ]);
  });

  test('come out with visibility, count and box, as one annotation again', async () => {
    const held = await read(withKeypoints());
    const folder = join(newFolder(), 'out');
    await writeDataset(cocoFormat, folder, held);
    const [annotation, ...others] = written(folder).annotations;
    expect(others).toEqual([]);
    expect(annotation).toEqual({ ...aBox, keypoints: [4, 5, 2, 0, 0, 0, 8, 1, 1], num_keypoints: 2 });
  });
});

interface Written {
  images: JsonObject[];
  annotations: JsonObject[];
  categories: JsonObject[];
  info: JsonObject;
  licenses: unknown[];
}
const written = (folder: string): Written => JSON.parse(readFileSync(join(folder, 'labels.json'), 'utf8')) as Written;

describe('odd files', () => {
  test('with the images after the annotations are read all the same', async () => {
    const folder = newFolder();
    writeFileSync(
      join(folder, 'x.json'),
      JSON.stringify({ annotations: [aBox], images: [anImage], categories: [{ id: 3, name: 'cat' }] }),
    );
    expect(first(await read(folder)).label).toBe('cat');
  });

  test('without categories have the ids as classes', async () => {
    const held = await read(cocoFile({ categories: null }));
    expect(first(held).label).toBe('3');
    expect(held.report).toEqual([expect.objectContaining({ code: 'NO_CATEGORIES' })]);
  });

  test('with unknown categories say so', async () => {
    const held = await read(annotated({ category_id: 9 }));
    expect(first(held).label).toBe('9');
    expect(held.report).toEqual([expect.objectContaining({ code: 'UNKNOWN_CATEGORY', count: 1 })]);
  });

  test('with ids as texts are the same as with numbers', async () => {
    const text = cocoFile({
      images: [{ ...anImage, id: '1' }],
      annotations: [{ ...aBox, id: '5', category_id: '3' }],
      categories: [{ id: '3', name: 'cat' }],
    });
    expect(first(await read(text))).toEqual(first(await read(cocoFile())));
    const names = cocoFile({
      images: [{ ...anImage, id: 'img-a' }],
      annotations: [{ ...aBox, id: 'x1', image_id: 'img-a' }],
    });
    expect(first(await read(names)).id).toMatch(/^[0-9a-f]{24}$/);
  });

  test('keep images without annotations', async () => {
    const held = await read(cocoFile({ images: [anImage, { ...anImage, id: 2, file_name: 'b.png' }] }));
    expect(held.samples.map((sample) => sample.fields.size)).toEqual([1, 0]);
  });

  test('report annotations of unknown images', async () => {
    const held = await read(annotated({ id: 5 }, { id: 6, image_id: 77 }));
    expect(labels(held)).toHaveLength(1);
    expect(held.report).toEqual([expect.objectContaining({ code: 'UNKNOWN_IMAGE', count: 1 })]);
  });

  test('with one picture under two ids make one sample of it', async () => {
    const images = [anImage, { ...anImage, id: 2 }];
    const held = await read(cocoFile({ images, annotations: [aBox, { ...aBox, id: 6, image_id: 2 }] }));
    expect(held.samples).toHaveLength(1);
    expect(labels(held)).toHaveLength(2);
    expect(held.report).toEqual([expect.objectContaining({ code: 'DUPLICATE_IMAGE', count: 1 })]);
  });

  test('with one id for two pictures keep both, and report it', async () => {
    const held = await read(cocoFile({ images: [anImage, { ...anImage, file_name: 'b.png' }] }));
    expect(held.samples.map((sample) => sample.fields.size)).toEqual([1, 0]);
    expect(held.report).toEqual([expect.objectContaining({ code: 'DUPLICATE_IMAGE_ID', count: 1 })]);
  });

  test('with one id for two annotations give each label its own', async () => {
    const held = await read(annotated({}, {}));
    expect(new Set(labels(held).map((label) => label.id)).size).toBe(2);
    expect(held.report).toEqual([expect.objectContaining({ code: 'DUPLICATE_ANNOTATION_ID', count: 1 })]);
  });

  test.each([
    ['no object', '[1]', /top level|\[0\]/],
    ['without images', '{"annotations":[]}', /top level/],
    ['with an image without a name', '{"images":[{"id":1}]}', /images\[0\]\.file_name/],
    ['with an image without an id', '{"images":[{"file_name":"a"}]}', /images\[0\]\.id/],
    [
      'with a box of three numbers',
      JSON.stringify({ images: [anImage], annotations: [{ ...aBox, bbox: [1, 2, 3] }] }),
      /annotations\[0\]\.bbox/,
    ],
    ['cut short', '{"images":[{"id":1', /byte 18/],
  ])('%s are an error with the place', async (_, text, where) => {
    const folder = newFolder();
    writeFileSync(join(folder, 'labels.json'), text);
    expect(await complaint(read(folder))).toMatchObject({
      code: 'MALFORMED_FILE',
      where: expect.stringMatching(where),
    });
  });

  test('are found by name, alone in a folder, or in annotations/; several are an error', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'annotations'));
    writeFileSync(join(folder, 'annotations/instances.json'), readFileSync(join(cocoFile(), 'labels.json')));
    expect((await read(folder)).samples).toHaveLength(1);
    writeFileSync(join(folder, 'annotations/other.json'), '{}');
    expect(await complaint(read(folder))).toMatchObject({
      code: 'MALFORMED_FILE',
      expected: expect.stringContaining('there are 2'),
    });
    expect((await read(join(folder, 'annotations/instances.json'))).samples).toHaveLength(1);
    expect(await complaint(read(join(folder, 'none.json')))).toMatchObject({ code: 'MALFORMED_FILE' });
  });
});

describe('the images of a file', () => {
  const nowhere = { id: 1, file_name: 'sub\\a.png' };

  test('are looked for beside it, in data/ and in images/; names may have folders and backslashes', async () => {
    for (const place of ['', 'data', 'images']) {
      const folder = cocoFile({ images: [nowhere] });
      mkdirSync(join(folder, place, 'sub'), { recursive: true });
      new Canvas(20, 10).save(join(folder, place, 'sub/a.png'));
      const held = await read(folder);
      expect(held.samples[0]).toMatchObject({ path: join(folder, place, 'sub/a.png'), width: 20, height: 10 });
      expect(geometryOf(first(held)).bounding_box).toEqual([0.1, 0.1, 0.5, 0.5]);
      expect(held.report).toEqual([]);
    }
  });

  test('need not be there as long as the file knows their size', async () => {
    const held = await read(cocoFile(), {}, '/media');
    expect(held.samples[0]).toMatchObject({
      path: '/media/a.png',
      width: 20,
      height: 10,
      metadata: { _cls: 'ImageMetadata', width: 20, height: 10 },
    });
    expect(held.report).toEqual([expect.objectContaining({ code: 'MEDIA_NOT_FOUND', count: 1 })]);
  });

  test('of unknown size take it from run lengths', async () => {
    const file = {
      images: [{ ...nowhere, width: 0, height: 0 }],
      annotations: [{ ...aBox, segmentation: { size: [10, 20], counts: [21, 5, 174] } }],
    };
    expect((await read(cocoFile(file))).samples[0]).toMatchObject({ width: 20, height: 10 });
  });

  test('of a size that cannot be known stay, their annotations are reported', async () => {
    const held = await read(cocoFile({ images: [nowhere] }));
    expect(held.samples[0]).toMatchObject({ width: null, height: null, metadata: null });
    expect(held.report).toContainEqual(expect.objectContaining({ code: 'NO_IMAGE_SIZE', count: 1 }));
  });
});

test('options that do not exist, and label types that COCO does not have, are errors', async () => {
  expect(await complaint(read(cocoFile(), { labelTypes: ['boxes'] }))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    argument: 'labelTypes',
  });
  expect(await complaint(read(cocoFile(), { label_field: 'x' }))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    argument: 'label_field',
  });
});

/** A dataset of images of 20 x 10 pixels, born here. */
function born(fields: Record<string, string>, ...contents: Record<string, Label[]>[]): HeldDataset {
  const header: DatasetHeader = {
    name: 'born',
    mediaType: 'image',
    document: null,
    persistent: false,
    maskTargets: {},
    defaultMaskTargets: null,
    groupField: null,
    groupMediaTypes: {},
    defaultGroupSlice: null,
    runs: {},
    fields: Object.entries(fields).map(([name, type]) => ({ name, type, document: null })),
  };
  const samples = contents.map(
    (content, i): WholeSample => ({
      id: `${i}`.padStart(24, '0'),
      path: `/media/${i}.png`,
      mediaType: 'image',
      width: 20,
      height: 10,
      metadata: null,
      tags: [],
      group: null,
      extra: null,
      fields: new Map(Object.entries(content).map(([name, list]) => [name, { labels: list, value: null }])),
    }),
  );
  return { header, samples, frames: [], report: [], masks: new MemoryMasks() };
}

let made = 0;
const nextId = () => `${++made}`.padStart(24, 'f');
const detection = (document: JsonObject): Label =>
  labelFromDocument('Detection', { bounding_box: [0.1, 0.1, 0.5, 0.5], ...document }, nextId());

async function exported(held: HeldDataset): Promise<{ file: Written; codes: Record<string, number>; folder: string }> {
  const folder = join(newFolder(), 'out');
  const report = await writeDataset(cocoFormat, folder, held, { mediaRoot: '/media' });
  return { file: written(folder), codes: Object.fromEntries(report.map((line) => [line.code, line.count])), folder };
}

describe('an export of a dataset that was born elsewhere', () => {
  test('numbers images, classes and annotations from 1', async () => {
    const { file, codes } = await exported(
      born({ boxes: 'Detections' }, { boxes: [detection({ label: 'b' }), detection({ label: 'a' })] }, {}),
    );
    expect(file.images).toEqual([
      { id: 1, file_name: '0.png', width: 20, height: 10 },
      { id: 2, file_name: '1.png', width: 20, height: 10 },
    ]);
    expect(file.categories.map(({ id, name }) => [id, name])).toEqual([
      [1, 'b'],
      [2, 'a'],
    ]);
    expect(file.annotations).toEqual([
      { id: 1, image_id: 1, category_id: 1, bbox: [2, 1, 10, 5], area: 50, iscrowd: 0 },
      { id: 2, image_id: 1, category_id: 2, bbox: [2, 1, 10, 5], area: 50, iscrowd: 0 },
    ]);
    expect(codes).toEqual({});
  });

  test('counts new annotations on from those that keep their number', async () => {
    const held = await read(annotated({ id: 41 }));
    const sample = held.samples[0] as WholeSample;
    const both = new Map([['ground_truth', { labels: [detection({ label: 'new\u2028' }), first(held)], value: null }]]);
    const { file } = await exported({ ...held, samples: [{ ...sample, fields: both }] });
    expect(file.annotations.map((annotation) => annotation.id)).toEqual([41, 42]);
    expect(file.categories).toEqual([
      { id: 3, name: 'cat' },
      { id: 4, name: 'new\u2028', supercategory: '' },
    ]);
  });

  test('holds attributes and confidence, and reports tracks and tags', async () => {
    const label = detection({ label: 'a', confidence: 0.25, index: 7, tags: ['x'], occluded: true, iscrowd: 1 });
    const { file, codes, folder } = await exported(born({ boxes: 'Detections' }, { boxes: [label] }));
    expect(file.annotations[0]).toMatchObject({ score: 0.25, iscrowd: 1, attributes: { occluded: true } });
    expect(codes).toEqual({ TRACKS_NOT_HELD: 1, LABEL_TAGS_NOT_HELD: 1 });
    const back = first(await read(folder));
    expect(back.confidence).toBe(0.25);
    expect(attributesOf(back)).toMatchObject({ occluded: true, iscrowd: 1 });
  });

  test('writes filled polygons with the area of all their parts', async () => {
    const points = [
      [
        [0, 0],
        [0.5, 0],
        [0.5, 1],
      ],
      [
        [0.5, 0],
        [1, 0],
        [1, 1],
      ],
      [
        [0, 0],
        [1, 1],
      ],
    ];
    const line = labelFromDocument('Polyline', { label: 'l', points, closed: false, filled: false }, nextId());
    const area = labelFromDocument('Polyline', { label: 'p', points, closed: false, filled: true }, nextId());
    const { file, codes } = await exported(born({ areas: 'Polylines' }, { areas: [line, area] }));
    expect(file.annotations).toEqual([
      expect.objectContaining({
        segmentation: [
          [0, 0, 10, 0, 10, 10],
          [10, 0, 20, 0, 20, 10],
        ],
        area: 100,
        bbox: [0, 0, 20, 10],
      }),
    ]);
    expect(codes).toEqual({ LINES_NOT_HELD: 1, SHORT_SHAPE: 1 });
  });

  test('reports whole fields that COCO cannot hold, frames, tags and other media', async () => {
    const day = labelFromDocument('Classification', { label: 'day' }, nextId());
    const held = born({ weather: 'Classification', 'frames.boxes': 'Detections' }, { weather: [day] }, {});
    const samples = held.samples.map(
      (sample, i): WholeSample => (i === 0 ? { ...sample, tags: ['t'] } : { ...sample, mediaType: 'video' }),
    );
    const frame = {
      id: nextId(),
      number: 1,
      extra: null,
      sampleId: nextId(),
      fields: new Map([['boxes', { labels: [], value: null }]]),
    };
    const { file, codes } = await exported({ ...held, samples, frames: [frame] });
    expect(file.images).toHaveLength(1);
    expect(codes).toEqual({ FIELD_NOT_HELD: 1, FRAMES_NOT_HELD: 1, SAMPLE_TAGS_NOT_HELD: 1, MEDIA_NOT_HELD: 1 });
  });

  test('keeps copies of labels in two fields apart', async () => {
    const held = await read(annotated({ id: 5 }));
    const copy = (held.samples[0] as WholeSample).fields.get('ground_truth');
    const fields = [...held.header.fields, { name: 'fixed', type: 'Detections', document: null }];
    const samples = held.samples.map((sample) => ({
      ...sample,
      fields: new Map([...sample.fields, ['fixed', copy ?? { labels: [], value: null }]]),
    }));
    const { file, codes } = await exported({ ...held, header: { ...held.header, fields }, samples });
    expect(file.annotations.map((annotation) => annotation.id)).toEqual([5, 6]);
    expect(codes).toEqual({ FIELDS_MERGED: 2 });
  });

  test('names the skeleton of its keypoints', async () => {
    const held = born(
      { pose: 'Keypoints' },
      {
        pose: [
          labelFromDocument(
            'Keypoint',
            {
              label: 'p',
              points: [
                [0.5, 0.5],
                [null, null],
              ],
            },
            nextId(),
          ),
        ],
      },
    );
    const document = { default_classes: ['p'], skeletons: { pose: { labels: ['a', 'b', 'c'], edges: [[0, 1, 2]] } } };
    const { file } = await exported({ ...held, header: { ...held.header, document } });
    expect(file.categories[0]).toMatchObject({
      name: 'p',
      keypoints: ['a', 'b', 'c'],
      skeleton: [
        [1, 2],
        [2, 3],
      ],
    });
    expect(file.annotations[0]).toMatchObject({
      keypoints: [10, 5, 2, 0, 0, 0],
      num_keypoints: 1,
      bbox: [10, 5, 0, 0],
    });
  });

  test('is gone when abandoned', async () => {
    const held = born({ boxes: 'Detections' }, { boxes: [detection({ label: 'a' })] });
    const parent = newFolder();
    const signal = new AbortController().signal;
    const writer = await cocoFormat.write?.({
      folder: join(parent, 'out'),
      header: held.header,
      fields: null,
      mediaRoot: null,
      options: {},
      mask: held.masks.bytes,
      signal,
    });
    for (const sample of held.samples) await writer?.sample(sample);
    expect(existsSync(join(parent, 'out'))).toBe(false);
    await writer?.abandon();
    expect(readdirSync(parent)).toEqual([]);
  });
});

describe('masks', () => {
  test('that are about as large as their box go out and come in pixel by pixel', () =>
    fc.assert(
      fc.asyncProperty(
        fc
          .tuple(fc.nat(9), fc.nat(4), fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 5 }))
          .chain(([x, y, width, height]) =>
            fc.record({
              box: fc.constant([x, y, width, height] as const),
              pixels: fc.array(fc.nat(1), { minLength: width * height, maxLength: width * height }),
              crowd: fc.nat(1),
            }),
          ),
        async ({ box: [x, y, width, height], pixels, crowd }) => {
          pixels[0] = 1;
          const held = born({ boxes: 'Detections' });
          const { hash } = held.masks.pack({ shape: [height, width], element: '|b1', data: Uint8Array.from(pixels) });
          const label = detection({
            label: 'a',
            bounding_box: [x / 20, y / 10, width / 20, height / 10],
            mask: hash,
            iscrowd: crowd,
          });
          const sample = {
            ...(born({}, {}).samples[0] as WholeSample),
            fields: new Map([['boxes', { labels: [label], value: null }]]),
          };
          const { folder } = await exported({ ...held, samples: [sample] });
          const back = await read(folder);
          expect(maskHashOf(first(back))).toBe(hash);
          expect(canonicalJson(geometryOf(first(back)))).toBe(canonicalJson(geometryOf(label)));
        },
      ),
      { numRuns: 60 },
    ));

  test('of a pixel more or less than their box are not scaled', async () => {
    const held = born({ boxes: 'Detections' });
    const { hash } = held.masks.pack({
      shape: [3, 3],
      element: '|b1',
      data: Uint8Array.from([1, 0, 1, 0, 1, 0, 1, 0, 1]),
    });
    const label = detection({ label: 'a', bounding_box: [0, 0, 0.2, 0.35], mask: hash });
    const sample = {
      ...(born({}, {}).samples[0] as WholeSample),
      fields: new Map([['boxes', { labels: [label], value: null }]]),
    };
    expect((await exported({ ...held, samples: [sample] })).file.annotations[0]?.area).toBe(5);
  });

  test('of another size than their box are scaled to it', async () => {
    const held = born({ boxes: 'Detections' });
    const { hash } = held.masks.pack({ shape: [2, 2], element: '|u1', data: Uint8Array.from([255, 0, 0, 255]) });
    const label = detection({ label: 'a', bounding_box: [0, 0, 0.4, 0.8], mask: hash });
    const sample = {
      ...(born({}, {}).samples[0] as WholeSample),
      fields: new Map([['boxes', { labels: [label], value: null }]]),
    };
    const { file } = await exported({ ...held, samples: [sample] });
    expect(file.annotations[0]?.area).toBe(32);
  });
});

describe('a COCO file written as FiftyOneDataset', () => {
  test('reads back the same', async () => {
    const held = await read(annotated({ id: 5, segmentation: [[2, 1, 12, 1, 12, 6]] }, { id: 6 }));
    const folder = join(newFolder(), 'out');
    const report = await writeDataset(fiftyOneFormat, folder, held);
    expect(report).toEqual([expect.objectContaining({ code: 'COCO_MEMBERS_NOT_HELD', count: 1 })]);
    const back = await readDataset(fiftyOneFormat, folder);
    expect(labels(back)).toEqual(labels(held));
    expect(back.samples[0]).toMatchObject({
      id: held.samples[0]?.id,
      path: held.samples[0]?.path,
      width: 20,
      height: 10,
    });
    expect(back.header.fields.map(({ name, type }) => [name, type])).toEqual([['ground_truth', 'Detections']]);
    expect(back.header.document?.info).toEqual(held.header.document?.info);
  });
});
