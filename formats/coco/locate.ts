import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MalformedFileError } from '../../domain/errors/index.js';

/** Names that tools give to the one file of a folder, best first. */
const usualNames = ['labels.json', 'annotations.json', '_annotations.coco.json'];

/** The COCO file that a path means: the file itself, or the one JSON file of a folder or of its `annotations/`. */
export async function locateFile(path: string): Promise<string> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw new MalformedFileError(path, 'the path', 'a COCO file or a folder with one', { cause });
  });
  if (!stats.isDirectory()) return path;
  const found = await jsonFilesOf(path);
  if (found.length === 0) found.push(...(await jsonFilesOf(join(path, 'annotations'))));
  const usual = usualNames.map((name) => join(path, name)).find((file) => found.includes(file));
  if (usual !== undefined) return usual;
  if (found.length === 1 && found[0] !== undefined) return found[0];
  const there = found.length === 0 ? 'there is none' : `there are ${found.length}: name one of them`;
  throw new MalformedFileError(path, 'the folder', `one JSON file with labels (${there})`);
}

async function jsonFilesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [] as string[]); // no such folder: nothing in it
  return names
    .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
    .sort()
    .map((name) => join(folder, name));
}
