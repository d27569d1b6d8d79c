import { describe, expect } from 'vitest';
import type { FolderLine } from '../../backends/folder/line.js';
import { maskOfRuns, runsOfMask } from '../../backends/folder/mask-runs.js';
import { labelsOf } from '../../backends/folder/player.js';
import type { Mask } from '../../domain/labels/index.js';
import { type Document, type ExportedDataset, idOf, labelIn, labelsIn, pixelsOf, withPixels } from './exported.js';
import { dataFolder, type Loop, test } from './loop.js';
import { fiftyOneFolder, rootOf } from './real-sets.js';

/** A set's dataset, and what it looks like before anybody works on it. */
async function imported(loop: Loop, name: string): Promise<{ dataset: string; before: ExportedDataset }> {
  const dataset = await loop.import(fiftyOneFolder(name), { mediaRoot: rootOf(name) });
  return { dataset, before: await loop.exported(dataset, { mediaRoot: rootOf(name) }) };
}

/** The label with an id on a line. */
function sentLabel(line: FolderLine, field: string, id: string, frame?: number): Document {
  const found = labelsOf(line, field, frame).find((label) => label.id === id);
  if (found === undefined) throw new Error(`label ${id} was not sent in "${field}"`);
  return found;
}

function removeFrom(labels: Document[], id: string, ofLabel: (label: Document) => unknown): void {
  labels.splice(
    labels.findIndex((label) => ofLabel(label) === id),
    1,
  );
}

const sentId = (label: Document): unknown => label.id;
const nth = (labels: readonly Document[], n: number): string => idOf(labels[n] as Document);

