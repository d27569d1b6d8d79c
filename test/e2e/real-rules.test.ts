import { describe, expect } from 'vitest';
import { labelsOf } from '../../backends/folder/player.js';
import type { LabelSchemaRequest } from '../../domain/label-schema/index.js';
import type { Json } from '../../domain/labels/index.js';
import { type Document, idOf, labelIn, labelsIn } from './exported.js';
import { dataFolder, test } from './loop.js';
import { fiftyOneFolder, rootOf } from './real-sets.js';

interface Restriction {
  readonly flag: string;
  readonly common: LabelSchemaRequest;
  readonly own: { readonly [key: string]: Json };
  readonly rule: string;
  /** What the annotators do against it, to the labels of one picture or frame. */
  readonly offence: (labels: Document[]) => void;
}

const first = (labels: Document[]): Document => labels[0] as Document;
const restrictions: readonly Restriction[] = [
  {
    flag: 'allow_additions',
    ...{ common: { allowAdditions: false }, own: { allow_additions: false }, rule: 'ADDITIONS_NOT_ALLOWED' },
    offence: (labels) => labels.push({ label: first(labels).label, bounding_box: [0.1, 0.1, 0.1, 0.1] }),
  },
  {
    flag: 'allow_deletions',
    ...{ common: { allowDeletions: false }, own: { allow_deletions: false }, rule: 'DELETIONS_NOT_ALLOWED' },
    offence: (labels) => labels.shift(),
  },
  {
    flag: 'allow_label_edits',
    ...{ common: { allowLabelEdits: false }, own: { allow_label_edits: false }, rule: 'LABEL_EDITS_NOT_ALLOWED' },
    offence: (labels) => Object.assign(first(labels), { label: first(labels).label === 'male' ? 'female' : 'male' }),
  },
  {
    flag: 'allow_spatial_edits',
    ...{ common: { allowSpatialEdits: false }, own: { allow_spatial_edits: false }, rule: 'SPATIAL_EDITS_NOT_ALLOWED' },
    offence: (labels) => Object.assign(first(labels), { bounding_box: [0.3, 0.3, 0.1, 0.1] }),
  },
  {
    flag: 'allow_index_edits',
    ...{ common: { allowIndexEdits: false }, own: { allow_index_edits: false }, rule: 'INDEX_EDITS_NOT_ALLOWED' },
    offence: (labels) => Object.assign(first(labels), { index: 7 }),
  },
  {
    flag: 'read_only',
    ...{ common: { attributes: { keyframe: { type: 'checkbox', read_only: true } } }, rule: 'READ_ONLY_ATTRIBUTE' },
    own: { attributes: { keyframe: { type: 'checkbox', read_only: true } } },
    offence: (labels) => Object.assign(first(labels), { keyframe: true }),
  },
];

describe.skipIf(dataFolder === null)('what the label schema forbids stays as it was, and the load says why:', () => {
  test.for(restrictions)('$flag', async ({ common, own, rule, offence }, { loop }) => {
    const mediaRoot = rootOf('two-flies');
    const dataset = await loop.import(fiftyOneFolder('two-flies'), { mediaRoot });
    const before = await loop.exported(dataset, { mediaRoot });
    const forms = {
      for_all: { labelSchema: ['frames.detections'], ...common },
      for_one: { labelSchema: { 'frames.detections': own } },
    };
    for (const [annoKey, form] of Object.entries(forms)) {
      const run = await loop.annotate(dataset, { annoKey, ...form });
      await loop.play(run, (line) => offence(labelsOf(line, 'frames.detections', 12)));
      const { counts, findings } = await loop.load(dataset, { annoKey });
      expect(findings).toEqual([expect.objectContaining({ kind: 'REFUSED', rule, frame: 12, outcome: 'kept ours' })]);
      expect(counts).toMatchObject({ refused: 1, edited: 0, added: 0, deleted: 0 });
    }
    expect(await loop.exported(dataset, { mediaRoot })).toEqual(before);
    expect(await loop.labelChanges()).toBe(0);
  });
});

describe.skipIf(dataFolder === null)('a real dataset that is edited while the work is out', () => {
  test('keeps its edits, takes those of the annotators, and holds what both changed', async ({ loop }) => {
    const mediaRoot = rootOf('blood-cells');
    const dataset = await loop.import(fiftyOneFolder('blood-cells'), { mediaRoot });
    const before = await loop.exported(dataset, { mediaRoot });
    const [sample] = before.samples as [Document];
    const ids = labelsIn(sample, 'ground_truth').map(idOf);
    const [ours, both, theirs, gone, parts] = ids as [string, string, string, string, string];
    const run = await loop.annotate(dataset, { labelSchema: ['ground_truth'] });

    const change = (labelId: string, set: { [key: string]: Json }) => ({
      sampleId: idOf(sample),
      frame: 0,
      labelId,
      set,
    });
    const add = { label: 'WBC', bounding_box: [0.1, 0.1, 0.2, 0.2] };
    await loop.edit(dataset, 'ground_truth', [
      change(ours, { label: 'Platelets' }),
      change(both, { label: 'Platelets' }),
      change(parts, { label: 'Platelets' }),
      { sampleId: idOf(sample), frame: 0, labelId: gone, delete: true },
      { sampleId: idOf(sample), frame: 0, add },
    ]);
    const changed = await loop.exported(dataset, { mediaRoot });
    await loop.play(run, (line) => {
      if (line.sample !== idOf(sample)) return;
      for (const label of labelsOf(line, 'ground_truth') as Document[]) {
        if (label.id === both || label.id === theirs) label.label = 'WBC';
        if (label.id === gone || label.id === parts) label.bounding_box = [0.2, 0.2, 0.3, 0.3];
      }
    });
    const { counts, findings } = await loop.load(dataset);
    expect(counts).toMatchObject({ conflicting: 2, edited: 2, deleted: 0, added: 0 });
    const told = findings.map(({ kind, labelId, rule, outcome }) => ({ kind, labelId, rule, outcome }));
    expect(told).toHaveLength(2);
    expect(told).toEqual(
      expect.arrayContaining([
        { kind: 'CONFLICT', labelId: both, rule: 'CHANGED_ON_BOTH_SIDES', outcome: 'held' },
        { kind: 'CONFLICT', labelId: gone, rule: 'DELETED_HERE_EDITED_THERE', outcome: 'held' },
      ]),
    );

    labelIn(changed.samples, 'ground_truth', theirs).label = 'WBC';
    labelIn(changed.samples, 'ground_truth', parts).bounding_box = [0.2, 0.2, 0.3, 0.3];
    expect(await loop.exported(dataset, { mediaRoot })).toEqual(changed);
  });
});
