import { createHash } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BackendError } from '../../domain/errors/index.js';
import type { RunWork, TaskWork } from '../backend.js';
import { aboutRun, guideText } from './guide.js';
import { RunFolder, runFolderName, type TaskFiles } from './layout.js';
import { lineOfUnit } from './line.js';
import { linesOf } from './lines.js';
import { placeMedia } from './media.js';
import { noteText } from './note.js';
import { type FolderParameters, readParameters } from './parameters.js';
import { lookAt } from './watch.js';
import { exists, namesIn, partialName, publish, writeOnce, writeWhole } from './whole-file.js';

/** Makes the run's folder, or finds it. */
export async function prepareRun(run: RunWork): Promise<void> {
  const parameters = readParameters(run.parameters, run.dataFolder);
  const folder =
    (await findRunFolder(run)) ?? new RunFolder(join(parameters.outbox, runFolderName(run.annoKey, run.runId)));
  await layOut(run, folder, parameters);
  await run.checkpoint({ folder: folder.path }, { editorUrl: pathToFileURL(folder.path).href });
}

/**
 * The folder of a run: where we noted it, else the one that ends with the run's id (the run may have been renamed
 * since). Null where there is none.
 */
export async function findRunFolder(run: RunWork): Promise<RunFolder | null> {
  if (typeof run.state?.folder === 'string') return new RunFolder(run.state.folder);
  const { outbox } = readParameters(run.parameters, run.dataFolder);
  const names = await namesIn(outbox);
  const name = names.find((one) => one.endsWith(`-${run.runId}`));
  return name === undefined ? null : new RunFolder(join(outbox, name));
}

async function layOut(run: RunWork, folder: RunFolder, parameters: FolderParameters): Promise<void> {
  run.signal.throwIfAborted();
  for (const path of [folder.tasks, folder.statuses, folder.notes]) await mkdir(path, { recursive: true });
  await writeOnce(folder.guide, guideText(run, parameters));
  await writeOnce(folder.about, aboutRun(run, parameters));
}

/**
 * Puts a task into the run's folder. The note comes first, so that cleanup knows what a crash left behind; then the
 * labels, which from then on belong to the annotators and are never written again; then the status and the note's `sent`.
 */
export async function sendTask(task: TaskWork): Promise<void> {
  const { run, part } = task;
  const folder = await findRunFolder(run);
  if (folder === null) throw failed('the run has no folder yet: it must be prepared first', true);
  const parameters = readParameters(run.parameters, run.dataFolder);
  await layOut(run, folder, parameters);
  const files = folder.task(part);
  const note = (sent: boolean): string => noteText({ units: task.unitIds, sent });
  await writeOnce(files.note, note(false));
  await mkdir(files.folder, { recursive: true });
  if (!(await exists(files.labels))) await sendLabels(task, files, parameters);
  await writeOnce(files.status, '{"state": "SENT", "assignee": null}\n');
  await writeWhole(files.note, note(true));
  const { revision } = (await lookAt(files)) ?? failedToArrive(files);
  const shown = { remoteId: files.folder, editorUrl: pathToFileURL(files.folder).href, revision };
  await task.checkpoint({ sent: true }, shown);
}

async function sendLabels(task: TaskWork, files: TaskFiles, parameters: FolderParameters): Promise<void> {
  const temporary = partialName(files.labels);
  try {
    const written = await writeLabels(task, temporary, files, parameters);
    await verify(temporary, written, task);
    task.signal.throwIfAborted();
    await publish(temporary, files.labels);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Lines are collected up to this many characters before they are written. */
const pageSize = 1 << 20;

/** Writes the lines of a task, page by page, and returns their number and checksum. */
async function writeLabels(
  task: TaskWork,
  path: string,
  files: TaskFiles,
  parameters: FolderParameters,
): Promise<Written> {
  const file = await open(path, 'wx');
  const hash = createHash('sha256');
  let lines = 0;
  let page = '';
  const flush = async (): Promise<void> => {
    hash.update(page);
    await file.writeFile(page);
    page = '';
  };
  try {
    for await (const unit of task.units()) {
      task.signal.throwIfAborted();
      const media = await placeMedia(unit, files, parameters.media, (path) => task.readable(path));
      page += `${JSON.stringify(await lineOfUnit(unit, media, (name) => task.mask(name)))}\n`;
      lines++;
      if (page.length > pageSize) await flush();
    }
    await flush();
    await file.sync();
  } finally {
    await file.close();
  }
  return { lines, checksum: hash.digest('hex') };
}

interface Written {
  readonly lines: number;
  readonly checksum: string;
}

/** Reads back what was written: a full or failing disk is found out here and not by the annotators. */
async function verify(path: string, written: Written, task: TaskWork): Promise<void> {
  const expected = task.unitIds.length;
  if (written.lines !== expected)
    throw failed(`the task has ${expected} samples, but ${written.lines} were given`, false);
  const file = await open(path);
  const hash = createHash('sha256');
  let lines = 0;
  try {
    for await (const { text } of linesOf(file)) {
      hash.update(`${text}\n`);
      lines++;
    }
  } finally {
    await file.close();
  }
  if (lines !== written.lines || hash.digest('hex') !== written.checksum)
    throw failed(`${path} does not hold what was written to it (${lines} of ${written.lines} lines)`, true);
}

const failed = (reason: string, retryable: boolean): BackendError =>
  new BackendError('folder', 'send a task', reason, { retryable });

function failedToArrive(files: TaskFiles): never {
  throw failed(`${files.labels} disappeared while the task was sent`, true);
}
