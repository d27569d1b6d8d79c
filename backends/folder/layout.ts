import { join } from 'node:path';

/**
 * Where everything of a run is. The page `docs/folder-backend.md` describes the same for those who annotate:
 *
 * ```
 * <annoKey>-<runId>/
 *   README.txt  run.json           what is to be annotated, and how to answer
 *   tasks/000000/labels.jsonl      the work: a line per sample, replaced by the answer
 *   tasks/000000/media/            where media are linked or copied
 *   status/000000.json             where the task stands; written by those who annotate
 *   sent/000000.json               our own note of what was put there, so that cleanup removes nothing else
 * ```
 */
export class RunFolder {
  readonly about: string;
  readonly guide: string;
  readonly tasks: string;
  readonly statuses: string;
  readonly notes: string;

  constructor(readonly path: string) {
    this.about = join(path, 'run.json');
    this.guide = join(path, 'README.txt');
    this.tasks = join(path, 'tasks');
    this.statuses = join(path, 'status');
    this.notes = join(path, 'sent');
  }

  task(part: number): TaskFiles {
    const name = String(part).padStart(6, '0');
    const folder = join(this.tasks, name);
    return {
      folder,
      labels: join(folder, 'labels.jsonl'),
      media: join(folder, 'media'),
      status: join(this.statuses, `${name}.json`),
      note: join(this.notes, `${name}.json`),
    };
  }
}

/** The paths of one task. */
export interface TaskFiles {
  readonly folder: string;
  readonly labels: string;
  readonly media: string;
  readonly status: string;
  readonly note: string;
}

/** The task that a file of `status` or `sent` belongs to, or null for files that are not ours. */
export function partOf(fileName: string): number | null {
  const digits = /^(\d{6,9})\.json$/.exec(fileName)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** The name of a run's folder. Runs can be renamed later; the folder keeps its name and is found by the run id. */
export const runFolderName = (annoKey: string, runId: string): string =>
  `${annoKey.replace(/[^\p{L}\p{N}_-]/gu, '_').slice(0, 60)}-${runId}`;
