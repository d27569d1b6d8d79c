import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunWork } from '../backend.js';
import { partOf, type RunFolder, type TaskFiles } from './layout.js';
import { mediaName } from './media.js';
import { readNote } from './note.js';
import { isPartial, namesIn } from './whole-file.js';

/**
 * Removes what this run put there. The note of a task goes last, so that a cleanup that was cut short continues.
 * Files of others stay, and so does every folder that holds one.
 */
export async function cleanRun(run: RunWork, folder: RunFolder): Promise<void> {
  for (const name of await namesIn(folder.notes)) {
    run.signal.throwIfAborted();
    const part = partOf(name);
    if (part !== null) await cleanTask(folder.task(part));
  }
  for (const path of [folder.tasks, folder.statuses, folder.notes]) await removeFolder(path);
  await rm(folder.guide, { force: true });
  await rm(folder.about, { force: true });
  await removeFolder(folder.path);
}

/** Where somebody damaged the note, no media are known to be ours: these then stay. */
async function cleanTask(files: TaskFiles): Promise<void> {
  const ours = new Set((await readNote(files.note))?.units.map(mediaName));
  for (const name of await namesIn(files.media))
    if (ours.has(name.split('.')[0] ?? '')) await rm(join(files.media, name), { force: true });
  await removeFolder(files.media);
  await rm(files.labels, { force: true });
  await removeFolder(files.folder);
  await rm(files.status, { force: true });
  await rm(files.note, { force: true });
}

/** Removes what broken-off writes left, then the folder, unless files of others are in it. */
async function removeFolder(path: string): Promise<void> {
  for (const name of await namesIn(path)) if (isPartial(name)) await rm(join(path, name), { force: true });
  try {
    await rmdir(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(code)) throw error;
  }
}
