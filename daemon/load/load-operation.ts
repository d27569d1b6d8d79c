import { NotFoundError } from '../../domain/errors/index.js';
import type { JsonObject } from '../../domain/labels/index.js';
import { checkCounts, emptyCounts, resolveDestinations } from '../../domain/merge/index.js';
import { finishedTaskStates, type Lease, type Operation, type Run, type Task } from '../../domain/run/index.js';
import type { LoadRequest } from '../../domain/run/requests.js';
import { type RunField, runFields } from '../content/run-fields.js';
import type { DaemonContext, Next } from '../context.js';
import { atRest } from '../run-states.js';
import { finishLoad } from './finish-load.js';
import type { LoadProgress } from './load-page.js';
import type { LoadPlan } from './load-plan.js';
import { loadTask } from './load-task.js';
import { Routes } from './routes.js';
import { Targets } from './targets.js';

/**
 * Brings the annotators' work of a run's tasks home. Task by task, page by page, each page in one transaction with its
 * progress: after a crash the next daemon goes on where the last page was committed. A task that was loaded by this
 * operation is not loaded again by it.
 */
export async function loadOperation(
  context: DaemonContext,
  lease: Lease,
  operation: Operation,
  signal: AbortSignal,
): Promise<Next> {
  const { storage } = context;
  const run = operation.runId === null ? null : await storage.runs.byId(operation.runId);
  if (run === null) throw new NotFoundError('run', operation.runId ?? '', 'It was deleted; there is nothing to load.');
  const plan = await planLoad(context, run, operation);
  const targets = new Targets(storage, plan);
  await storage.transaction(
    async (tx) => {
      await targets.prepare(tx);
      tx.emit({
        kind: 'OPERATION_PROGRESS',
        datasetId: run.datasetId,
        runId: run.id,
        operationId: operation.id,
        detail: { kind: 'LOAD', phase: 'loading' },
      });
    },
    { lease },
  );
  let progress = progressOf(operation);
  const done = doneTasks(await storage.operations.cursor(operation.id));
  for await (const task of tasksToLoad(context, plan)) {
    if (done.has(task.id)) continue;
    signal.throwIfAborted();
    progress = await loadTask({ context, lease, plan, targets, task, signal }, progress);
    done.add(task.id);
    await finishTask(context, lease, operation, task, done);
  }
  checkCounts(progress.counts);
  await finishLoad(context, lease, plan, operation, targets, progress, done.size);
  return atRest;
}

/** The task is home, at the revision that it had before it was downloaded: if it moves on, a later load takes it again. */
async function finishTask(
  { storage }: DaemonContext,
  lease: Lease,
  operation: Operation,
  task: Task,
  done: ReadonlySet<number>,
): Promise<void> {
  await storage.transaction(
    async (tx) => {
      await storage.operations.update(tx, operation.id, { cursor: { tasks: [...done] } });
      await storage.runs.updateTask(tx, task.id, { loadedRevision: task.revision });
    },
    { lease },
  );
}

async function planLoad(context: DaemonContext, run: Run, operation: Operation): Promise<LoadPlan> {
  const request = operation.request as unknown as LoadRequest;
  const fields = await runFields(context.storage, run);
  const destinations = resolveDestinations(
    fields.map((field) => field.name),
    request.destField,
  );
  const descriptor = await context.registry.descriptorOf(run.backend);
  const tolerance = descriptor.toleranceFor?.(run.parameters) ?? descriptor.capabilities.tolerance;
  return {
    run,
    request,
    operationId: operation.id,
    datasetId: run.datasetId,
    fields,
    destinations: destinations.fields,
    warnings: destinations.warnings,
    routes: new Routes(run.labelSchema, request.unexpected, request.compatible ? new Set() : goneFields(fields)),
    tolerance,
  };
}

/** Fields that were sent and that the dataset does not have any more, under that name. */
const goneFields = (fields: readonly RunField[]): ReadonlySet<string> =>
  new Set(
    fields.filter((field) => field.schema.existing_field === true && field.stored === null).map((field) => field.name),
  );

/** Progress of an earlier attempt is in the row: its pages are committed. */
function progressOf({ progress }: Operation): LoadProgress {
  const known = progress as Partial<LoadProgress>;
  return {
    counts: { ...emptyCounts(), ...known.counts },
    units: known.units ?? 0,
    pages: known.pages ?? 0,
    strangers: known.strangers ?? 0,
    strangerExamples: known.strangerExamples ?? [],
    malformed: known.malformed ?? 0,
    task: known.task ?? null,
    taskSent: known.taskSent ?? 0,
  };
}

const doneTasks = (cursor: unknown): Set<number> =>
  new Set(((cursor as JsonObject | null)?.tasks as number[] | undefined) ?? []);

/** The tasks that the request asks for; those that were never sent have nothing to load. */
async function* tasksToLoad(context: DaemonContext, { run, request }: LoadPlan): AsyncIterable<Task> {
  const filter = filterOf(request);
  for (let after: string | null = null; ; ) {
    const page = await context.storage.runs.tasks(run.id, { after, first: 200 }, filter);
    for (const { item } of page.items) if (item.state !== 'PLANNED' && item.state !== 'GONE') yield item;
    if (!page.hasMore) return;
    after = page.items.at(-1)?.cursor ?? null;
  }
}

function filterOf({ tasks }: LoadRequest): { states?: readonly string[]; ids?: readonly number[] } {
  if (tasks === 'ALL') return {};
  return tasks === 'FINISHED' ? { states: finishedTaskStates } : { ids: tasks };
}
