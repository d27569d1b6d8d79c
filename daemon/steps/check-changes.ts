import type { Changes, TaskChange } from '../../backends/backend.js';
import { BackendContractError } from '../../domain/errors/index.js';
import { type Run, taskStates } from '../../domain/run/index.js';

/** Throws BACKEND_CONTRACT_BROKEN where an adapter's answer is not what `changes` promises. */
export function checkChanges(run: Run, changes: Changes): void {
  if (!Array.isArray(changes?.tasks)) throw broken(run, 'it told no list of tasks');
  for (const change of changes.tasks as readonly TaskChange[]) {
    const problem = problemOf(run, change);
    if (problem !== null) throw broken(run, problem);
  }
}

function problemOf(run: Run, change: TaskChange): string | null {
  const { part, state, rawState, revision } = change;
  if (!Number.isInteger(part) || part < 0 || part >= run.taskCount)
    return `it told of task ${JSON.stringify(part)}, but the run has tasks 0 to ${run.taskCount - 1}`;
  if (!taskStates.includes(state))
    return `task ${part} is said to be ${JSON.stringify(state)}, which is no state of a task`;
  if (typeof rawState !== 'string') return `task ${part} has no text as rawState`;
  return typeof revision === 'string' ? null : `task ${part} has no text as revision`;
}

const broken = (run: Run, problem: string): BackendContractError =>
  new BackendContractError(run.backend, 'changes', problem);
