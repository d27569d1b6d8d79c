import type { JsonObject } from '../../domain/labels/index.js';
import type { Operation } from '../../domain/run/index.js';
import type { Step } from '../context.js';
import { eventOf } from '../moves.js';
import { succeed } from '../operation-end.js';
import { PageBudget } from '../pages.js';
import { atRest } from '../run-states.js';

const fewest = 10;
const labelsPerSample = 20;

/** Deletes a dataset with all that hangs on it, page by page. One that is gone already is a success. */
export const deleteDataset: Step<Operation> = async (context, lease, operation, signal) => {
  const { storage } = context;
  const { datasetId, id: operationId } = operation;
  const dataset = datasetId === null ? null : await storage.datasets.byId(datasetId);
  const budget = new PageBudget();
  let isGone = dataset === null;
  while (!isGone && dataset !== null) {
    signal.throwIfAborted();
    const samples = Math.max(fewest, Math.round(budget.labels / labelsPerSample));
    const remove = () => storage.transaction((tx) => storage.datasets.deleteSome(tx, dataset.id, samples), { lease });
    isGone = await budget.page(remove, signal);
    context.crashPoint('delete-dataset:after-page');
  }
  const result: JsonObject = { datasetId, dataset: dataset?.name ?? null };
  await storage.transaction(
    async (tx) => {
      tx.emit(eventOf('DATASET_DELETED', { datasetId, operationId, detail: { name: dataset?.name ?? null } }));
      await succeed(context, tx, operation, result);
    },
    { lease },
  );
  return atRest;
};
