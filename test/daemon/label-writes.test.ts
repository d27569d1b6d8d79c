import { describe, expect, test } from 'vitest';
import { labelWrites } from '../../daemon/import/label-writes.js';
import type { Label } from '../../domain/labels/index.js';
import type { StoredField, StoredLabel } from '../../storage/stores.js';

const field = (type: string): StoredField => ({ id: 1, datasetId: 1, name: 'f', type, document: null, labelCount: 0 });
const box = (id: string, label = 'cat'): Label => ({
  id,
  label,
  geometry: '{}',
  attributes: null,
  index: null,
  confidence: null,
  tags: null,
});
const stored = (id: string, key: number, label = 'cat'): StoredLabel => ({
  ...box(id, label),
  key,
  frame: 0,
  position: key,
  validFrom: 1,
});
const given = (...labels: Label[]) => ({ sampleKey: 5, frame: 0, labels });

describe('labels of a file', () => {
  test('join those that are there: known ids are replaced, others added, the rest stays', () => {
    const writes = labelWrites(field('Detections'), given(box('a', 'dog'), box('c')), [stored('a', 1), stored('b', 2)]);
    expect(writes).toEqual({
      sampleKey: 5,
      frame: 0,
      updates: [{ key: 1, label: box('a', 'dog') }],
      additions: [box('c')],
      deletions: [],
      becomesEmptyList: false,
    });
  });

  test('that are there already write nothing', () => {
    expect(labelWrites(field('Detections'), given(box('a')), [stored('a', 1)])).toBeNull();
  });

  test('take the place of the one label of a field that holds one', () => {
    const writes = labelWrites(field('Classification'), given(box('b')), [stored('a', 1)]);
    expect(writes).toMatchObject({ additions: [box('b')], deletions: [1] });
  });

  test('make an empty list of null where the file has an empty list', () => {
    expect(labelWrites(field('Detections'), given(), null)).toMatchObject({ becomesEmptyList: true });
    expect(labelWrites(field('Detections'), given(), [])).toBeNull();
  });
});
