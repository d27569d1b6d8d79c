import { BackendError } from '../../domain/errors/index.js';
import type { Json } from '../../domain/labels/index.js';
import type { Backend, Changes, ReturnedSample, RunWork, TaskWork } from '../backend.js';
import { cleanRun } from './clean.js';
import type { RunFolder } from './layout.js';
import { receiveTask } from './receive.js';
import { findRunFolder, prepareRun, sendTask } from './send.js';
import { changesSince } from './watch.js';

/**
 * The smallest complete backend, and the one to copy: tasks leave and answers return as files. Everything that it
 * must remember is in the run's folder; the only state it keeps is where that folder is.
 */
export class FolderBackend implements Backend {
  prepare(run: RunWork): Promise<void> {
    return explained('prepare the run', () => prepareRun(run));
  }

  upload(task: TaskWork): Promise<void> {
    return explained('send a task', () => sendTask(task));
  }

  changes(run: RunWork, cursor: Json): Promise<Changes> {
    return explained('look for changes', async () => changesSince(run, await folderOf(run), cursor));
  }

  async *download(task: TaskWork): AsyncGenerator<ReturnedSample> {
    try {
      yield* receiveTask(task, await folderOf(task.run));
    } catch (error) {
      throw explain('bring a task home', error);
    }
  }

  cleanup(run: RunWork): Promise<void> {
    return explained('clean up', async () => {
      const folder = await findRunFolder(run);
      if (folder !== null) await cleanRun(run, folder);
    });
  }
}

async function folderOf(run: RunWork): Promise<RunFolder> {
  const folder = await findRunFolder(run);
  if (folder !== null) return folder;
  throw new BackendError('folder', 'find the folder of the run', 'there is none yet: the run must be prepared first', {
    retryable: false,
  });
}

/** Codes that waiting may cure: a full disk, a drive that is away for a moment, too many open files. */
const passing = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EBUSY', 'EMFILE', 'ENFILE', 'ESTALE', 'ETIMEDOUT', 'EAGAIN']);

async function explained<T>(action: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explain(action, error);
  }
}

/** What the file system refuses is told as the backend's error, with the path that it names; other errors stay. */
function explain(action: string, error: unknown): unknown {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (syscall === undefined || code === undefined) return error;
  return new BackendError('folder', action, message, { retryable: passing.has(code), cause: error });
}
