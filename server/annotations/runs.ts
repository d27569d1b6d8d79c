import { AnnoKeyInUseError, NotFoundError, RunBusyError, RunStateError } from '../../domain/errors/index.js';
import type { Json } from '../../domain/labels/index.js';
import { mayMove, type Operation, type RunState, runMoves } from '../../domain/run/index.js';
import type { RunRecord, Transaction } from '../../storage/stores.js';
import type { AnnotationContext } from '../context.js';
import { eventOf } from '../events.js';
import { checkAnnoKey } from './anno-key.js';
import { datasetNamed, runNamed } from './find.js';
import { requestOperation } from './operations.js';
import { credentialsOf } from './parse-json.js';

export interface RunName {
  /** Name of the dataset. */
  readonly dataset: string;
  readonly annoKey: string;
}

/** What deleting records left behind. */
export interface DeletedRuns {
  readonly annoKeys: readonly string[];
  readonly remains: readonly string[];
}

/** Gives a run another key; remote things keep their names. Throws NOT_FOUND, INVALID_ANNO_KEY, ANNO_KEY_IN_USE. */
export async function renameRun(context: AnnotationContext, name: RunName, newKey: string): Promise<RunRecord> {
  const { storage } = context;
  checkAnnoKey(newKey);
  const { run } = await runNamed(storage, name.dataset, name.annoKey);
  if (newKey === run.annoKey) throw new AnnoKeyInUseError(newKey);
  await storage.transaction(async (tx) => {
    await storage.runs.rename(tx, run.datasetId, run.annoKey, newKey);
    tx.emit(eventOf('RUN_RENAMED', about(run, { annoKey: run.annoKey, newKey })));
  });
  return { ...run, annoKey: newKey };
}

/** Ends a run: nothing of it is sent or watched any more. What is at the backend stays. Throws NOT_FOUND, RUN_STATE. */
export async function cancelRun(context: AnnotationContext, name: RunName): Promise<RunRecord> {
  const { run } = await runNamed(context.storage, name.dataset, name.annoKey);
  if (run.state === 'CANCELLED') return run;
  return moveRun(context, run, 'CANCELLED', null);
}

/** Starts a failed run again from where it stopped; what was sent is found again. Throws NOT_FOUND, RUN_STATE. */
export async function retryRun(context: AnnotationContext, name: RunName): Promise<RunRecord> {
  const { run } = await runNamed(context.storage, name.dataset, name.annoKey);
  if (run.state !== 'FAILED')
    throw new RunStateError(run.annoKey, run.state, 'started again', 'Only a FAILED run can.');
  // Preparing finds what is there already and makes the tasks due that are missing.
  return moveRun(context, run, 'PREPARING', Date.now());
}

/** Looks at the run again inside the transaction: the daemon may have moved it since. */
async function moveRun(
  { storage }: AnnotationContext,
  { id, annoKey }: RunRecord,
  to: RunState,
  dueAt: number | null,
): Promise<RunRecord> {
  return storage.transaction(async (tx) => {
    const run = await storage.runs.byId(id, tx);
    if (!run) throw new NotFoundError('run', annoKey, 'Its record was deleted a moment ago.');
    if (!mayMove(runMoves, run.state, to))
      throw new RunStateError(run.annoKey, run.state, `moved to ${to}`, 'See its state.');
    await storage.runs.update(tx, id, { state: to, error: null, dueAt });
    tx.emit(eventOf('RUN_STATE_CHANGED', about(run, { annoKey: run.annoKey, from: run.state, to })));
    return { ...run, state: to, error: null };
  });
}

/** Asks the daemon to delete what the run created at its backend, and nothing else. Throws NOT_FOUND. */
export async function cleanupRun(
  context: AnnotationContext,
  name: RunName & { readonly credentials?: Json | undefined; readonly idempotencyKey?: string | null | undefined },
): Promise<Operation> {
  const { run } = await runNamed(context.storage, name.dataset, name.annoKey);
  const { datasetId, id: runId } = run;
  const secrets = credentialsOf(name.credentials);
  return requestOperation(context, {
    kind: 'CLEANUP',
    datasetId,
    runId,
    request: {},
    secrets,
    idempotencyKey: name.idempotencyKey,
  });
}

/**
 * Deletes the record of a run: neither labels nor remote work. Tells what remains. Throws NOT_FOUND, and RUN_BUSY while
 * an operation on it is not over.
 */
export async function deleteRun(context: AnnotationContext, name: RunName): Promise<DeletedRuns> {
  const { run } = await runNamed(context.storage, name.dataset, name.annoKey);
  return deleteRecords(context, [run]);
}

/** Deletes the records of all runs of a dataset, as `deleteRun` does; all or none. */
export async function deleteRuns(context: AnnotationContext, dataset: string): Promise<DeletedRuns> {
  const { storage } = context;
  const { id: datasetId } = await datasetNamed(storage, dataset);
  const runs: RunRecord[] = [];
  let after: string | null = null;
  do {
    const { items, hasMore } = await storage.runs.list({ first: 500, after }, { datasetId });
    runs.push(...items.map(({ item }) => item));
    after = hasMore ? (items.at(-1)?.cursor ?? null) : null;
  } while (after !== null);
  return deleteRecords(context, runs);
}

async function deleteRecords(context: AnnotationContext, runs: readonly RunRecord[]): Promise<DeletedRuns> {
  const { storage } = context;
  for (const run of runs) await checkIdle(context, run);
  const remains = await Promise.all(runs.map((run) => remainsOf(context, run)));
  await storage.transaction(async (tx) => {
    for (const [i, run] of runs.entries()) await deleteRecord(context, tx, run, remains[i] ?? []);
  });
  return { annoKeys: runs.map(({ annoKey }) => annoKey), remains: remains.flat() };
}

async function deleteRecord(
  { storage }: AnnotationContext,
  tx: Transaction,
  run: RunRecord,
  remains: string[],
): Promise<void> {
  await storage.runs.delete(tx, run.id);
  tx.emit(eventOf('RUN_DELETED', about(run, { annoKey: run.annoKey, remains })));
}

async function checkIdle({ storage }: AnnotationContext, run: RunRecord): Promise<void> {
  const open = await storage.operations.list({ first: 1 }, { runId: run.id, states: ['QUEUED', 'RUNNING'] });
  const operation = open.items[0]?.item;
  if (operation) throw new RunBusyError(run.annoKey, String(operation.id), operation.kind);
}

async function remainsOf({ storage }: AnnotationContext, run: RunRecord): Promise<string[]> {
  const { PLANNED: _planned, GONE: _gone, ...there } = await storage.runs.taskCounts(run.id);
  const tasks = Object.values(there).reduce((sum, count) => sum + count, 0);
  const labels = `Run "${run.annoKey}": all labels of the dataset, those that its loads brought among them.`;
  if (tasks === 0) return [labels];
  return [
    labels,
    `Run "${run.annoKey}": ${tasks} task${tasks === 1 ? '' : 's'} at ${run.backend}, named after ${run.id}. Delete them there; next time run cleanupRun first.`,
  ];
}

const about = (run: RunRecord, detail: Record<string, Json>) => ({ datasetId: run.datasetId, runId: run.id, detail });
