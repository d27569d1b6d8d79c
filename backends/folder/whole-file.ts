import { randomBytes } from 'node:crypto';
import { access, link, open, readdir, rename, rm } from 'node:fs/promises';

/**
 * Files that appear whole or not at all. Text goes to a file with a name of its own beside the final one, so that two
 * processes that write at once (one of them overslept its lease) never mix; a crash leaves at most such a file.
 */

const partial = /\.[0-9a-f]{12}\.partial$/;

/** The name under which a file is written before it is ready. */
export const partialName = (path: string): string => `${path}.${randomBytes(6).toString('hex')}.partial`;

/** Whether a file was left by a write that did not end. */
export const isPartial = (name: string): boolean => partial.test(name);

/** Writes a small file, replacing what was there. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = await writePartial(path, text);
  await rename(temporary, path);
}

/** Writes a small file unless there is one already. */
export async function writeOnce(path: string, text: string): Promise<void> {
  if (await exists(path)) return;
  await publish(await writePartial(path, text), path);
}

async function writePartial(path: string, text: string): Promise<string> {
  const temporary = partialName(path);
  const file = await open(temporary, 'wx');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  return temporary;
}

/** Gives a finished file its final name; a file that has the name already stays and ours is dropped. */
export async function publish(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
    await rm(temporary);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST') return rm(temporary);
    if (!withoutLinks.has(code ?? '') || (await exists(path))) throw error;
    await rename(temporary, path);
  }
}

/** How file systems say that they know no hard links. */
const withoutLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** Whether there is something at the path that we can reach. */
export const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** The names in a folder; none where there is no folder. */
export async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
