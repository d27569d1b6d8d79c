import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { WholeSample } from '../domain/labels/index.js';
import { annotate } from '../server/annotations/annotate.js';
import type { Storage } from '../storage/stores.js';
import { annotateAll } from './annotators.js';
import { boxField, boxSamples } from './boxes.js';
import { newId, outbox, untilRun, type World, withDaemon } from './world.js';

const samplesAPage = 250;

/** A dataset of boxes in the database. */
export async function makeDataset(storage: Storage, labels: number): Promise<number> {
  const { id } = await storage.transaction(async (tx) => {
    const made = await storage.datasets.create(tx, {
      hex: newId(),
      name: 'bench',
      mediaType: 'image',
      document: null,
      persistent: true,
      maskTargets: {},
      defaultMaskTargets: null,
      groupField: null,
      groupMediaTypes: {},
      defaultGroupSlice: null,
      foreignRuns: null,
    });
    await storage.datasets.ensureField(tx, made.id, { name: boxField, type: 'Detections', document: null });
    tx.emit({ kind: 'DATASET_CREATED', datasetId: made.id, detail: { name: 'bench' } });
    return made;
  });
  let page: WholeSample[] = [];
  const flush = async (): Promise<void> => {
    const samples = page;
    page = [];
    await storage.transaction(async (tx) => {
      await storage.samples.insertWhole(tx, id, samples, []);
      tx.emit({ kind: 'SAMPLES_ADDED', datasetId: id, detail: { samples: samples.length } });
    });
  };
  for (const sample of boxSamples(labels)) {
    page.push(sample);
    if (page.length === samplesAPage) await flush();
  }
  if (page.length > 0) await flush();
  await storage.transaction(async (tx) => {
    await storage.datasets.afterImport(tx);
  });
  return id;
}

/** Dataset, two runs sent out, one rewritten untouched and one with edits, and 1 % of the labels edited here meanwhile. */
export async function prepare(
  options: World & { readonly labels: number },
): Promise<{ datasetId: number; untouched: string; edited: string }> {
  return withDaemon(options, async ({ context }) => {
    const { storage } = context;
    const datasetId = await makeDataset(storage, options.labels);
    const [untouched, edited] = [await send(context, options, 'untouched'), await send(context, options, 'edited')];
    await annotateAll(await runFolder(options, untouched), false);
    await annotateAll(await runFolder(options, edited), true);
    for (const id of [untouched, edited]) await untilRun(storage, id, 'COMPLETED');
    await editHere(storage, datasetId);
    return { datasetId, untouched, edited };
  });
}

async function send(
  context: Parameters<Parameters<typeof withDaemon>[1]>[0]['context'],
  world: World,
  annoKey: string,
): Promise<string> {
  const { storage, registry, config } = context;
  const run = await annotate(
    { storage, registry, config: () => config(), author: null },
    {
      dataset: 'bench',
      annoKey,
      backend: 'folder',
      labelField: boxField,
      parameters: { folder: outbox(world) },
      attributes: true,
      compatible: true,
    },
  );
  await untilRun(storage, run.id, 'ANNOTATING');
  return run.id;
}

async function runFolder(world: World, runId: string): Promise<string> {
  const name = (await readdir(outbox(world))).find((candidate) => candidate.endsWith(runId));
  if (name === undefined) throw new Error(`run ${runId} has no folder`);
  return join(outbox(world), name);
}

/** 1 % of the labels get another class in the dataset, so that history and conflicts are real. */
async function editHere(storage: Storage, datasetId: number): Promise<void> {
  const field = (await storage.datasets.fields(datasetId)).find(({ name }) => name === boxField);
  if (field === undefined) throw new Error('no field');
  let n = 0;
  for await (const page of storage.labels.scan(field)) {
    const chosen = page.filter(() => n++ % 100 === 50);
    await storage.transaction(async (tx) => {
      const writes = chosen.map((label) => ({
        sampleKey: Math.floor(label.key / 2 ** 22),
        frame: 0,
        updates: [{ key: label.key, label: { ...label, label: 'horse' } }],
        additions: [],
        deletions: [],
        becomesEmptyList: false,
      }));
      await storage.labels.write(tx, field, writes);
      tx.emit({ kind: 'LABELS_CHANGED', datasetId, detail: { field: boxField, edited: writes.length } });
    });
  }
}
