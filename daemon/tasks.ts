import type { Lease, Run, Task, WorkError } from '../domain/run/index.js';
import type { DaemonContext, Next } from './context.js';
import { crashedTooOften, type FailureHandling, handleFailure } from './failures.js';
import { eventOf, isSameError } from './moves.js';
import { atRest } from './run-states.js';
import { uploadTask } from './steps/upload.js';

/** Sends a task that is planned; anything else of a task is told by the backend and written by the run's watch. */
export async function advanceTask(context: DaemonContext, lease: Lease, signal: AbortSignal): Promise<Next> {
  const task = await context.storage.runs.task(Number(lease.item.id));
  const run = task === null ? null : await context.storage.runs.byId(task.runId);
  if (task === null || run === null || task.state !== 'PLANNED' || run.state === 'CANCELLED' || run.state === 'FAILED')
    return atRest;
  try {
    const crashed = crashedTooOften(context, lease);
    if (crashed !== null) throw crashed;
    const next = await uploadTask(context, lease, task, signal);
    await wakeRun(context, lease, run);
    return next;
  } catch (error) {
    return handleFailure(context, lease, signal, error, handlingOf(context, lease, run, task));
  }
}

/** Perhaps that was the last one that the run waited for. */
const wakeRun = (context: DaemonContext, lease: Lease, run: Run): Promise<void> =>
  context.storage.transaction((tx) => context.storage.work.wake(tx, { kind: 'run', id: run.id }, context.clock()), {
    lease,
  });

function handlingOf(context: DaemonContext, lease: Lease, run: Run, task: Task): FailureHandling {
  return {
    patient: false,
    note: (error) => write(context, lease, run, task, error, false),
    giveUp: (error) => write(context, lease, run, task, error, true),
  };
}

async function write(
  context: DaemonContext,
  lease: Lease,
  run: Run,
  task: Task,
  error: WorkError,
  isOver: boolean,
): Promise<void> {
  if (!isOver && isSameError(task.error, error)) return;
  const { storage } = context;
  const to = isOver ? 'FAILED' : task.state;
  await storage.transaction(
    async (tx) => {
      await storage.runs.updateTask(tx, task.id, isOver ? { state: to, error } : { error });
      const told = { code: error.code, message: error.message, retryable: error.retryable };
      const detail = { taskId: task.id, part: task.part, from: task.state, to, error: told };
      tx.emit(eventOf('TASK_CHANGED', { datasetId: run.datasetId, runId: run.id, detail }));
      if (isOver) await storage.work.wake(tx, { kind: 'run', id: run.id }, context.clock());
    },
    { lease },
  );
}
