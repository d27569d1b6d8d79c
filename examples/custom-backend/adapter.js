import { mkdir, readdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readTable, writeTable } from './table.js';

/** An error with `retryable` counts as the backend's own; everything else would count as a bug. */
class CsvFolderError extends Error {
  constructor(message, retryable) {
    super(message);
    this.retryable = retryable;
  }
}

/** People say where a table stands by renaming it: task-0.csv, then task-0.doing.csv, then task-0.done.csv. */
const states = { new: 'SENT', doing: 'ANNOTATING', done: 'COMPLETED' };
const tableName = /^task-(\d+)(?:\.(doing|done))?\.csv$/;

/**
 * The five verbs. Repeating one finds what is there: a run's folder has the run's id, and a table appears under its
 * name when it is whole. From then on it belongs to the people who annotate and is not written again.
 *
 * @implements {import('annogate').Backend}
 */
export class CsvFolder {
  async prepare(run) {
    const folder = folderOf(run);
    await mkdir(folder, { recursive: true });
    await run.checkpoint({ folder }, { editorUrl: `file://${folder}` });
  }

  async upload(task) {
    const folder = folderOf(task.run);
    const known = (await tablesIn(folder)).get(task.part);
    const name = known?.name ?? `task-${task.part}.csv`;
    if (known === undefined) await writeWhole(join(folder, name), await writeTable(task));
    const { size } = await stat(join(folder, name));
    if (size === 0) throw new CsvFolderError(`${name} arrived empty. Is the disk full?`, true);
    await task.checkpoint({ name }, { remoteId: `task-${task.part}`, editorUrl: `file://${join(folder, name)}` });
  }

  /** The cursor holds what each table looked like: fine for runs of some hundred tasks. */
  async changes(run, cursor) {
    const folder = folderOf(run);
    const tasks = [];
    const seen = {};
    for (const [part, table] of await tablesIn(folder)) {
      run.signal.throwIfAborted();
      const { mtimeMs, size, ino } = await stat(join(folder, table.name));
      seen[part] = `${table.name} ${ino} ${mtimeMs} ${size}`;
      if (cursor?.[part] === seen[part]) continue;
      tasks.push({ part, state: states[table.word], rawState: table.word, revision: `${ino} ${mtimeMs} ${size}` });
    }
    for (const part of Object.keys(cursor ?? {}))
      if (seen[part] === undefined && cursor[part] !== 'gone')
        tasks.push({ part: Number(part), state: 'GONE', rawState: 'no table', revision: 'gone' });
    const gone = Object.keys(cursor ?? {}).filter((part) => seen[part] === undefined);
    return { tasks, cursor: { ...seen, ...Object.fromEntries(gone.map((part) => [part, 'gone'])) } };
  }

  async *download(task) {
    const folder = folderOf(task.run);
    const name = (await tablesIn(folder)).get(task.part)?.name;
    if (name === undefined) throw new CsvFolderError(`the table of task ${task.part} is not in ${folder}`, false);
    const text = await readFile(join(folder, name), 'utf8');
    for (const sample of explained(name, () => readTable(text, task.run.labelSchema))) {
      task.signal.throwIfAborted();
      yield sample;
    }
  }

  async cleanup(run) {
    const folder = folderOf(run);
    for (const name of await namesIn(folder))
      if (tableName.test(name.replace(/\.partial$/, ''))) await rm(join(folder, name), { force: true });
    await rmdir(folder).catch((error) => {
      if (!['ENOENT', 'ENOTEMPTY'].includes(error.code)) throw error;
    });
  }
}

const folderOf = (run) => run.state?.folder ?? join(run.parameters.folder ?? join(run.dataFolder, 'csv'), run.runId);

async function namesIn(folder) {
  return readdir(folder).catch((error) => {
    if (error.code === 'ENOENT') return [];
    throw new CsvFolderError(`${folder} cannot be read: ${error.message}`, true);
  });
}

/** The tables of a run: part to name and the word that tells its state. */
async function tablesIn(folder) {
  const matches = (await namesIn(folder)).map((name) => tableName.exec(name)).filter((match) => match !== null);
  return new Map(matches.map(([name, part, word = 'new']) => [Number(part), { name, word }]));
}

async function writeWhole(path, text) {
  await writeFile(`${path}.partial`, text);
  await rename(`${path}.partial`, path);
}

function explained(name, read) {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new CsvFolderError(`${name}: ${error.message}. Correct the table.`, false);
    throw error;
  }
}
