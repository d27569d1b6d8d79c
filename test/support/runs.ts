import type { Database } from '../../storage/database.js';
import { createRunStore } from '../../storage/run-store.js';
import type { NewRun, RunRecord } from '../../storage/stores.js';
import { addDataset, addField, addSamples, newHex, type SampleRow } from './rows.js';

/** A run on all samples of a dataset, through the folder backend. */
export const newRun = (datasetId: number, given: Partial<NewRun> = {}): NewRun => ({
  id: newHex(),
  datasetId,
  annoKey: 'boxes',
  backend: 'folder',
  labelSchema: {},
  mediaField: 'filepath',
  mediaType: 'image',
  parameters: {},
  view: null,
  selection: { unit: 'sample', fields: {} },
  warnings: [],
  launchEditor: false,
  author: null,
  ...given,
});

/** Records a run with the event that belongs to it. */
export const recordRun = (database: Database, run: NewRun): Promise<RunRecord> =>
  database.transaction(async (tx) => {
    tx.emit({ kind: 'RUN_CREATED', datasetId: run.datasetId, runId: run.id, detail: {} });
    return createRunStore(database).create(tx, run);
  });

/** A dataset of images with one field, and a run on all of it. */
export async function runOnSamples(
  database: Database,
  count: number,
  given: Partial<NewRun> = {},
): Promise<{ run: RunRecord; samples: readonly SampleRow[]; fieldId: number; datasetId: number }> {
  const datasetId = await addDataset(database);
  const samples = await addSamples(database, datasetId, count);
  const fieldId = await addField(database, datasetId, 'ground_truth');
  return { run: await recordRun(database, newRun(datasetId, given)), samples, fieldId, datasetId };
}
