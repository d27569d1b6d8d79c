import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { ExportOutsideRootsError, MediaOutsideRootsError, UnreadableMediaError } from '../domain/errors/index.js';
import type { DaemonContext } from './context.js';

/** The part of the context that says what may be read and written. */
export type Folders = Pick<DaemonContext, 'dataFolder'> & {
  readonly settings: Pick<DaemonContext['settings'], 'mediaRoots' | 'exportRoots'>;
};

/**
 * The real path of a file or folder that may be read: below the data folder or a media root, links resolved. Throws
 * MEDIA_OUTSIDE_ROOTS, and UNREADABLE_MEDIA where there is nothing. Outside of the roots both look the same.
 */
export async function readablePath({ dataFolder, settings }: Folders, path: string): Promise<string> {
  const roots = [dataFolder, ...settings.mediaRoots];
  const real = await realpath(resolve(path)).catch(() => null);
  if (real !== null && (await isBelowOne(real, roots))) return real;
  if (real === null && (await isBelowOne(await realAncestor(resolve(path)), roots)))
    throw new UnreadableMediaError(path, 'there is no such file or folder');
  throw new MediaOutsideRootsError(path, roots);
}

/** The absolute path of a folder that may be written: below the data folder or an export root. Throws EXPORT_OUTSIDE_ROOTS. */
export async function writablePath({ dataFolder, settings }: Folders, path: string): Promise<string> {
  const roots = [dataFolder, ...settings.exportRoots];
  const target = resolve(path);
  if (!(await isBelowOne(await realAncestor(target), roots))) throw new ExportOutsideRootsError(path, roots);
  return target;
}

async function isBelowOne(real: string, roots: readonly string[]): Promise<boolean> {
  for (const root of roots) {
    const inside = relative(await realpath(root).catch(() => root), real);
    if (inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)) return true;
  }
  return false;
}

/** Where a path would really lie: its nearest ancestor that exists, links resolved, and the rest. */
async function realAncestor(path: string): Promise<string> {
  const real = await realpath(path).catch(() => null);
  if (real !== null || dirname(path) === path) return real ?? path;
  return resolve(await realAncestor(dirname(path)), relative(dirname(path), path));
}
