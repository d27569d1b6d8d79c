import { type FileHandle, open } from 'node:fs/promises';
import { BackendError } from '../../domain/errors/index.js';
import type { ReturnedSample, TaskWork } from '../backend.js';
import type { RunFolder } from './layout.js';
import { linesOf } from './lines.js';
import { LineError, LineReader } from './returned-line.js';

/**
 * Streams a task's answer. A sample without a line is simply not told of: nothing of it counts as deleted. Ids that
 * were never sent are passed on; the caller counts them.
 */
export async function* receiveTask(task: TaskWork, folder: RunFolder): AsyncGenerator<ReturnedSample> {
  const path = folder.task(task.part).labels;
  const file = await openAnswer(path);
  try {
    const before = await file.stat();
    yield* readAnswer(file, path, task);
    const after = await file.stat();
    if (after.mtimeMs !== before.mtimeMs || after.size !== before.size)
      throw failed(path, 'it was changed while it was read. Write a new file beside it and rename it.', {
        retryable: true,
      });
  } finally {
    await file.close();
  }
}

async function* readAnswer(file: FileHandle, path: string, task: TaskWork): AsyncGenerator<ReturnedSample> {
  const reader = new LineReader(task.run.labelSchema);
  const seen = new Map<string, number>();
  for await (const { number, text } of linesOf(file)) {
    task.signal.throwIfAborted();
    const sample = readLine(reader, text, `${path}, line ${number}`);
    const earlier = seen.get(sample.id);
    if (earlier !== undefined)
      throw failed(
        `${path}, line ${number}`,
        `sample ${sample.id} stands in line ${earlier} already. Keep one of them.`,
      );
    seen.set(sample.id, number);
    yield sample;
  }
}

function readLine(reader: LineReader, text: string, place: string): ReturnedSample {
  try {
    return reader.read(text);
  } catch (error) {
    if (!(error instanceof LineError)) throw error;
    throw failed(place, `${error.message}. Correct the line, or put the one that was sent back.`, { cause: error });
  }
}

async function openAnswer(path: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (cause) {
    const isGone = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = isGone ? 'it is not there. Put the file back.' : (cause as Error).message;
    throw failed(path, reason, { retryable: !isGone, cause });
  }
}

const failed = (place: string, reason: string, options: { retryable?: boolean; cause?: unknown } = {}): BackendError =>
  new BackendError('folder', `read ${place}`, reason, { retryable: false, ...options });
