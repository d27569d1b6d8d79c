import { open, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskState } from '../../domain/run/states.js';
import { partOf, RunFolder } from './layout.js';
import type { FolderLabel, FolderLine } from './line.js';
import { linesOf } from './lines.js';
import { partialName, writeWhole } from './whole-file.js';

/** How the player's program writes files. */
export interface PlayerHabits {
  /** Decimals that numbers are rounded to; null leaves them as they are. Default 4. */
  readonly decimals?: number | null;
  /** Whether keys and labels come in another order than they were sent in. Default true. */
  readonly reorders?: boolean;
}

/**
 * Plays an annotator of the `folder` backend: edits `labels.jsonl` as the guide in the folder tells people to, and like
 * most programs rounds numbers and keeps no order. For the demonstration and for tests.
 */
export class FolderPlayer {
  private readonly folder: RunFolder;

  /** `path` is the run's folder. */
  constructor(
    readonly path: string,
    private readonly habits: PlayerHabits = {},
  ) {
    this.folder = new RunFolder(path);
  }

  /** The player of a run, by its id and the folder that holds the runs. Null while the run has no folder. */
  static async of(outbox: string, runId: string, habits: PlayerHabits = {}): Promise<FolderPlayer | null> {
    const names = await readdir(outbox).catch((): string[] => []);
    const name = names.find((one) => one.endsWith(`-${runId}`));
    return name === undefined ? null : new FolderPlayer(join(outbox, name), habits);
  }

  /** The tasks that have been sent, in order. */
  async parts(): Promise<number[]> {
    const names = await readdir(this.folder.statuses);
    return names
      .map(partOf)
      .filter((part) => part !== null)
      .sort((a, b) => a - b);
  }

  /** The lines of a task. */
  async *lines(part: number): AsyncGenerator<FolderLine> {
    const file = await open(this.folder.task(part).labels);
    try {
      for await (const { text } of linesOf(file)) yield JSON.parse(text) as FolderLine;
    } finally {
      await file.close();
    }
  }

  /**
   * Rewrites a task line by line: `change` may edit the line and give it or another back, or null to leave the sample
   * out. Nothing is read half-written: the new file takes the old one's name when it is whole.
   */
  async edit(part: number, change: (line: FolderLine) => FolderLine | null): Promise<void> {
    const { labels } = this.folder.task(part);
    const temporary = partialName(labels);
    const file = await open(temporary, 'wx');
    try {
      for await (const line of this.lines(part)) {
        const changed = change(line);
        if (changed !== null) await file.writeFile(`${JSON.stringify(this.written(changed))}\n`);
      }
    } finally {
      await file.close();
    }
    await rename(temporary, labels);
  }

  /** Says where a task stands. */
  async setState(part: number, state: TaskState, assignee: string | null = null): Promise<void> {
    await writeWhole(this.folder.task(part).status, `${JSON.stringify({ state, assignee })}\n`);
  }

  private written(line: FolderLine): unknown {
    const { decimals = 4, reorders = true } = this.habits;
    return rewritten(line, decimals, reorders);
  }
}

/** The labels of a field of a line: a list that may be edited in place. `frame` for fields of frames, from 1. */
export function labelsOf(line: FolderLine, field: string, frame?: number): FolderLabel[] {
  line.fields[field] ??= {};
  const content = line.fields[field];
  if (frame === undefined) {
    content.labels ??= [];
    return content.labels;
  }
  content.frames ??= {};
  content.frames[frame] ??= [];
  return content.frames[frame] as FolderLabel[];
}

/** A label moved by shares of the picture's width and height. */
export function movedLabel(label: FolderLabel, dx: number, dy: number): FolderLabel {
  const { bounding_box: box, points } = label;
  if (Array.isArray(box)) return { ...label, bounding_box: [box[0] + dx, box[1] + dy, box[2], box[3]] };
  return Array.isArray(points) ? { ...label, points: movedPoints(points, dx, dy) } : label;
}

type Points = readonly (Points | number | null)[];

function movedPoints(points: Points, dx: number, dy: number): Points {
  if (Array.isArray(points[0])) return points.map((one) => movedPoints(one as Points, dx, dy));
  return points.map((part, i) => (typeof part === 'number' ? part + (i === 0 ? dx : dy) : null));
}

/** The same value as another program would write it: masks stay, as their numbers are counts and classes. */
function rewritten(value: unknown, decimals: number | null, reorders: boolean): unknown {
  if (typeof value === 'number') return decimals === null ? value : Number(value.toFixed(decimals));
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => rewritten(item, decimals, reorders));
    return reorders && isLabelList(value) ? items.reverse() : items;
  }
  const entries = Object.entries(value).map(([key, member]): [string, unknown] =>
    key === 'mask' ? [key, member] : [key, rewritten(member, decimals, reorders)],
  );
  return Object.fromEntries(reorders ? entries.reverse() : entries);
}

const isLabelList = (items: readonly unknown[]): boolean =>
  items.every((item) => typeof item === 'object' && item !== null && !Array.isArray(item));
