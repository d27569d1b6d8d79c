import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, rename, stat, symlink } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { BackendError } from '../../domain/errors/index.js';
import type { TaskUnit } from '../backend.js';
import type { TaskFiles } from './layout.js';
import type { MediaMode } from './parameters.js';
import { exists, partialName } from './whole-file.js';

const isAddress = (path: string): boolean => /^[a-z][a-z0-9+.-]+:\/\//i.test(path);

/** The name, without its ending, of a unit's media in the task's folder. */
export const mediaName = (unitId: string): string =>
  /^[\w-]{1,64}$/.test(unitId) ? unitId : createHash('sha256').update(unitId).digest('hex').slice(0, 24);

/**
 * Puts a unit's media into the task's folder where that was asked for, and tells how its line names them. What is
 * there whole already stays. Media behind an address are named by it in every mode.
 */
export async function placeMedia(
  unit: TaskUnit,
  files: TaskFiles,
  mode: MediaMode,
  readable: (path: string) => Promise<string>,
): Promise<string> {
  if (mode === 'path' || isAddress(unit.mediaPath)) return unit.mediaPath;
  const name = mediaName(unit.id) + extname(unit.mediaPath);
  const target = join(files.media, name);
  const source = await readable(unit.mediaPath);
  const size = await sizeOf(unit);
  await mkdir(files.media, { recursive: true });
  const there = mode === 'copy' ? (await stat(target).catch(() => null))?.size === size : await exists(target);
  if (!there) await place(source, target, mode);
  return `media/${name}`;
}

async function sizeOf(unit: TaskUnit): Promise<number> {
  try {
    return (await stat(unit.mediaPath)).size;
  } catch (cause) {
    const reason = `${unit.mediaPath} of sample ${unit.sampleId} cannot be read. Put the file back, or use "media": "path".`;
    throw new BackendError('folder', 'place the media of a task', reason, { retryable: false, cause });
  }
}

async function place(source: string, target: string, mode: MediaMode): Promise<void> {
  const temporary = partialName(target);
  if (mode === 'link') await symlink(source, temporary);
  else await copyFile(source, temporary, constants.COPYFILE_FICLONE);
  await rename(temporary, target);
}
