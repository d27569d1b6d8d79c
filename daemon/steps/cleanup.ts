import { NotFoundError } from '../../domain/errors/index.js';
import { type Lease, type Operation, type Run, taskStates } from '../../domain/run/index.js';
import type { Transaction } from '../../storage/stores.js';
import type { DaemonContext, Step } from '../context.js';
import { eventOf, moveRun } from '../moves.js';
import { succeed } from '../operation-end.js';
import { atRest } from '../run-states.js';
import { runWorkFor } from '../run-work.js';

const tasksPerPage = 500;

/**
 * Deletes what a run created at its backend. Its tasks are GONE afterwards and nobody looks at them any more. A run
 * whose upload is not finished is cancelled first, so that nothing new is made meanwhile.
 */
export const cleanUpRun: Step<Operation> = async (context, lease, operation, signal) => {
  const { storage } = context;
  const found = operation.runId === null ? null : await storage.runs.byId(operation.runId);
  if (found === null) throw new NotFoundError('run', String(operation.runId));
  const run = await withoutUploads(context, lease, found);
  const work = await runWorkFor(context, lease, run, signal);
  context.crashPoint('cleanup:before-remote');
  await context.adapters.call(run, signal, (adapter) => adapter.cleanup(work));
  context.crashPoint('cleanup:after-remote');
  const tasks = await letGo(context, lease, run);
  await storage.transaction(
    async (tx) => {
      await settle(context, tx, run);
      await succeed(context, tx, operation, { runId: run.id, tasks });
    },
    { lease },
  );
  context.crashPoint('cleanup:after-commit');
  return atRest;
};

async function withoutUploads({ storage }: DaemonContext, lease: Lease, run: Run): Promise<Run> {
  if (run.state !== 'PREPARING' && run.state !== 'UPLOADING') return run;
  await storage.transaction((tx) => moveRun(storage, tx, run, 'CANCELLED'), { lease });
  return { ...run, state: 'CANCELLED' };
}

async function settle({ storage }: DaemonContext, tx: Transaction, { id, ...run }: Run): Promise<void> {
  const now = await storage.runs.byId(id, tx);
  if (now === null) return;
  if (now.state === 'ANNOTATING') await moveRun(storage, tx, now, 'COMPLETED');
  tx.emit(eventOf('RUN_CLEANED_UP', { datasetId: run.datasetId, runId: id, detail: { annoKey: run.annoKey } }));
}

/** Marks what was sent as gone, page by page. */
async function letGo({ storage }: DaemonContext, lease: Lease, run: Run): Promise<number> {
  const states = taskStates.filter((state) => state !== 'GONE' && state !== 'PLANNED');
  let gone = 0;
  for (;;) {
    const { items } = await storage.runs.tasks(run.id, { first: tasksPerPage }, { states });
    if (items.length === 0) return gone;
    await storage.transaction(
      async (tx) => {
        for (const { item: task } of items) {
          await storage.runs.updateTask(tx, task.id, { state: 'GONE', rawState: 'cleaned up', editorUrl: null });
          const detail = { taskId: task.id, part: task.part, from: task.state, to: 'GONE' };
          tx.emit(eventOf('TASK_CHANGED', { datasetId: run.datasetId, runId: run.id, detail }));
        }
      },
      { lease },
    );
    gone += items.length;
  }
}
