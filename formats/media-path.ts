import { isAbsolute, join, relative, sep } from 'node:path';

/** Addresses (`s3://...`) and Windows paths mean the same everywhere: they are never joined to a folder. */
const standsAlone = (path: string): boolean =>
  isAbsolute(path) || /^[a-z][a-z0-9+.-]*:\/\//i.test(path) || /^[a-z]:[\\/]/i.test(path);

/** A path of a dataset file as an absolute one: relative paths are joined to `root`. */
export const absolutePath = (path: string, root: string): string => (standsAlone(path) ? path : join(root, path));

/** How a path is written: relative to `root` (with forward slashes) where it lies below it, else as it is. */
export function writtenPath(path: string, root: string | null): string {
  if (root === null || !isAbsolute(path)) return path;
  const inside = relative(root, path);
  return inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)
    ? path
    : inside.split(sep).join('/');
}
