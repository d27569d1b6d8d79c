import { readFile } from 'node:fs/promises';

/** Our own note of a task: whose media are ours, and whether the task was sent once. */
export interface TaskNote {
  readonly units: readonly string[];
  readonly sent: boolean;
}

/** Reads a note; null where it is missing or was damaged. */
export async function readNote(path: string): Promise<TaskNote | null> {
  try {
    const { units, sent } = JSON.parse(await readFile(path, 'utf8')) as Partial<TaskNote>;
    return { units: Array.isArray(units) ? units : [], sent: sent === true };
  } catch {
    return null;
  }
}

/** The text of a note. */
export const noteText = (note: TaskNote): string => `${JSON.stringify(note)}\n`;
