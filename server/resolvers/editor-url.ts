import { InvalidArgumentError, NotFoundError } from '../../domain/errors/index.js';
import type { Task } from '../../domain/run/index.js';
import type { RunRecord, Storage } from '../../storage/stores.js';
import { numberOf } from './inputs.js';

/** The address of the editor of a run, of one of its tasks, or of the task that a sample is in. Throws NOT_FOUND. */
export async function editorUrlOf(
  storage: Storage,
  run: RunRecord,
  { taskId, sampleId }: { readonly taskId: string | null | undefined; readonly sampleId: string | null | undefined },
): Promise<string | null> {
  if (taskId && sampleId) throw new InvalidArgumentError('taskId', 'Give taskId or sampleId, not both.');
  if (taskId) return (await taskOf(storage, run, taskId)).editorUrl;
  if (sampleId) return (await taskOfSample(storage, run, sampleId))?.editorUrl ?? null;
  return run.editorUrl;
}

async function taskOf(storage: Storage, run: RunRecord, taskId: string): Promise<Task> {
  const task = await storage.runs.task(numberOf(taskId, 'taskId'));
  if (task?.runId === run.id) return task;
  throw new NotFoundError('task', taskId, `Run "${run.annoKey}" has no such task.`);
}

async function taskOfSample(storage: Storage, run: RunRecord, sampleId: string): Promise<Task | null> {
  const [sample] = await storage.samples.byHex(run.datasetId, [sampleId]);
  const member = sample && (await storage.runs.members(run.id, [sample.key])).get(sample.key);
  if (!member) throw new NotFoundError('sample', sampleId, `It is not part of run "${run.annoKey}".`);
  return member.part === null ? null : storage.runs.taskByPart(run.id, member.part);
}
