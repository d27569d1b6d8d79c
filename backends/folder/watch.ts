import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BackendError } from '../../domain/errors/index.js';
import type { Json } from '../../domain/labels/index.js';
import type { TaskState } from '../../domain/run/states.js';
import type { Changes, RunWork, TaskChange } from '../backend.js';
import { partOf, type RunFolder, type TaskFiles } from './layout.js';
import { readNote } from './note.js';
import { exists } from './whole-file.js';

/**
 * Finding what moved. One poll lists the tasks and asks the file system for the times of two files each; only files
 * that moved are read. The time looked at is the one of the last change of the file's entry (`ctime`): it is set by the
 * system alone, so a file that was copied into place with an old modification time is seen as well.
 *
 * The cursor holds the latest such time and, because times are only as fine as the system's clock tick, what was
 * seen at the very end of it. Its size grows with what moved together, not with the run.
 */
interface Cursor {
  /** Latest change seen, in milliseconds since 1970. */
  readonly through: number;
  /** What was seen within `tick` of `through`: part to mark. */
  readonly edge: Readonly<Record<string, string>>;
  /** Tasks that were sent and whose labels are not there; `all` when the run's folder is gone. */
  readonly gone: readonly number[] | 'all';
  /** When the poll was made, by our own clock: should that be set back, everything is told again. */
  readonly at: number;
}

const start: Cursor = { through: Number.NEGATIVE_INFINITY, edge: {}, gone: [], at: 0 };
const tick = 100;
const clockSlack = 60_000;

/** A task's files as the file system shows them. */
export interface Look {
  /** Milliseconds since 1970 of the last change. */
  readonly moved: number;
  /** Differs whenever the labels or the status differ. */
  readonly mark: string;
  /** Differs whenever the labels differ. */
  readonly revision: string;
}

interface Seen {
  readonly part: number;
  readonly look: Look | null;
}

/** Tells which tasks moved since the cursor. */
export async function changesSince(run: RunWork, folder: RunFolder, cursor: Json): Promise<Changes> {
  const last = readCursor(cursor);
  const parts = await sentParts(folder);
  if (parts === null) return runGone(run, folder, last);
  const seen = await lookAtAll(parts, folder, run.signal);
  const wasGone = (part: number): boolean => last.gone === 'all' || last.gone.includes(part);
  const moved = seen.filter(({ part, look }) => look !== null && (wasGone(part) || isNew(part, look, last)));
  const gone = await goneParts(seen, folder);
  const tasks: TaskChange[] = gone.filter((part) => !wasGone(part)).map((part) => goneTask(folder, part));
  for (const { part, look } of moved) tasks.push(await movedTask(run, folder.task(part), part, look as Look));
  return { tasks, cursor: nextCursor(seen, gone, last) as unknown as Json };
}

const isNew = (part: number, look: Look, last: Cursor): boolean =>
  look.moved > last.through - tick && last.edge[part] !== look.mark;

function readCursor(cursor: Json): Cursor {
  if (cursor === null) return start;
  const last = cursor as unknown as Cursor;
  return Date.now() < last.at - clockSlack ? { ...start, gone: last.gone } : last;
}

function nextCursor(seen: readonly Seen[], gone: readonly number[], last: Cursor): Cursor {
  const through = seen.reduce((latest, { look }) => Math.max(latest, look?.moved ?? latest), Math.max(last.through, 0));
  const atEdge = seen.filter(({ look }) => look !== null && look.moved > through - tick);
  const edge = Object.fromEntries(atEdge.map(({ part, look }) => [part, (look as Look).mark]));
  return { through, edge, gone, at: Date.now() };
}

