import { randomBytes } from 'node:crypto';
import { access, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { InvalidArgumentError } from '../domain/errors/index.js';

/**
 * A folder that is written beside its final place and moved there at the end, so nobody ever sees half of it.
 * The target must not exist, or be empty.
 */
export class StagedFolder {
  private constructor(
    readonly path: string,
    private readonly target: string,
  ) {}

  /** Throws `InvalidArgumentError` when something is at the target already. */
  static async create(folder: string): Promise<StagedFolder> {
    const target = resolve(folder);
    await refuseOccupied(target);
    const path = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.part`);
    await mkdir(path, { recursive: true });
    return new StagedFolder(path, target);
  }

  /** Moves everything to the final name. */
  async publish(): Promise<void> {
    await refuseOccupied(this.target);
    await rename(this.path, this.target); // replaces an empty folder
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

async function refuseOccupied(target: string): Promise<void> {
  const isThere = await access(target).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  const names = await readdir(target).catch(() => ['(a file)']);
  if (names.length > 0) {
    throw new InvalidArgumentError(
      'folder',
      `${target} exists and is not empty. Choose another folder for the export, or empty this one.`,
    );
  }
}
