import { NotFoundError } from '../../domain/errors/index.js';
import type { JsonObject } from '../../domain/labels/index.js';
import type { Task, TaskState, WorkError } from '../../domain/run/index.js';
import { assignments, Conditions } from '../clauses.js';
import { bytesOfHex, hexOfBytes } from '../dialect.js';
import { jsonText, parsed } from '../json-columns.js';
import { keyOfCursor, pagedById, rowsOfPage } from '../paging.js';
import { type SqlRunner, sqlOf } from '../sql.js';
import type { Page, Paged, RunStore, Transaction } from '../stores.js';
import { runKey } from './run-rows.js';

interface TaskRow {
  readonly id: number;
  readonly run_hex: Uint8Array;
  readonly part: number;
  readonly state: string;
  readonly raw_state: string | null;
  readonly sample_count: number;
  readonly remote: string | null;
  readonly remote_id: string | null;
  readonly editor_url: string | null;
  readonly assignee: string | null;
  readonly revision: string | null;
  readonly loaded_revision: string | null;
  readonly error: string | null;
  readonly updated_at: number;
}

const selectTask = `SELECT t.id, run.hex AS run_hex, t.part, t.state, t.raw_state, t.sample_count, t.remote, t.remote_id, t.editor_url,
  t.assignee, t.revision, t.loaded_revision, t.error, t.updated_at FROM task t JOIN run ON run.id = t.run_id`;

const taskOfRow = (row: TaskRow): Task => ({
  id: row.id,
  runId: hexOfBytes(row.run_hex),
  part: row.part,
  state: row.state as TaskState,
  rawState: row.raw_state,
  sampleCount: row.sample_count,
  remote: parsed<JsonObject>(row.remote),
  remoteId: row.remote_id,
  editorUrl: row.editor_url,
  assignee: row.assignee,
  revision: row.revision,
  loadedRevision: row.loaded_revision,
  error: parsed<WorkError>(row.error),
  updatedAt: row.updated_at,
});

/** Tasks are made once, in one statement each for tasks and samples; they are not due yet. Returns how many the run has. */
export async function planTasks(tx: Transaction, runId: string, size: number | null, now: number): Promise<number> {
  const sql = sqlOf(tx);
  const run = bytesOfHex(runId);
  const [planned] = await sql.run<{ id: number; task_count: number; sample_count: number }>(
    `SELECT id, task_count, sample_count FROM run WHERE hex = ? ${sql.dialect.forUpdate()}`,
    [run],
  );
  if (planned === undefined) throw new NotFoundError('run', runId);
  if (planned.task_count > 0) return planned.task_count;
  const each = size ?? Math.max(1, planned.sample_count);
  await sql.run(
    `INSERT INTO task(run_id, part, state, sample_count, updated_at)
     SELECT run_id, position / CAST(?1 AS bigint), 'PLANNED', count(*), CAST(?2 AS bigint) FROM run_sample WHERE run_id = ?3
     GROUP BY run_id, position / CAST(?1 AS bigint) ORDER BY 2`,
    [each, now, planned.id],
  );
  await sql.run('UPDATE run_sample SET part = position / CAST(? AS bigint) WHERE run_id = ?', [each, planned.id]);
  const [counted] = await sql.run<{ task_count: number }>(
    'UPDATE run SET task_count = (SELECT count(*) FROM task WHERE run_id = ?1) WHERE id = ?1 RETURNING task_count',
    [planned.id],
  );
  return counted?.task_count ?? 0;
}

/** Tasks of a run in order. */
export async function listTasks(
  runner: SqlRunner,
  runId: string,
  page: Page,
  filter: NonNullable<Parameters<RunStore['tasks']>[2]>,
): Promise<Paged<Task>> {
  const conditions = new Conditions()
    .add('run.hex = ?', bytesOfHex(runId))
    .add('t.id > ?', keyOfCursor(page.after) ?? undefined)
    .oneOf('t.state', filter.states)
    .oneOf('t.id', filter.ids);
  const rows = await runner.query<TaskRow>(`${selectTask} ${conditions.where} ORDER BY t.id LIMIT ?`, [
    ...conditions.params,
    rowsOfPage(page),
  ]);
  return pagedById(rows, page, taskOfRow);
}

export async function taskById(runner: SqlRunner, id: number): Promise<Task | null> {
  const [row] = await runner.query<TaskRow>(`${selectTask} WHERE t.id = ?`, [id]);
  return row ? taskOfRow(row) : null;
}

export async function taskByPart(runner: SqlRunner, runId: string, part: number): Promise<Task | null> {
  const [row] = await runner.query<TaskRow>(`${selectTask} WHERE run.hex = ? AND t.part = ?`, [
    bytesOfHex(runId),
    part,
  ]);
  return row ? taskOfRow(row) : null;
}

/** How many tasks are in each state; states without tasks are absent. */
export async function taskCounts(runner: SqlRunner, runId: string): Promise<Readonly<Record<string, number>>> {
  const rows = await runner.query<{ state: string; count: number }>(
    `SELECT state, count(*) AS count FROM task WHERE run_id = ${runKey} GROUP BY state`,
    [bytesOfHex(runId)],
  );
  return Object.fromEntries(rows.map((row) => [row.state, row.count]));
}

/** NOT_FOUND when there is no such task. */
export async function updateTask(
  tx: Transaction,
  id: number,
  change: Parameters<RunStore['updateTask']>[2],
  now: number,
): Promise<void> {
  const set = assignments({
    state: change.state,
    raw_state: change.rawState,
    remote: jsonText(change.remote),
    remote_id: change.remoteId,
    editor_url: change.editorUrl,
    assignee: change.assignee,
    revision: change.revision,
    loaded_revision: change.loadedRevision,
    error: jsonText(change.error),
    due: change.dueAt,
    updated_at: now,
  });
  const rows = await sqlOf(tx).run(`UPDATE task SET ${set.sql} WHERE id = ? RETURNING 1 AS done`, [...set.params, id]);
  if (rows.length === 0) throw new NotFoundError('task', String(id));
}
