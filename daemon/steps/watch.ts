import type { TaskChange } from '../../backends/backend.js';
import type { Json, JsonObject } from '../../domain/labels/index.js';
import type { Lease, Run, RunState } from '../../domain/run/index.js';
import type { DaemonContext, Next, Step } from '../context.js';
import { eventOf, moveRun } from '../moves.js';
import { atRest, ifUnmoved, noteTrouble } from '../run-states.js';
import { runWorkFor } from '../run-work.js';
import { applyTaskChange } from './apply-task-change.js';
import { checkChanges } from './check-changes.js';

const changesPerPage = 200;

/**
 * Asks the backend what moved, writes it to the tasks and lets the run follow them: COMPLETED when all of them are
 * completed or gone, back to ANNOTATING when one is reopened. The cursor moves on with the last page only, so changes
 * cut short by a crash are told again; a change that is known already says nothing.
 */
export const watchRun: Step<Run> = async (context, lease, run, signal) => {
  if (await isGone(context, run)) return atRest;
  const work = await runWorkFor(context, lease, run, signal);
  context.crashPoint('watch:before-remote');
  const changes = await context.adapters.call(run, signal, (adapter) => adapter.changes(work, run.cursor));
  context.crashPoint('watch:after-remote');
  checkChanges(run, changes);
  const moved = await applyAll(context, lease, run, changes.tasks, changes.cursor);
  if (run.error !== null) await noteTrouble(context, lease, run, null);
  context.crashPoint('watch:after-commit');
  return nextLook(context, run, moved > 0);
};

/** What was cleaned up is not looked at any more. */
async function isGone(context: DaemonContext, run: Run): Promise<boolean> {
  const counts = await context.storage.runs.taskCounts(run.id);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return total > 0 && counts.GONE === total;
}

const nextLook = (context: DaemonContext, run: Run, moved: boolean): Next => ({
  dueAt: context.clock() + context.pace.after(run.id, moved),
  progressed: true,
});

/** Writes all changes, page by page; tells how many were news. */
async function applyAll(
  context: DaemonContext,
  lease: Lease,
  run: Run,
  changes: readonly TaskChange[],
  cursor: Json,
): Promise<number> {
  let moved = 0;
  for (let at = 0; at + changesPerPage < changes.length; at += changesPerPage) {
    const page = changes.slice(at, at + changesPerPage);
    await context.storage.transaction(
      async (tx) => {
        for (const change of page) if (await applyTaskChange(context.storage, tx, run, change)) moved += 1;
      },
      { lease },
    );
  }
  const rest = changes.slice(Math.floor(Math.max(0, changes.length - 1) / changesPerPage) * changesPerPage);
  await ifUnmoved(context, lease, run, async (tx) => {
    for (const change of rest) if (await applyTaskChange(context.storage, tx, run, change)) moved += 1;
    await context.storage.runs.update(tx, run.id, { cursor });
  });
  await follow(context, lease, run, moved > 0);
  return moved;
}

/** Lets the run follow its tasks. Apart from the pages, because counts are read as committed; repeated, it finds the same. */
async function follow(context: DaemonContext, lease: Lease, run: Run, moved: boolean): Promise<void> {
  const { storage } = context;
  const counts = await storage.runs.taskCounts(run.id);
  const to = stateOf(counts);
  if (to === run.state && !moved) return;
  await ifUnmoved(context, lease, run, async (tx) => {
    await moveRun(storage, tx, run, to, null);
    const detail: JsonObject = { annoKey: run.annoKey, tasks: { ...counts } };
    tx.emit(eventOf('RUN_PROGRESS', { datasetId: run.datasetId, runId: run.id, detail }));
  });
}

function stateOf(counts: Readonly<Record<string, number>>): RunState {
  const open = Object.entries(counts).some(([state, count]) => count > 0 && state !== 'COMPLETED' && state !== 'GONE');
  return open ? 'ANNOTATING' : 'COMPLETED';
}
