import type { Lease, Run, RunState } from '../domain/run/index.js';
import type { DaemonContext, Next, Step } from './context.js';
import { crashedTooOften, type FailureHandling, handleFailure } from './failures.js';
import { moveRun } from './moves.js';
import { atRest, ifUnmoved, noteTrouble } from './run-states.js';
import { awaitUploads } from './steps/await-uploads.js';
import { prepareRun } from './steps/prepare.js';
import { watchRun } from './steps/watch.js';

/** What is done with a run in each of its states. Loads and cleanups are operations. */
const steps: Readonly<Record<RunState, Step<Run> | null>> = {
  PREPARING: prepareRun,
  UPLOADING: awaitUploads,
  ANNOTATING: watchRun,
  COMPLETED: watchRun,
  FAILED: null,
  CANCELLED: null,
};

/** Once everything is sent the run waits for its backend however long that is away. */
const isPatient = (run: Run): boolean => run.state === 'ANNOTATING' || run.state === 'COMPLETED';

/** Moves a run one step on. */
export async function advanceRun(context: DaemonContext, lease: Lease, signal: AbortSignal): Promise<Next> {
  const run = await context.storage.runs.byId(lease.item.id);
  const step = run === null ? null : steps[run.state];
  if (run === null || step === null) return atRest;
  try {
    const crashed = isPatient(run) ? null : crashedTooOften(context, lease);
    if (crashed !== null) throw crashed;
    return await step(context, lease, run, signal);
  } catch (error) {
    return handleFailure(context, lease, signal, error, handlingOf(context, lease, run));
  }
}

function handlingOf(context: DaemonContext, lease: Lease, run: Run): FailureHandling {
  return {
    patient: isPatient(run),
    note: (error) => noteTrouble(context, lease, run, error),
    giveUp: async (error) => {
      await ifUnmoved(context, lease, run, (tx) => moveRun(context.storage, tx, run, 'FAILED', error));
    },
  };
}
