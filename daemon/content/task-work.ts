import type { RunWork, TaskUnit, TaskWork } from '../../backends/backend.js';
import { NotFoundError } from '../../domain/errors/index.js';
import type { JsonObject } from '../../domain/labels/index.js';
import type { Lease, Run, Task } from '../../domain/run/index.js';
import { unpackMask } from '../../storage/mask-codec.js';
import type { DaemonContext } from '../context.js';
import { readablePath } from '../folders.js';
import { runFields } from './run-fields.js';
import { type SentUnit, sentUnits, unitIds } from './units.js';

/**
 * The task as its adapter sees it. `seen` is told every unit that the adapter reads, with the hash of what is sent.
 * Checkpoints are written under the lease and throw LeaseLostError when it is lost.
 */
export async function taskWorkFor(
  context: DaemonContext,
  lease: Lease,
  run: Run,
  task: Task,
  runWork: RunWork,
  seen: (unit: SentUnit) => void = () => {},
): Promise<TaskWork> {
  const fields = await runFields(context.storage, run);
  return {
    run: runWork,
    part: task.part,
    unitIds: await unitIds(context.storage, run, task.part),
    state: task.remote,
    checkpoint: (state, shown) => saveTask(context, lease, task, state, shown ?? {}),
    units: async function* (): AsyncIterable<TaskUnit> {
      for await (const sent of sentUnits(context.storage, run, fields, task.part)) {
        seen(sent);
        yield sent.unit;
      }
    },
    readable: (path) => readablePath(context, path),
    mask: async (hash) => {
      const bytes = await context.storage.masks.get(hash);
      if (bytes === null) throw new NotFoundError('mask', hash);
      return unpackMask(bytes);
    },
    signal: runWork.signal,
  };
}

type Shown = NonNullable<Parameters<TaskWork['checkpoint']>[1]>;

async function saveTask(
  context: DaemonContext,
  lease: Lease,
  task: Task,
  state: JsonObject,
  shown: Shown,
): Promise<void> {
  context.crashPoint('checkpoint:before-commit');
  const change = {
    remote: state,
    ...(shown.remoteId === undefined ? {} : { remoteId: shown.remoteId }),
    ...(shown.editorUrl === undefined ? {} : { editorUrl: shown.editorUrl }),
    ...(shown.revision === undefined ? {} : { revision: shown.revision }),
  };
  await context.storage.transaction((tx) => context.storage.runs.updateTask(tx, task.id, change), { lease });
  context.crashPoint('checkpoint:after-commit');
}
