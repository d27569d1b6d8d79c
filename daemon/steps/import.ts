import type { JsonObject } from '../../domain/labels/index.js';
import type { ImportRequest, Lease, Operation } from '../../domain/run/index.js';
import type { DaemonContext, Step } from '../context.js';
import { cursorJson, readImportCursor } from '../import/cursor.js';
import { importDataset } from '../import/import-dataset.js';
import { ImportJob } from '../import/import-job.js';
import { importLabels } from '../import/import-labels.js';
import { importMedia } from '../import/import-media.js';
import { eventOf } from '../moves.js';
import { type Ending, endOperation, succeed } from '../operation-end.js';
import { PageBudget } from '../pages.js';
import { atRest } from '../run-states.js';

const samplesPerDeletion = 200;

/** Carries an import out to its end. Killed midway, it is begun anew and passes over what is there already. */
export const importStep: Step<Operation> = async (context, lease, operation, signal) => {
  const { storage } = context;
  const cursor = await readImportCursor(storage, operation);
  if (cursor.ending !== null) return finishUndoing(context, lease, operation, cursor.ending);
  const request = operation.request as unknown as ImportRequest;
  const result = await carryOut(new ImportJob(context, lease, operation, request, signal, cursor));
  context.crashPoint('import:before-finish');
  await storage.transaction((tx) => succeed(context, tx, operation, result), { lease });
  context.crashPoint('import:after-finish');
  return atRest;
};

function carryOut(job: ImportJob): Promise<JsonObject> {
  const { context, lease, operation, request, signal, cursor } = job;
  if (request.what === 'dataset')
    return importDataset(new ImportJob(context, lease, operation, request, signal, cursor));
  if (request.what === 'media') return importMedia(new ImportJob(context, lease, operation, request, signal, cursor));
  return importLabels(new ImportJob(context, lease, operation, request, signal, cursor));
}

/** A process was killed while it took the import back. */
async function finishUndoing(context: DaemonContext, lease: Lease, operation: Operation, ending: Ending) {
  await undoImport(context, lease, operation, ending);
  await endOperation(context, lease, operation.id, ending);
  return atRest;
}

/** Deletes the dataset that a failed or cancelled import made; one that was there before was not touched or is whole. */
export async function undoImport(
  context: DaemonContext,
  lease: Lease,
  operation: Operation,
  ending: Ending,
): Promise<void> {
  const { storage } = context;
  const cursor = await readImportCursor(storage, operation);
  if (!cursor.created || cursor.datasetId === null) return;
  const undoing = cursorJson({ ...cursor, ending });
  await storage.transaction((tx) => storage.operations.update(tx, operation.id, { cursor: undoing }), { lease });
  await deleteAll(context, lease, operation, cursor.datasetId);
}

async function deleteAll(context: DaemonContext, lease: Lease, operation: Operation, datasetId: number): Promise<void> {
  const { storage } = context;
  const budget = new PageBudget();
  const never = new AbortController().signal;
  for (
    let dataset = await storage.datasets.byId(datasetId);
    dataset !== null;
    dataset = await storage.datasets.byId(datasetId)
  ) {
    const { name } = dataset;
    await budget.page(
      () =>
        storage.transaction(
          async (tx) => {
            if (!(await storage.datasets.deleteSome(tx, datasetId, samplesPerDeletion))) return;
            tx.emit(eventOf('DATASET_DELETED', { datasetId, operationId: operation.id, detail: { name } }));
          },
          { lease },
        ),
      never,
    );
  }
}
