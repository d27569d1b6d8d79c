import { describe, expect } from 'vitest';
import type { Label } from '../../domain/labels/index.js';
import type { Operation } from '../../domain/run/index.js';
import type { StoredField } from '../../storage/stores.js';
import { type DaemonStage, test } from './daemon-stage.js';

const box = (id: string, label: string): Label => ({
  ...{ id: id.padStart(24, '0'), label, geometry: '{"bounding_box":[0,0,1,1]}' },
  ...{ attributes: null, index: null, confidence: null, tags: null },
});

/** A dataset with a field, a run on it, and what a load put there: one box on each of the samples. */
async function loaded(stage: DaemonStage, images: number) {
  const { storage } = stage;
  const dataset = await stage.dataset(images);
  const run = await stage.run(dataset);
  const load = await stage.ask('LOAD', {}, { datasetId: dataset.id, runId: run.id });
  const { items } = await storage.samples.list(dataset.id, { first: images });
  const keys = items.map(({ item }) => item.key);
  const field = await storage.transaction((tx) =>
    storage.datasets.ensureField(tx, dataset.id, { name: 'truth', type: 'Detections', document: null }),
  );
  await storage.transaction(async (tx) => {
    await storage.labels.write(
      tx,
      field,
      keys.map((sampleKey) => ({ ...nothing, sampleKey, becomesEmptyList: true })),
    );
    tx.emit({ kind: 'LABELS_CHANGED', datasetId: dataset.id, detail: {} });
  });
  await storage.transaction(async (tx) => {
    await storage.labels.write(
      tx,
      field,
      keys.map((sampleKey) => ({ ...nothing, sampleKey, additions: [box('a', 'cat')] })),
    );
    tx.emit({ kind: 'LABELS_CHANGED', datasetId: dataset.id, runId: run.id, operationId: load.id, detail: {} });
    await storage.operations.update(tx, load.id, { state: 'SUCCEEDED', dueAt: null });
  });
  return { dataset, run, load, field, keys };
}

const nothing = { frame: 0, updates: [], additions: [], deletions: [], becomesEmptyList: false } as const;

async function labelsOn(stage: DaemonStage, field: StoredField, key: number): Promise<(string | null)[]> {
  const values = await stage.storage.labels.values(field, [key]);
  return (values.get(key)?.get(0)?.labels ?? []).map(({ label }) => label);
}

const revert = (stage: DaemonStage, load: Operation) =>
  stage.ask('REVERT', { operationId: load.id }, { datasetId: load.datasetId ?? 0, runId: load.runId ?? '' });

describe('taking a load back', () => {
  test('undoes what it did; what was changed since stays and is counted', async ({ stage }) => {
    const { load, field, keys } = await loaded(stage, 120);
    const [first = 0, second = 0] = keys;
    const versions = await stage.storage.transaction((tx) => stage.storage.labels.versions(tx, field, [first], 0));
    const key = versions.get(first)?.get(0)?.current?.[0]?.key ?? 0;
    await stage.storage.transaction(async (tx) => {
      await stage.storage.labels.write(tx, field, [
        { ...nothing, sampleKey: first, updates: [{ key, label: box('a', 'dog') }] },
      ]);
      tx.emit({ kind: 'LABELS_CHANGED', datasetId: field.datasetId, detail: {} });
    });
    await stage.start();
    const done = await stage.untilOver(await revert(stage, load));
    expect(done).toMatchObject({ state: 'SUCCEEDED', result: { reverted: 119, changedSince: 1 } });
    expect(await labelsOn(stage, field, first)).toEqual(['dog']);
    expect(await labelsOn(stage, field, second)).toEqual([]);
  });

  test('is refused for anything but a load', async ({ stage }) => {
    await stage.start();
    const other = await stage.untilOver(await stage.ask('DELETE_DATASET', {}, { datasetId: 999 }));
    const refused = await stage.untilOver(await revert(stage, other));
    expect(refused.error).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
