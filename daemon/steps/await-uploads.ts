import type { Run, WorkError } from '../../domain/run/index.js';
import type { DaemonContext, Step } from '../context.js';
import { moveRun } from '../moves.js';
import { ifUnmoved } from '../run-states.js';

/**
 * The run's part while its tasks are sent: goes on to ANNOTATING when all are. Each task wakes the run when it is done,
 * so this looks seldom. A task whose upload was given up fails the run, once no other is under way.
 */
export const awaitUploads: Step<Run> = async (context, lease, run) => {
  const { storage } = context;
  const counts = await storage.runs.taskCounts(run.id);
  if ((counts.PLANNED ?? 0) > 0) return { dueAt: context.clock() + context.settings.watchSlowest, progressed: true };
  const error = (counts.FAILED ?? 0) > 0 ? await uploadError(context, run) : null;
  if (error !== null) {
    await ifUnmoved(context, lease, run, (tx) => moveRun(storage, tx, run, 'FAILED', error));
    return { dueAt: null, progressed: true };
  }
  await ifUnmoved(context, lease, run, (tx) => moveRun(storage, tx, run, 'ANNOTATING'));
  return { dueAt: context.clock(), progressed: true };
};

async function uploadError(context: DaemonContext, run: Run): Promise<WorkError> {
  const failed = await context.storage.runs.tasks(run.id, { first: 1 }, { states: ['FAILED'] });
  const task = failed.items[0]?.item;
  const reason = task?.error ?? { code: 'UPLOAD_FAILED', message: 'A task could not be sent.', retryable: true };
  return { ...reason, message: `Task ${task?.part ?? 0} could not be sent. ${reason.message}` };
}
