import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  attributesOf,
  geometryOf,
  isCloseJson,
  type Json,
  type Label,
  maskHashOf,
} from '../../../domain/labels/index.js';
import { cocoFormat } from '../../../formats/coco/format.js';
import { fiftyOneFormat } from '../../../formats/fiftyone/format.js';
import { type HeldDataset, readDataset, temporaryFolders, writeDataset } from '../../support/format-trip.js';

const data = process.env.ANNOGATE_TEST_DATA ?? '';
const newFolder = temporaryFolders();

const theirs = (name: string): Promise<HeldDataset> =>
  readDataset(fiftyOneFormat, join(data, name, 'fiftyone', 'dataset'), { mediaRoot: join(data, name) });
const ours = (name: string, file: string, options = {}): Promise<HeldDataset> =>
  readDataset(cocoFormat, join(data, name, file), { options });

/** Class, geometry (masks by hash) and attributes of each label, by the path of its sample. */
function contents(held: HeldDataset, field: string): Map<string, Json> {
  const plain = (label: Label): Json => ({
    label: label.label,
    confidence: label.confidence,
    ...geometryOf(label),
    attributes: attributesOf(label),
  });
  return new Map(held.samples.map((sample) => [sample.path, (sample.fields.get(field)?.labels ?? []).map(plain)]));
}

function expectSame(a: Map<string, Json>, b: Map<string, Json>, tolerance: number): void {
  expect([...a.keys()].sort()).toEqual([...b.keys()].sort());
  for (const [path, labels] of a) {
    if (!isCloseJson(labels, b.get(path), tolerance)) expect(labels, path).toEqual(b.get(path));
  }
}

describe.skipIf(data === '')('a COCO file', () => {
  test('of boxes reads as FiftyOne reads it', async () => {
    const [a, b] = [await ours('blood-cells', 'instances.coco.json'), await theirs('blood-cells')];
    expectSame(contents(a, 'ground_truth'), contents(b, 'ground_truth'), 1e-9);
    expect(a.header.document?.info).toEqual(b.header.document?.info);
    expect(a.header.document?.default_classes).toEqual(b.header.document?.default_classes);
    expect(a.report).toEqual([]);
  });

  test('of polygons reads as FiftyOne reads it', async () => {
    const a = await ours('dried-fruit', 'instances.coco.json', { usePolylines: true });
    expectSame(contents(a, 'ground_truth'), contents(await theirs('dried-fruit'), 'ground_truth'), 1e-9);
  });

  test('of a person with polygon, box and keypoints reads as FiftyOne reads it, masks to the pixel', async () => {
    const labelTypes = ['detections', 'segmentations', 'keypoints'];
    const a = await ours('skier', 'person_keypoints.coco.json', { labelField: 'gt', labelTypes });
    const b = await theirs('skier');
    for (const field of ['gt_detections', 'gt_segmentations', 'gt_keypoints']) {
      expectSame(contents(a, field), contents(b, field), 1e-9);
    }
  });

  test('of run lengths gives the masks that FiftyOne has', async () => {
    const [a, b] = [await ours('nuclei', 'instances.coco.json'), await theirs('nuclei')];
    const masks = (held: HeldDataset, field: string) =>
      held.samples.flatMap((sample) => (sample.fields.get(field)?.labels ?? []).map(maskHashOf)).sort();
    expect(masks(a, 'ground_truth')).toHaveLength(125);
    expect(masks(a, 'ground_truth')).toEqual(masks(b, 'instances'));
  });

  test.each([
    ['blood-cells', 'instances.coco.json', {}],
    ['dried-fruit', 'instances.coco.json', {}],
    ['dried-fruit', 'instances.coco.json', { usePolylines: true }],
    ['nuclei', 'instances.coco.json', {}],
    ['skier', 'person_keypoints.coco.json', {}],
  ])('of %s (%s, %j) keeps coordinates and ids on the way out and in', async (name, file, options) => {
    const mediaRoot = join(data, name);
    const before = await ours(name, file, options);
    const folder = join(newFolder(), 'out');
    const report = await writeDataset(cocoFormat, folder, before, { mediaRoot });
    const after = await readDataset(cocoFormat, folder, { mediaRoot, options });

    expect(after.samples.map(({ fields: _, ...sample }) => sample)).toEqual(
      before.samples.map(({ fields: _, ...sample }) => sample),
    );
    for (const field of before.header.fields) {
      expectSame(contents(after, field.name), contents(before, field.name), 1e-9);
      const ids = (held: HeldDataset) =>
        held.samples.flatMap((s) => (s.fields.get(field.name)?.labels ?? []).map((l) => l.id));
      expect(ids(after)).toEqual(ids(before));
    }
    expect(after.header.document).toEqual(before.header.document);
    expect(report.filter((line) => line.code !== 'FIELDS_MERGED')).toEqual([]);
  });
});