async function sentParts(folder: RunFolder): Promise<number[] | null> {
  try {
    return (await readdir(folder.notes))
      .map(partOf)
      .filter((part) => part !== null)
      .sort((a, b) => a - b);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

const together = 64;

async function lookAtAll(parts: readonly number[], folder: RunFolder, signal: AbortSignal): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (let from = 0; from < parts.length; from += together) {
    signal.throwIfAborted();
    const some = parts.slice(from, from + together);
    seen.push(...(await Promise.all(some.map(async (part) => ({ part, look: await lookAt(folder.task(part)) })))));
  }
  return seen;
}

/** What the file system says about a task, or null where its labels are not there. */
export async function lookAt(files: TaskFiles): Promise<Look | null> {
  const [labels, status] = await Promise.all([fileStat(files.labels), fileStat(files.status)]);
  if (labels === null) return null;
  return {
    moved: Math.max(labels.ctimeMs, status?.ctimeMs ?? 0),
    mark: `${labels.ino} ${labels.ctimeMs} ${labels.size} ${status?.ino} ${status?.ctimeMs} ${status?.size}`,
    revision: `${labels.mtimeMs}-${labels.size}`,
  };
}

async function fileStat(
  path: string,
): Promise<
  (Awaited<ReturnType<typeof stat>> & { ino: number; ctimeMs: number; mtimeMs: number; size: number }) | null
> {
  try {
    return await stat(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}

/** Tasks without labels that had some once; the upload of a task that is still under way has not. */
async function goneParts(seen: readonly Seen[], folder: RunFolder): Promise<number[]> {
  const missing = seen.filter(({ look }) => look === null).map(({ part }) => part);
  const gone: number[] = [];
  for (const part of missing) if ((await readNote(folder.task(part).note))?.sent) gone.push(part);
  return gone;
}

/** The run's folder is not there: everything is gone, unless the place that held it is out of reach. */
async function runGone(run: RunWork, folder: RunFolder, last: Cursor): Promise<Changes> {
  const outbox = dirname(folder.path);
  if (!(await exists(outbox))) {
    const reason = `${outbox} is not there. Make it reachable again (is the drive mounted?).`;
    throw new BackendError('folder', 'look for changes', reason, { retryable: true });
  }
  const parts = last.gone === 'all' ? [] : Array.from({ length: run.taskCount }, (_, part) => part);
  const cursor: Cursor = { ...start, through: 0, gone: 'all', at: Date.now() };
  return { tasks: parts.map((part) => goneTask(folder, part)), cursor: cursor as unknown as Json };
}

function goneTask(folder: RunFolder, part: number): TaskChange {
  const rawState = `${folder.task(part).labels} is not there`;
  return { part, state: 'GONE', rawState, revision: 'gone' };
}

async function movedTask(run: RunWork, files: TaskFiles, part: number, look: Look): Promise<TaskChange> {
  const { state, rawState, assignee } = readStatus(await readFile(files.status, 'utf8').catch(() => null));
  if (state === null) run.log('a status file is not usable', { file: files.status, content: rawState });
  return {
    part,
    state: state ?? 'ANNOTATING',
    rawState,
    revision: look.revision,
    assignee,
    editorUrl: pathToFileURL(files.folder).href,
  };
}

const states: readonly TaskState[] = ['SENT', 'ANNOTATING', 'IN_REVIEW', 'COMPLETED', 'REJECTED'];

interface Status {
  /** Null where the file says nothing that we understand: the task then counts as being worked on. */
  readonly state: TaskState | null;
  readonly rawState: string;
  readonly assignee: string | null;
}

/** Reads a status file. A status that was removed or is half-written by an editor must not stop the whole run's poll. */
export function readStatus(text: string | null): Status {
  if (text === null) return { state: 'SENT', rawState: 'no status', assignee: null };
  try {
    const { state, assignee } = JSON.parse(text.replace(/^\uFEFF/, '')) as { state?: unknown; assignee?: unknown };
    const known = states.find((one) => one === String(state).toUpperCase()) ?? null;
    return { state: known, rawState: String(state), assignee: typeof assignee === 'string' ? assignee : null };
  } catch {
    return { state: null, rawState: text.slice(0, 100), assignee: null };
  }
}
