import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { maskOfRuns, runsOfMask } from '../../backends/folder/mask-runs.js';
import { labelsOf } from '../../backends/folder/player.js';
import type { Json } from '../../domain/labels/index.js';
import type { View } from '../../domain/view/view.js';
import { describeClip, drawPairs, drawPictures, pictureFields } from './drawn-sets.js';
import { type Document, exportedDataset, idOf, labelIn, labelsIn, pixelsOf, withPixels } from './exported.js';
import { test } from './loop.js';

const typesOfPictures: Json = {
  ...{ boxes: { type: 'detections' }, instances: { type: 'instances' }, lines: { type: 'polylines' } },
  ...{ joints: { type: 'keypoints' }, ground: { type: 'segmentation' }, scene: { type: 'classification' } },
  ...{ topics: { type: 'classifications' }, weather: { type: 'scalar' }, count: { type: 'scalar' } },
  ...{ share: { type: 'scalar' }, checked: { type: 'scalar' } },
};

interface DrawnSet {
  readonly name: string;
  readonly draw: (folder: string) => Promise<string>;
  readonly labelSchema: Json;
  readonly view?: View;
}

const sets: readonly DrawnSet[] = [
  { name: 'pictures with every kind of label', draw: drawPictures, labelSchema: typesOfPictures },
  { name: 'pictures whose types are found out', draw: drawPictures, labelSchema: Object.keys(pictureFields) },
  { name: 'one side of pairs', draw: drawPairs, labelSchema: ['boxes'], view: { slices: ['right'] } },
  { name: 'a video', draw: describeClip, labelSchema: ['frames.boxes', 'frames.shot'] },
];

describe('untouched work changes nothing:', () => {
  test.for(sets)('$name', async ({ draw, labelSchema, view }, { loop }) => {
    const mediaRoot = join(loop.stage.folder, 'drawn');
    const path = await draw(mediaRoot);
    const dataset = await loop.import(path);
    const before = await loop.exported(dataset, { mediaRoot });
    const source = await exportedDataset(path);
    expect(withPixels(before.samples)).toMatchObject(withPixels(source.samples));
    expect(before.frames).toMatchObject(source.frames);

    const run = await loop.annotate(dataset, { labelSchema, attributes: true, view: view ?? null });
    await loop.play(run);
    for (const { counts, findings } of [await loop.load(dataset), await loop.load(dataset)]) {
      expect(findings).toEqual([]);
      expect(counts.unchanged).toBeGreaterThan(2);
      expect(counts).toMatchObject({ sent: counts.unchanged, returned: counts.unchanged });
    }
    expect(await loop.labelChanges()).toBe(0);
    expect(await loop.exported(dataset, { mediaRoot })).toEqual(before);
  });
});