describe.skipIf(dataFolder === null)('edits of real data come home, and nothing else changes:', () => {
  test('boxes added, moved, relabelled and deleted, an attribute, and two new fields', async ({ loop }) => {
    const { dataset, before } = await imported(loop, 'blood-cells');
    const boxes = labelsIn(before.samples[0], 'ground_truth');
    const [moved, relabelled, deleted, tagged] = [0, 1, 2, 3].map((n) => nth(boxes, n)) as [
      string,
      string,
      string,
      string,
    ];
    const run = await loop.annotate(dataset, {
      labelSchema: {
        ground_truth: { attributes: { supercategory: { type: 'select', values: ['', 'cell'] } } },
        stain: { type: 'scalar' },
        quality: { type: 'classification', classes: ['good', 'bad'] },
      },
    });
    await loop.play(run, (line) => {
      if (line.sample !== idOf(before.samples[0] as Document)) return;
      const labels = labelsOf(line, 'ground_truth');
      sentLabel(line, 'ground_truth', moved).bounding_box = [0.11, 0.12, 0.13, 0.14];
      sentLabel(line, 'ground_truth', relabelled).label = 'Platelets';
      sentLabel(line, 'ground_truth', tagged).supercategory = 'cell';
      removeFrom(labels, deleted, sentId);
      labels.push({ label: 'WBC', bounding_box: [0.5, 0.5, 0.25, 0.25], supercategory: 'cell' });
      line.fields.stain = { value: 'giemsa' };
      line.fields.quality = { labels: [{ label: 'good' }] };
    });
    const { counts, findings } = await loop.load(dataset);
    expect(findings).toEqual([]);
    expect(counts).toMatchObject({ added: 3, edited: 3, deleted: 1 });

    const after = await loop.exported(dataset, { mediaRoot: rootOf('blood-cells') });
    const added = labelsIn(after.samples[0], 'ground_truth').pop();
    expect(added).toMatchObject({ label: 'WBC', bounding_box: [0.5, 0.5, 0.25, 0.25], supercategory: 'cell' });
    expect(after.samples[0]).toMatchObject({ stain: 'giemsa', quality: { _cls: 'Classification', label: 'good' } });
    const expected = structuredClone(before.samples);
    labelIn(expected, 'ground_truth', moved).bounding_box = [0.11, 0.12, 0.13, 0.14];
    labelIn(expected, 'ground_truth', relabelled).label = 'Platelets';
    labelIn(expected, 'ground_truth', tagged).supercategory = 'cell';
    removeFrom(labelsIn(expected[0], 'ground_truth'), deleted, idOf);
    const names = after.metadata.sample_fields.map(({ name }: Document) => name);
    expect(names.slice(-2).sort()).toEqual(['quality', 'stain']);
    for (const sample of after.samples) for (const field of ['quality', 'stain']) delete sample[field];
    expect(after.samples).toEqual(expected);
  });

  test('polygons added, reshaped, relabelled and deleted', async ({ loop }) => {
    const { dataset, before } = await imported(loop, 'dried-fruit');
    const polygons = labelsIn(before.samples[0], 'ground_truth');
    const [reshaped, relabelled, deleted] = [0, 1, 2].map((n) => nth(polygons, n)) as [string, string, string];
    const triangle = [
      [
        [0.1, 0.1],
        [0.2, 0.1],
        [0.15, 0.2],
      ],
    ];
    const run = await loop.annotate(dataset, { labelSchema: { ground_truth: { type: 'polygons' } } });
    await loop.play(run, (line) => {
      if (line.sample !== idOf(before.samples[0] as Document)) return;
      sentLabel(line, 'ground_truth', reshaped).points = triangle;
      sentLabel(line, 'ground_truth', relabelled).label = 'hazelnut';
      const labels = labelsOf(line, 'ground_truth');
      removeFrom(labels, deleted, sentId);
      labels.push({ label: 'fig', points: triangle, closed: true, filled: true });
    });
    expect((await loop.load(dataset)).counts).toMatchObject({ added: 1, edited: 2, deleted: 1, refused: 0 });

    const after = await loop.exported(dataset, { mediaRoot: rootOf('dried-fruit') });
    const added = labelsIn(after.samples[0], 'ground_truth').pop();
    expect(added).toMatchObject({ label: 'fig', points: triangle, closed: true, filled: true });
    const expected = structuredClone(before);
    labelIn(expected.samples, 'ground_truth', reshaped).points = triangle;
    labelIn(expected.samples, 'ground_truth', relabelled).label = 'hazelnut';
    removeFrom(labelsIn(expected.samples[0], 'ground_truth'), deleted, idOf);
    expect(after).toEqual(expected);
  });

  test('masks of an instance and of a whole picture', async ({ loop }) => {
    const { dataset, before } = await imported(loop, 'nuclei');
    const edited = nth(labelsIn(before.samples[0], 'instances'), 5);
    const labelSchema = { instances: { type: 'instances' }, semantic: { type: 'segmentation' } };
    const run = await loop.annotate(dataset, { labelSchema });
    await loop.play(run, (line) => {
      const instance = sentLabel(line, 'instances', edited);
      instance.mask = runsOfMask(firstRowSet(maskOfRuns(instance.mask)));
      const [picture] = labelsOf(line, 'semantic') as Document[];
      if (picture !== undefined) picture.mask = runsOfMask(firstRowSet(maskOfRuns(picture.mask)));
    });
    expect((await loop.load(dataset)).counts).toMatchObject({ edited: 2, unchanged: 124 });

    const after = await loop.exported(dataset, { mediaRoot: rootOf('nuclei') });
    for (const [field, id] of [
      ['instances', edited],
      ['semantic', nth(labelsIn(before.samples[0], 'semantic'), 0)],
    ] as const) {
      const [mine, old] = [after, before].map(({ samples }) => pixelsOf(labelIn(samples, field, id).mask));
      expect(mine).toEqual(firstRowSet(old as Mask));
      labelIn(after.samples, field, id).mask = labelIn(before.samples, field, id).mask;
    }
    expect(withPixels(after)).toEqual(withPixels(before));
  });

  test('a keypoint that was moved, and one that is not visible after all', async ({ loop }) => {
    const { dataset, before } = await imported(loop, 'skier');
    const id = nth(labelsIn(before.samples[0], 'gt_keypoints'), 0);
    const run = await loop.annotate(dataset, { labelSchema: { gt_keypoints: { type: 'keypoints' } } });
    await loop.play(run, (line) => {
      const points = sentLabel(line, 'gt_keypoints', id).points as unknown[];
      points[0] = [0.5, 0.25];
      points[1] = [null, null];
    });
    expect((await loop.load(dataset)).counts).toMatchObject({ edited: 1, refused: 0 });

    const after = await loop.exported(dataset, { mediaRoot: rootOf('skier') });
    const nan = { $numberDouble: 'NaN' };
    labelIn(before.samples, 'gt_keypoints', id).points.splice(0, 2, [0.5, 0.25], [nan, nan]);
    expect(after).toEqual(before);
  });

  test('tracks: a number, a keyframe, a box, a label that goes and one that comes', async ({ loop }) => {
    const { dataset, before } = await imported(loop, 'two-flies');
    const onFrame = (documents: readonly Document[], frame: number) =>
      documents.find((one) => one.frame_number === frame);
    const idOn = (frame: number, n = 0): string => nth(labelsIn(onFrame(before.frames, frame), 'detections'), n);
    const labelSchema = { 'frames.detections': { type: 'detections', only_keyframes: true } };
    const run = await loop.annotate(dataset, { labelSchema });
    await loop.play(run, (line) => {
      const field = 'frames.detections';
      sentLabel(line, field, idOn(5), 5).index = 3;
      sentLabel(line, field, idOn(6), 6).keyframe = true;
      sentLabel(line, field, idOn(7), 7).bounding_box = [0.1, 0.2, 0.3, 0.4];
      removeFrom(labelsOf(line, field, 8), idOn(8), sentId);
      labelsOf(line, field, 9).push({ label: 'male', bounding_box: [0.1, 0.1, 0.1, 0.1], index: 2, keyframe: true });
    });
    expect((await loop.load(dataset)).counts).toMatchObject({ added: 1, edited: 3, deleted: 1, refused: 0 });

    const after = await loop.exported(dataset, { mediaRoot: rootOf('two-flies') });
    const added = labelsIn(onFrame(after.frames, 9), 'detections').pop();
    expect(added).toMatchObject({ label: 'male', bounding_box: [0.1, 0.1, 0.1, 0.1], index: 2, keyframe: true });
    const expected = structuredClone(before);
    labelIn(expected.frames, 'detections', idOn(5)).index = 3;
    labelIn(expected.frames, 'detections', idOn(6)).keyframe = true;
    labelIn(expected.frames, 'detections', idOn(7)).bounding_box = [0.1, 0.2, 0.3, 0.4];
    removeFrom(labelsIn(onFrame(expected.frames, 8), 'detections'), idOn(8), idOf);
    expect(after).toEqual(expected);
  });
});

/** The mask with its first row of pixels set to 1. */
const firstRowSet = ({ shape, element, data }: Mask): Mask => ({
  shape,
  element,
  data: Uint8Array.from(data, (pixel, i) => (i < (shape[1] ?? 0) ? 1 : Number(pixel))),
});
