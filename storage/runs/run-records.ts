import { AnnoKeyInUseError, NotFoundError } from '../../domain/errors/index.js';
import { assignments, Conditions } from '../clauses.js';
import { bytesOfHex } from '../dialect.js';
import { jsonText } from '../json-columns.js';
import { keyOfCursor, pagedById, rowsOfPage } from '../paging.js';
import { type Database, type DatabaseTransaction, type SqlRunner, type SqlValue, sqlOf } from '../sql.js';
import type { NewRun, Page, Paged, RunFilter, RunRecord, RunStore, Transaction } from '../stores.js';
import { isUniqueViolation } from '../unique-violation.js';
import { freezeMembership } from './freeze.js';
import { type RunRow, runColumns, runKey, runOfRow } from './run-rows.js';

/** Draws the event number first: everything with a smaller one can be seen from here on, and nothing with a larger one. */
export async function createRun(tx: Transaction, run: NewRun, now: number): Promise<RunRecord> {
  const sql = sqlOf(tx);
  const frozenAt = await tx.eventNumber();
  const key = await insertRun(sql, run, frozenAt, now);
  await freezeMembership(sql, key, run);
  const [row] = await sql.run<RunRow>(
    `UPDATE run SET sample_count = (SELECT count(*) FROM run_sample s WHERE s.run_id = ?1) WHERE id = ?1 RETURNING ${runColumns}`,
    [key],
  );
  return runOfRow(row as RunRow);
}

async function insertRun(tx: DatabaseTransaction, run: NewRun, frozenAt: number, now: number): Promise<number> {
  const values: Record<string, SqlValue> = {
    hex: bytesOfHex(run.id),
    dataset_id: run.datasetId,
    anno_key: run.annoKey,
    backend: run.backend,
    state: 'PREPARING',
    label_schema: JSON.stringify(run.labelSchema),
    media_field: run.mediaField,
    media_type: run.mediaType,
    parameters: JSON.stringify(run.parameters),
    view: run.view === null ? null : JSON.stringify(run.view),
    selection: JSON.stringify(run.selection),
    frozen_at: frozenAt,
    created_at: now,
    modified_at: now,
    warnings: JSON.stringify(run.warnings),
    launch_editor: run.launchEditor ? 1 : 0,
    author: run.author,
    due: now,
  };
  const [row] = await tx.run<{ id: number }>(
    `INSERT INTO run(${Object.keys(values).join(', ')}) VALUES (${Object.keys(values)
      .map(() => '?')
      .join(', ')}) ON CONFLICT (dataset_id, anno_key) DO NOTHING RETURNING id`,
    Object.values(values),
  );
  if (row === undefined) throw new AnnoKeyInUseError(run.annoKey);
  return row.id;
}

/** The run with this key in the dataset, or null. */
export async function runByKey(runner: SqlRunner, datasetId: number, annoKey: string): Promise<RunRecord | null> {
  const [row] = await runner.query<RunRow>(`SELECT ${runColumns} FROM run WHERE dataset_id = ? AND anno_key = ?`, [
    datasetId,
    annoKey,
  ]);
  return row ? runOfRow(row) : null;
}

export async function runById(runner: SqlRunner, id: string): Promise<RunRecord | null> {
  const [row] = await runner.query<RunRow>(`SELECT ${runColumns} FROM run WHERE hex = ?`, [bytesOfHex(id)]);
  return row ? runOfRow(row) : null;
}

/** Runs in the order in which they were made. */
export async function listRuns(database: Database, page: Page, filter: RunFilter): Promise<Paged<RunRecord>> {
  const conditions = new Conditions()
    .add('id > ?', keyOfCursor(page.after) ?? undefined)
    .add('dataset_id = ?', filter.datasetId)
    .add('backend = ?', filter.backend)
    .add('anno_key = ?', filter.annoKey)
    .oneOf('state', filter.states);
  for (const [name, value] of Object.entries(filter.parameters ?? {})) {
    conditions.addAll(`${database.dialect.memberJson('parameters')} = ?`, [name, JSON.stringify(value)]);
  }
  const rows = await database.query<RunRow>(`SELECT ${runColumns} FROM run ${conditions.where} ORDER BY id LIMIT ?`, [
    ...conditions.params,
    rowsOfPage(page),
  ]);
  return pagedById(rows, page, runOfRow);
}

/** NOT_FOUND when there is no such run. */
export async function updateRun(
  tx: Transaction,
  id: string,
  change: Parameters<RunStore['update']>[2],
  now: number,
): Promise<void> {
  const set = assignments({
    state: change.state,
    error: jsonText(change.error),
    warnings: jsonText(change.warnings) ?? undefined,
    task_count: change.taskCount,
    remote: jsonText(change.remote),
    cursor: jsonText(change.cursor),
    editor_url: change.editorUrl,
    parameters: jsonText(change.parameters) ?? undefined,
    due: change.dueAt,
    modified_at: now,
  });
  const rows = await sqlOf(tx).run(`UPDATE run SET ${set.sql} WHERE hex = ? RETURNING 1 AS done`, [
    ...set.params,
    bytesOfHex(id),
  ]);
  if (rows.length === 0) throw new NotFoundError('run', id);
}

/** ANNO_KEY_IN_USE; NOT_FOUND when there is no such run. */
export async function renameRun(tx: Transaction, datasetId: number, annoKey: string, newKey: string): Promise<void> {
  try {
    const rows = await sqlOf(tx).run(
      'UPDATE run SET anno_key = ? WHERE dataset_id = ? AND anno_key = ? RETURNING 1 AS done',
      [newKey, datasetId, annoKey],
    );
    if (rows.length === 0) throw new NotFoundError('run', annoKey);
  } catch (error) {
    throw isUniqueViolation(error) ? new AnnoKeyInUseError(newKey) : error;
  }
}

/** NOT_FOUND when there is no such run. */
export async function deleteRun(tx: Transaction, id: string): Promise<void> {
  const sql = sqlOf(tx);
  const hex = bytesOfHex(id);
  for (const table of ['run_sample', 'run_item', 'run_label', 'task'])
    await sql.run(`DELETE FROM ${table} WHERE run_id = ${runKey}`, [hex]);
  for (const table of ['finding', 'held_label', 'secret'])
    await sql.run(`DELETE FROM ${table} WHERE run_hex = ?`, [hex]);
  const rows = await sql.run('DELETE FROM run WHERE hex = ? RETURNING 1 AS done', [hex]);
  if (rows.length === 0) throw new NotFoundError('run', id);
}
