import { runItems, samplesLoadedBy, upsertRunItems } from './runs/run-items.js';
import { runLabels, writeRunLabels } from './runs/run-labels.js';
import { createRun, deleteRun, listRuns, renameRun, runById, runByKey, updateRun } from './runs/run-records.js';
import { runMembers, runSamples } from './runs/run-samples.js';
import { listTasks, planTasks, taskById, taskByPart, taskCounts, updateTask } from './runs/tasks.js';
import { type Database, readerOf } from './sql.js';
import type { RunStore } from './stores.js';

/** Runs, their frozen membership, what was sent and came back, and their tasks. */
export const createRunStore = (database: Database): RunStore => ({
  create: (tx, run) => createRun(tx, run, Date.now()),
  byKey: (datasetId, annoKey, tx) => runByKey(readerOf(database, tx), datasetId, annoKey),
  byId: (id, tx) => runById(readerOf(database, tx), id),
  list: (page, filter = {}) => listRuns(database, page, filter),
  update: (tx, id, change) => updateRun(tx, id, change, Date.now()),
  rename: renameRun,
  delete: deleteRun,
  samples: (runId, page) => runSamples(database, runId, page),
  members: (runId, sampleKeys, tx) => runMembers(readerOf(database, tx), runId, sampleKeys),
  planTasks: (tx, runId, size) => planTasks(tx, runId, size, Date.now()),
  items: (tx, runId, fieldId, sampleKeys) => runItems(readerOf(database, tx), runId, fieldId, sampleKeys),
  upsertItems: upsertRunItems,
  loadedBy: (runId, operationId, sampleKeys) => samplesLoadedBy(database, runId, operationId, sampleKeys),
  runLabels: (tx, runId, fieldId, sampleKeys) => runLabels(readerOf(database, tx), runId, fieldId, sampleKeys),
  writeRunLabels,
  tasks: (runId, page, filter = {}) => listTasks(database, runId, page, filter),
  task: (id, tx) => taskById(readerOf(database, tx), id),
  taskByPart: (runId, part, tx) => taskByPart(readerOf(database, tx), runId, part),
  taskCounts: (runId) => taskCounts(database, runId),
  updateTask: (tx, id, change) => updateTask(tx, id, change, Date.now()),
});
