import type { TaskChange } from '../../backends/backend.js';
import { mayMove, type Run, type Task, taskMoves } from '../../domain/run/index.js';
import type { Storage, Transaction } from '../../storage/stores.js';
import { eventOf } from '../moves.js';

/**
 * Writes what moved of one task, with its event. Tells whether it was news. What a task cannot become is passed over: a
 * task that is not sent yet has nothing to be told of.
 */
export async function applyTaskChange(
  storage: Storage,
  tx: Transaction,
  run: Run,
  change: TaskChange,
): Promise<boolean> {
  const task = await storage.runs.taskByPart(run.id, change.part, tx);
  if (task === null || task.state === 'PLANNED' || !mayMove(taskMoves, task.state, change.state)) return false;
  const written = writtenOf(task, change);
  if (isKnown(task, written)) return false;
  await storage.runs.updateTask(tx, task.id, written);
  const { state: to, rawState, revision, assignee } = written;
  const detail = { taskId: task.id, part: task.part, from: task.state, to, rawState, revision, assignee };
  tx.emit(eventOf('TASK_CHANGED', { datasetId: run.datasetId, runId: run.id, detail }));
  return true;
}

type Written = Pick<Task, 'state' | 'rawState' | 'revision' | 'assignee' | 'editorUrl'>;

/** What the backend does not tell stays as it was. */
const writtenOf = (task: Task, change: TaskChange): Written => ({
  state: change.state,
  rawState: change.rawState,
  revision: change.revision,
  assignee: change.assignee === undefined ? task.assignee : change.assignee,
  editorUrl: change.editorUrl ?? task.editorUrl,
});

const isKnown = (task: Task, written: Written): boolean =>
  (Object.keys(written) as (keyof Written)[]).every((part) => task[part] === written[part]);
