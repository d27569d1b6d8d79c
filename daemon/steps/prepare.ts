import { type Lease, type Run, type Task, taskSizeOf } from '../../domain/run/index.js';
import type { DaemonContext, Step } from '../context.js';
import { eventOf, moveRun } from '../moves.js';
import { ifUnmoved } from '../run-states.js';
import { runWorkFor } from '../run-work.js';

const tasksPerPage = 500;

/**
 * Plans the run's tasks, makes the remote project, makes every task due and lets the run go on to UPLOADING. Everything
 * in it may be repeated: planned tasks stay, the project is found again.
 */
export const prepareRun: Step<Run> = async (context, lease, run, signal) => {
  const { storage } = context;
  context.crashPoint('prepare:before-plan');
  const taskCount = await storage.transaction((tx) => storage.runs.planTasks(tx, run.id, taskSizeOf(run)), { lease });
  context.crashPoint('prepare:after-plan');
  const work = await runWorkFor(context, lease, { ...run, taskCount }, signal);
  context.crashPoint('prepare:before-remote');
  await context.adapters.call(run, signal, (adapter) => adapter.prepare(work));
  context.crashPoint('prepare:after-remote');
  await makeTasksDue(context, lease, run, signal);
  await ifUnmoved(context, lease, run, (tx) => moveRun(storage, tx, run, 'UPLOADING'));
  context.crashPoint('prepare:after-commit');
  return { dueAt: context.clock(), progressed: true };
};

/** Tasks whose upload is still to be made, and those whose upload was given up before the run was started again. */
async function makeTasksDue(context: DaemonContext, lease: Lease, run: Run, signal: AbortSignal): Promise<void> {
  const { storage } = context;
  let after: string | null = null;
  do {
    signal.throwIfAborted();
    const page = await storage.runs.tasks(run.id, { after, first: tasksPerPage }, { states: ['PLANNED', 'FAILED'] });
    const waiting = page.items
      .map(({ item }) => item)
      .filter((task) => task.state === 'PLANNED' || task.error !== null);
    await storage.transaction(
      async (tx) => {
        for (const task of waiting)
          await storage.runs.updateTask(tx, task.id, { state: 'PLANNED', error: null, dueAt: context.clock() });
        for (const task of waiting.filter(({ state }) => state === 'FAILED')) tx.emit(plannedAgain(run, task));
      },
      { lease },
    );
    after = page.hasMore ? (page.items.at(-1)?.cursor ?? null) : null;
  } while (after !== null);
}

const plannedAgain = (run: Run, task: Task) =>
  eventOf('TASK_CHANGED', {
    datasetId: run.datasetId,
    runId: run.id,
    detail: { taskId: task.id, part: task.part, from: task.state, to: 'PLANNED' },
  });
