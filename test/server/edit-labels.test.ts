import { describe, expect } from 'vitest';
import { labelFromDocument } from '../../domain/labels/index.js';
import { box, type Gateway, hex, street, test } from './gateway.js';

const boxes = [[box(1, { confidence: 0.9, tags: ['checked'] }), box(2)], [box(3)]];
const mutation = `mutation ($field: String! = "ground_truth", $edits: [LabelEditInput!]!) {
  editLabels(dataset: "street", field: $field, edits: $edits) { added edited deleted }
}`;
const [first, second] = [hex('a', 0), hex('a', 1)];

const labelsOf = async (gateway: Gateway, sampleId: string) =>
  (
    await gateway.data(
      `{ sample(dataset: "street", id: "${sampleId}") { labels(fields: ["ground_truth"]) { labels { id label geometry attributes confidence tags } } } }`,
    )
  ).sample.labels[0].labels;

describe('editLabels', () => {
  test('sets members of a label and leaves the others', async ({ gateway }) => {
    await street(gateway.storage, boxes);
    const edits = [{ sampleId: first, labelId: hex('b', 1), set: { label: 'bus', mood: 'calm', tags: null } }];
    expect((await gateway.data(mutation, { edits })).editLabels).toEqual({ added: 0, edited: 1, deleted: 0 });
    expect((await labelsOf(gateway, first))[0]).toEqual({
      id: hex('b', 1),
      label: 'bus',
      geometry: { bounding_box: [0.1, 0.1, 0.2, 0.2] },
      attributes: { mood: 'calm' },
      confidence: 0.9,
      tags: [],
    });
  });

  test('adds at the end and deletes, in one transaction with one event', async ({ gateway }) => {
    await street(gateway.storage, boxes);
    const edits = [
      { sampleId: first, add: { label: 'van', bounding_box: [0, 0, 1, 1] }, labelId: hex('c', 1) },
      { sampleId: first, labelId: hex('b', 1), delete: true },
      { sampleId: second, labelId: hex('b', 3), delete: true },
    ];
    expect((await gateway.data(mutation, { edits })).editLabels).toEqual({ added: 1, edited: 0, deleted: 2 });
    expect((await labelsOf(gateway, first)).map(({ id }: { id: string }) => id)).toEqual([hex('b', 2), hex('c', 1)]);
    expect(await labelsOf(gateway, second)).toEqual([]);
    const events = await gateway.storage.events.read(1, 10);
    expect(events).toMatchObject([
      { kind: 'LABELS_CHANGED', detail: { field: 'ground_truth', added: 1, edited: 0, deleted: 2, samples: 2 } },
    ]);
  });

  test('counts a label that is set and then deleted as deleted', async ({ gateway }) => {
    await street(gateway.storage, boxes);
    const at = { sampleId: first, labelId: hex('b', 1) };
    const edits = [
      { ...at, set: { label: 'x' } },
      { ...at, set: { label: 'y' } },
      { ...at, delete: true },
    ];
    expect((await gateway.data(mutation, { edits })).editLabels).toEqual({ added: 0, edited: 0, deleted: 1 });
  });

  const refused: readonly (readonly [string, Record<string, unknown>, string])[] = [
    ['a sample that there is not', { sampleId: hex('a', 9), labelId: hex('b', 1), delete: true }, 'NOT_FOUND'],
    ['a label that there is not', { sampleId: first, labelId: hex('b', 9), delete: true }, 'LABEL_EDIT_INVALID'],
    ['no label', { sampleId: first, delete: true }, 'LABEL_EDIT_INVALID'],
    ['nothing to do', { sampleId: first, labelId: hex('b', 1) }, 'LABEL_EDIT_INVALID'],
    ['two things to do', { sampleId: first, labelId: hex('b', 1), delete: true, set: {} }, 'LABEL_EDIT_INVALID'],
    [
      'an id in use',
      { sampleId: first, labelId: hex('b', 1), add: { bounding_box: [0, 0, 1, 1] } },
      'LABEL_EDIT_INVALID',
    ],
    [
      'an id that is none',
      { sampleId: first, labelId: 'x', add: { bounding_box: [0, 0, 1, 1] } },
      'LABEL_EDIT_INVALID',
    ],
    ['a box without a box', { sampleId: first, add: { label: 'car' } }, 'LABEL_EDIT_INVALID'],
    [
      'a box of three numbers',
      { sampleId: first, labelId: hex('b', 1), set: { bounding_box: [0, 0, 1] } },
      'LABEL_EDIT_INVALID',
    ],
    ['a frame of an image', { sampleId: first, frame: 3, labelId: hex('b', 1), delete: true }, 'LABEL_EDIT_INVALID'],
  ];
  for (const [what, edit, code] of refused) {
    test(`refuses ${what}, and then nothing of the call is done`, async ({ gateway }) => {
      await street(gateway.storage, boxes);
      const fine = { sampleId: second, labelId: hex('b', 3), delete: true };
      expect(await gateway.code(mutation, { edits: [fine, edit] })).toBe(code);
      expect(await labelsOf(gateway, second)).toHaveLength(1);
      expect(await gateway.storage.events.latest()).toBe(1);
    });
  }

  test('refuses fields without labels, and unknown ones', async ({ gateway }) => {
    await street(gateway.storage, boxes);
    const edits = [{ sampleId: first, labelId: hex('b', 1), delete: true }];
    expect(await gateway.code(mutation, { edits, field: 'weather' })).toBe('INVALID_ARGUMENT');
    expect(await gateway.code(mutation, { edits, field: 'nothing' })).toBe('UNKNOWN_FIELD');
    expect(await gateway.code(mutation, { edits: [] })).toBe('INVALID_ARGUMENT');
  });

  test('keeps a field of one label at one', async ({ gateway }) => {
    const { id } = await street(gateway.storage, boxes);
    const { storage } = gateway;
    await storage.transaction(async (tx) => {
      const field = await storage.datasets.ensureField(tx, id, {
        name: 'scene',
        type: 'Classification',
        document: null,
      });
      const [sample] = await storage.samples.byHex(id, [first], tx);
      const additions = [labelFromDocument('Classification', { label: 'street' }, hex('c', 7))];
      await storage.labels.write(tx, field, [
        { sampleKey: sample?.key ?? 0, frame: 0, updates: [], additions, deletions: [], becomesEmptyList: false },
      ]);
      tx.emit({ kind: 'LABELS_CHANGED', datasetId: id, detail: {} });
    });
    const add = { sampleId: first, add: { label: 'square' } };
    expect(await gateway.code(mutation, { field: 'scene', edits: [add] })).toBe('LABEL_EDIT_INVALID');
    const edits = [{ sampleId: first, labelId: hex('c', 7), delete: true }, add];
    expect((await gateway.data(mutation, { field: 'scene', edits })).editLabels).toEqual({
      added: 1,
      edited: 0,
      deleted: 1,
    });
  });
});
