import { DatasetExistsError, DatasetMediaTypeError, NotFoundError } from '../../domain/errors/index.js';
import type { Field, JsonObject } from '../../domain/labels/index.js';
import type { DatasetHeader } from '../../formats/format.js';
import type { Dataset, Transaction } from '../../storage/stores.js';
import type { DaemonContext } from '../context.js';
import { eventOf } from '../moves.js';
import type { ImportJob } from './import-job.js';

/**
 * The dataset that an import fills, with all fields of the file: the one it began with, else the one of that name, else
 * a new one. Throws DATASET_EXISTS, DATASET_MEDIA_TYPE, FIELD_TYPE_CONFLICT; NOT_FOUND where it was deleted meanwhile.
 */
export async function datasetFor(
  job: ImportJob,
  header: DatasetHeader,
  name: string,
  extend: boolean,
): Promise<Dataset> {
  const { context, lease } = job;
  const dataset = await context.storage.transaction(
    async (tx) => {
      const found = await findOrMake(job, tx, header, name, extend);
      await ensureFields(context, tx, found, header.fields);
      return found;
    },
    { lease },
  );
  context.crashPoint('import:after-dataset');
  return dataset;
}

async function findOrMake(
  job: ImportJob,
  tx: Transaction,
  header: DatasetHeader,
  name: string,
  extend: boolean,
): Promise<Dataset> {
  const { datasets } = job.context.storage;
  if (job.cursor.datasetId !== null) return (await datasets.byId(job.cursor.datasetId, tx)) ?? deleted(name);
  const found = await datasets.byName(name, tx);
  if (found !== null && !extend) throw new DatasetExistsError(name);
  if (found !== null && found.mediaType !== header.mediaType && found.sampleCount > 0)
    throw new DatasetMediaTypeError(name, found.mediaType, header.mediaType);
  const dataset = found ?? (await make(job.context, tx, header, name));
  if (found !== null) await addMaskTargets(job.context, tx, found, header);
  await job.remember(tx, { datasetId: dataset.id, created: found === null });
  return dataset;
}

function deleted(name: string): never {
  throw new NotFoundError('dataset', name, 'It was deleted while the import was under way.');
}

async function make(context: DaemonContext, tx: Transaction, header: DatasetHeader, name: string): Promise<Dataset> {
  const { document, persistent, maskTargets, defaultMaskTargets, groupField, groupMediaTypes, defaultGroupSlice } =
    header;
  const { mediaType, runs } = header;
  const foreignRuns = Object.keys(runs).length === 0 ? null : (JSON.parse(JSON.stringify(runs)) as JsonObject);
  const kept = {
    document,
    persistent,
    maskTargets,
    defaultMaskTargets,
    groupField,
    groupMediaTypes,
    defaultGroupSlice,
  };
  const made = await context.storage.datasets.create(tx, {
    hex: context.newId(),
    name,
    mediaType,
    foreignRuns,
    ...kept,
  });
  tx.emit(eventOf('DATASET_CREATED', { datasetId: made.id, detail: { name, mediaType } }));
  return made;
}

/** Mask targets that the dataset has stay as they are. */
async function addMaskTargets(
  context: DaemonContext,
  tx: Transaction,
  found: Dataset,
  header: DatasetHeader,
): Promise<void> {
  const maskTargets = { ...header.maskTargets, ...found.maskTargets };
  if (Object.keys(maskTargets).length > Object.keys(found.maskTargets).length)
    await context.storage.datasets.update(tx, found.id, { maskTargets });
}

/** Makes the fields that are missing, each with its event. */
export async function ensureFields(
  context: DaemonContext,
  tx: Transaction,
  dataset: Dataset,
  fields: readonly Field[],
): Promise<void> {
  const { datasets } = context.storage;
  const known = new Set((await datasets.fields(dataset.id, tx)).map(({ name }) => name));
  for (const field of fields) {
    await datasets.ensureField(tx, dataset.id, field);
    if (!known.has(field.name))
      tx.emit(eventOf('FIELD_CREATED', { datasetId: dataset.id, detail: { field: field.name, type: field.type } }));
  }
}
