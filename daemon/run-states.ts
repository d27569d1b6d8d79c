import type { Lease, Run, WorkError } from '../domain/run/index.js';
import type { Transaction } from '../storage/stores.js';
import type { DaemonContext, Next } from './context.js';
import { eventOf, isSameError } from './moves.js';

/** Nothing more to do by itself. */
export const atRest: Next = { dueAt: null, progressed: true };

/** Shows why a run is waiting; `null` when all is well again. */
export async function noteTrouble(
  context: DaemonContext,
  lease: Lease,
  run: Run,
  error: WorkError | null,
): Promise<void> {
  if (isSameError(run.error, error)) return;
  await ifUnmoved(context, lease, run, async (tx) => {
    await context.storage.runs.update(tx, run.id, { error });
    const detail = {
      annoKey: run.annoKey,
      trouble: error === null ? null : { code: error.code, message: error.message },
    };
    tx.emit(eventOf('RUN_PROGRESS', { datasetId: run.datasetId, runId: run.id, detail }));
  });
}

/**
 * A transaction under the run's lease that does nothing where the run is in another state by now, e.g. because a user
 * cancelled it meanwhile. Tells whether the work was done.
 */
export async function ifUnmoved(
  context: DaemonContext,
  lease: Lease,
  run: Run,
  work: (tx: Transaction) => Promise<void>,
): Promise<boolean> {
  return context.storage.transaction(
    async (tx) => {
      const now = await context.storage.runs.byId(run.id, tx);
      if (now?.state !== run.state) return false;
      await work(tx);
      return true;
    },
    { lease },
  );
}
