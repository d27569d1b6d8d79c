import type { JsonObject, WholeFrame, WholeSample } from '../../domain/labels/index.js';
import type { DatasetReader } from '../../formats/format.js';
import type { Dataset, Transaction } from '../../storage/stores.js';
import { eventOf } from '../moves.js';
import { goOn } from '../operation-end.js';
import { type ItemPage, pagesOf } from '../pages.js';
import { totalsJson } from './cursor.js';
import { datasetFor } from './find-dataset.js';
import type { ImportJob } from './import-job.js';

/** What kinds of import that add samples have in common. */
export interface Filling {
  /** Opens what is read; called again to read it from the start. */
  open(): Promise<DatasetReader>;
  /** The dataset's name; null: the reader's, else `fallbackName`. */
  readonly name: string | null;
  readonly fallbackName: string;
  readonly extend: boolean;
  /** Which of a page's samples are new; by default all, and storage passes over ids that are there. */
  newOnes?(dataset: Dataset, samples: readonly WholeSample[]): Promise<readonly WholeSample[]>;
}

/**
 * Adds samples and frames to a dataset, page by page, and tells what was done. A new dataset is deleted if that fails;
 * an existing one is touched only after everything was read once and found to be sound.
 */
export async function fillDataset(job: ImportJob, filling: Filling): Promise<JsonObject> {
  const reader = await filling.open();
  try {
    const name = filling.name ?? reader.header.name ?? filling.fallbackName;
    if (!job.cursor.checked && (await isThere(job, name))) await readThrough(job, filling);
    const dataset = await datasetFor(job, reader.header, name, filling.extend);
    await addSamples(job, dataset, reader, filling);
    await addFrames(job, dataset, reader);
    return resultOf(job, dataset, reader);
  } finally {
    await reader.close();
  }
}

async function isThere(job: ImportJob, name: string): Promise<boolean> {
  return job.cursor.datasetId === null
    ? (await job.context.storage.datasets.byName(name)) !== null
    : !job.cursor.created;
}

/** Reads everything without writing anything: whatever is malformed throws here. */
async function readThrough(job: ImportJob, filling: Filling): Promise<void> {
  const { context, operation, lease, signal } = job;
  const reader = await filling.open();
  try {
    for await (const _page of pagesOf(reader.samples(), job.budget)) await goOn(context, operation, signal);
    for await (const _page of pagesOf(reader.frames(), job.budget)) await goOn(context, operation, signal);
  } finally {
    await reader.close();
  }
  await context.storage.transaction((tx) => job.remember(tx, { checked: true }), { lease });
}

async function addSamples(job: ImportJob, dataset: Dataset, reader: DatasetReader, filling: Filling): Promise<void> {
  for await (const page of pagesOf(reader.samples(), job.budget)) {
    job.seen.samples += page.items.length;
    const items = filling.newOnes === undefined ? page.items : await filling.newOnes(dataset, page.items);
    if (items.length > 0) await job.page((tx) => writeSamples(job, tx, dataset, { ...page, items }));
  }
}

async function writeSamples(job: ImportJob, tx: Transaction, dataset: Dataset, page: ItemPage<WholeSample>) {
  const { added: samples, labels } = await job.context.storage.samples.insertWhole(
    tx,
    dataset.id,
    page.items,
    page.masks,
  );
  tellAdded(job, tx, dataset, { samples, frames: 0, labels });
  return { samples, labels };
}

async function addFrames(job: ImportJob, dataset: Dataset, reader: DatasetReader): Promise<void> {
  for await (const page of pagesOf(reader.frames(), job.budget)) {
    job.seen.frames += page.items.length;
    await job.page((tx) => writeFrames(job, tx, dataset, page));
  }
}

async function writeFrames(job: ImportJob, tx: Transaction, dataset: Dataset, page: ItemPage<WholeFrame>) {
  const { frames, labels } = await job.context.storage.samples.insertFrames(tx, dataset.id, page.items, page.masks);
  tellAdded(job, tx, dataset, { samples: 0, frames, labels });
  // A page of frames takes an event number also where all of them are there already: it must be used.
  if (frames === 0)
    tx.emit(
      eventOf('OPERATION_PROGRESS', {
        operationId: job.operation.id,
        detail: { kind: 'IMPORT', read: { ...job.seen } },
      }),
    );
  return { frames, labels };
}

function tellAdded(
  job: ImportJob,
  tx: Transaction,
  dataset: Dataset,
  added: { samples: number; frames: number; labels: number },
): void {
  if (added.samples + added.frames === 0) return;
  tx.emit(eventOf('SAMPLES_ADDED', { datasetId: dataset.id, operationId: job.operation.id, detail: added }));
}

function resultOf(job: ImportJob, dataset: Dataset, reader: DatasetReader): JsonObject {
  const { samples, frames, labels } = totalsJson(job.cursor.totals);
  const there = job.seen.samples - job.cursor.totals.samples;
  return {
    datasetId: dataset.id,
    dataset: dataset.name,
    created: job.cursor.created,
    samples: samples ?? 0,
    frames: frames ?? 0,
    labels: labels ?? 0,
    alreadyThere: Math.max(0, there),
    report: reader.report().map((line) => ({ ...line })),
  };
}