describe('edits come home, and nothing else changes:', () => {
  test('every kind of label', async ({ loop }) => {
    const mediaRoot = join(loop.stage.folder, 'drawn');
    const dataset = await loop.import(await drawPictures(mediaRoot));
    const before = await loop.exported(dataset, { mediaRoot });
    const run = await loop.annotate(dataset, { labelSchema: typesOfPictures, attributes: true });
    const [full, empty] = before.samples as [Document, Document];
    const triangle = [
      [
        [0.1, 0.1],
        [0.9, 0.1],
        [0.5, 0.9],
      ],
    ];
    await loop.play(run, (line) => {
      if (line.sample === idOf(empty)) {
        line.fields.weather = { value: 'foggy' };
        line.fields.checked = { value: null };
        labelsOf(line, 'scene').push({ label: 'indoor' });
      }
      if (line.sample !== idOf(full)) return;
      const [first, second] = labelsOf(line, 'boxes') as [Document, Document];
      first.shiny = false;
      second.label = 'red';
      second.bounding_box = [0.25, 0.25, 0.5, 0.5];
      labelsOf(line, 'boxes').splice(2, 1, { label: 'blue', bounding_box: [0.1, 0.1, 0.2, 0.2] });
      Object.assign(labelsOf(line, 'lines')[0] as Document, { points: triangle, closed: true });
      ((labelsOf(line, 'joints')[0] as Document).points as unknown[])[1] = [0.75, 0.75];
      const [instance] = labelsOf(line, 'instances') as [Document];
      const { shape, data } = maskOfRuns(instance.mask);
      instance.mask = runsOfMask({ shape, element: '|b1', data: Uint8Array.from(data, (pixel) => 1 - Number(pixel)) });
      labelsOf(line, 'topics').pop();
      line.fields.count = { value: 4 };
    });
    const { counts, findings } = await loop.load(dataset);
    expect(findings).toEqual([]);
    expect(counts).toMatchObject({ added: 2, refused: 0, conflicting: 0, unexpected: 0 });

    const after = await loop.exported(dataset, { mediaRoot });
    const expected = structuredClone(before.samples) as [Document, Document, Document];
    const [boxes, topics] = [labelsIn(expected[0], 'boxes'), labelsIn(expected[0], 'topics')];
    Object.assign(boxes[0] as Document, { shiny: false });
    Object.assign(boxes[1] as Document, { label: 'red', bounding_box: [0.25, 0.25, 0.5, 0.5] });
    boxes.pop();
    topics.pop();
    Object.assign(labelsIn(expected[0], 'lines')[0] as Document, { points: triangle, closed: true });
    labelsIn(expected[0], 'joints')[0]?.points.splice(1, 1, [0.75, 0.75]);
    Object.assign(expected[0], { count: 4 });
    Object.assign(expected[1], { weather: 'foggy' });
    delete expected[1].checked;

    expect(labelsIn(after.samples[0], 'boxes').pop()).toMatchObject({
      label: 'blue',
      bounding_box: [0.1, 0.1, 0.2, 0.2],
    });
    expect(after.samples[1]?.scene).toMatchObject({ _cls: 'Classification', label: 'indoor' });
    delete after.samples[1]?.scene;
    const instance = idOf(labelsIn(full, 'instances')[0] as Document);
    const [mine, old] = [after, before].map(({ samples }) => pixelsOf(labelIn(samples, 'instances', instance).mask));
    expect(mine).toEqual({ ...old, data: Uint8Array.from(old?.data ?? [], (pixel) => 1 - Number(pixel)) });
    labelIn(after.samples, 'instances', instance).mask = labelIn(before.samples, 'instances', instance).mask;
    expect(withPixels(after.samples)).toEqual(withPixels(expected));
  });

  test('one slice of a group', async ({ loop }) => {
    const mediaRoot = join(loop.stage.folder, 'drawn');
    const dataset = await loop.import(await drawPairs(mediaRoot));
    const before = await loop.exported(dataset, { mediaRoot });
    const run = await loop.annotate(dataset, { labelSchema: ['boxes'], view: { slices: ['right'] } });
    await loop.play(run, (line) =>
      Object.assign(labelsOf(line, 'boxes')[0] as Document, { bounding_box: [0, 0, 1, 1] }),
    );
    expect((await loop.load(dataset)).counts).toMatchObject({ sent: 3, edited: 3 });
    for (const sample of before.samples)
      if (sample.view.name === 'right')
        Object.assign(labelsIn(sample, 'boxes')[0] as Document, { bounding_box: [0, 0, 1, 1] });
    expect(await loop.exported(dataset, { mediaRoot })).toEqual(before);
  });

  test('labels and scalars of frames', async ({ loop }) => {
    const mediaRoot = join(loop.stage.folder, 'drawn');
    const dataset = await loop.import(await describeClip(mediaRoot));
    const before = await loop.exported(dataset, { mediaRoot });
    const run = await loop.annotate(dataset, { labelSchema: ['frames.boxes', 'frames.shot', 'weather'] });
    await loop.play(run, (line) => {
      Object.assign(labelsOf(line, 'frames.boxes', 5)[0] as Document, { bounding_box: [0.5, 0.5, 0.5, 0.5] });
      labelsOf(line, 'frames.boxes', 6).pop();
      Object.assign(line.fields['frames.shot']?.frames ?? {}, { 7: 'wide' });
      line.fields.weather = { value: 'wet' };
    });
    const { counts, findings } = await loop.load(dataset);
    expect(findings).toEqual([]);
    expect(counts).toMatchObject({ edited: 3, deleted: 1 });
    const [, , , , fifth, sixth, seventh] = before.frames;
    Object.assign(labelsIn(fifth, 'boxes')[0] as Document, { bounding_box: [0.5, 0.5, 0.5, 0.5] });
    labelsIn(sixth, 'boxes').pop();
    Object.assign(seventh as Document, { shot: 'wide' });
    Object.assign(before.samples[0] as Document, { weather: 'wet' });
    expect(await loop.exported(dataset, { mediaRoot })).toEqual(before);
  });
});
