import { NotFoundError } from '../domain/errors/index.js';
import type { Json, JsonObject } from '../domain/labels/index.js';
import type { Operation, OperationKind, OperationState, WorkError } from '../domain/run/index.js';
import { assignments, Conditions } from './clauses.js';
import { bytesOfHex, hexOfBytes } from './dialect.js';
import { jsonText, parsed } from './json-columns.js';
import { keyOfCursor, pagedById, rowsOfPage } from './paging.js';
import { type Database, readerOf, type SqlValue, sqlOf } from './sql.js';
import type { OperationStore, Page, Paged, Transaction } from './stores.js';

interface OperationRow {
  readonly id: number;
  readonly kind: string;
  readonly state: string;
  readonly dataset_id: number | null;
  readonly run_hex: Uint8Array | null;
  readonly request: string;
  readonly progress: string;
  readonly result: string | null;
  readonly error: string | null;
  readonly attempts: number;
  readonly created_at: number;
  readonly started_at: number | null;
  readonly finished_at: number | null;
  readonly first_event: number | null;
  readonly last_event: number | null;
}

const columns = `id, kind, state, dataset_id, run_hex, request, progress, result, error, attempts, created_at, started_at,
  finished_at, first_event, last_event`;

const operationOfRow = (row: OperationRow): Operation => ({
  id: row.id,
  kind: row.kind as OperationKind,
  state: row.state as OperationState,
  datasetId: row.dataset_id,
  runId: row.run_hex === null ? null : hexOfBytes(row.run_hex),
  request: JSON.parse(row.request) as JsonObject,
  progress: JSON.parse(row.progress) as JsonObject,
  result: parsed<JsonObject>(row.result),
  error: parsed<WorkError>(row.error),
  attempts: row.attempts,
  createdAt: row.created_at,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  firstEvent: row.first_event,
  lastEvent: row.last_event,
});

const finalStates: readonly OperationState[] = ['SUCCEEDED', 'FAILED', 'CANCELLED'];

/** Long pieces of work. The range of an operation's events is kept by the transactions that emit them. */
export class SqlOperationStore implements OperationStore {
  constructor(private readonly database: Database) {}

  /** An idempotency key that was used before gives the operation that it made then. */
  async create(tx: Transaction, operation: Parameters<OperationStore['create']>[1]): Promise<Operation> {
    const key = operation.idempotencyKey ?? null;
    const now = Date.now();
    const values: Record<string, SqlValue> = {
      kind: operation.kind,
      state: 'QUEUED',
      dataset_id: operation.datasetId,
      run_hex: operation.runId === null ? null : bytesOfHex(operation.runId),
      request: JSON.stringify(operation.request),
      author: operation.author ?? null,
      idempotency_key: key,
      created_at: now,
      due: now,
    };
    const [made] = await sqlOf(tx).run<OperationRow>(
      `INSERT INTO operation(${Object.keys(values).join(', ')}) VALUES (${Object.keys(values)
        .map(() => '?')
        .join(', ')}) ON CONFLICT (idempotency_key) DO NOTHING RETURNING ${columns}`,
      Object.values(values),
    );
    const row =
      made ??
      (await sqlOf(tx).run<OperationRow>(`SELECT ${columns} FROM operation WHERE idempotency_key = ?`, [key]))[0];
    return operationOfRow(row as OperationRow);
  }

  async byId(id: number, tx?: Transaction): Promise<Operation | null> {
    const [row] = await readerOf(this.database, tx).query<OperationRow>(
      `SELECT ${columns} FROM operation WHERE id = ?`,
      [id],
    );
    return row ? operationOfRow(row) : null;
  }

  /** In the order in which they were asked for. */
  async list(page: Page, filter: Parameters<OperationStore['list']>[1] = {}): Promise<Paged<Operation>> {
    const conditions = new Conditions()
      .add('id > ?', keyOfCursor(page.after) ?? undefined)
      .add('dataset_id = ?', filter.datasetId)
      .add('run_hex = ?', filter.runId === undefined ? undefined : bytesOfHex(filter.runId))
      .oneOf('kind', filter.kinds)
      .oneOf('state', filter.states);
    const rows = await this.database.query<OperationRow>(
      `SELECT ${columns} FROM operation ${conditions.where} ORDER BY id LIMIT ?`,
      [...conditions.params, rowsOfPage(page)],
    );
    return pagedById(rows, page, operationOfRow);
  }

  /** NOT_FOUND when there is no such operation. */
  async update(tx: Transaction, id: number, change: Parameters<OperationStore['update']>[2]): Promise<void> {
    const now = Date.now();
    const set = assignments({
      state: change.state,
      progress: jsonText(change.progress) ?? undefined,
      cursor: jsonText(change.cursor),
      result: jsonText(change.result),
      error: jsonText(change.error),
      due: change.dueAt,
      ...timesOf(change.state, now),
    });
    const started = change.state === 'RUNNING' ? 'started_at = coalesce(started_at, ?)' : '';
    const parts = [set.sql, started].filter((part) => part !== '');
    if (parts.length === 0) return;
    const rows = await sqlOf(tx).run(`UPDATE operation SET ${parts.join(', ')} WHERE id = ? RETURNING 1 AS done`, [
      ...set.params,
      ...(started === '' ? [] : [now]),
      id,
    ]);
    if (rows.length === 0) throw new NotFoundError('operation', String(id));
  }

  async cursor(id: number, tx?: Transaction): Promise<Json> {
    const [row] = await readerOf(this.database, tx).query<{ cursor: string | null }>(
      'SELECT cursor FROM operation WHERE id = ?',
      [id],
    );
    return parsed<Json>(row?.cursor ?? null);
  }

  /** Tells whether there was something to cancel; the daemon looks at it at once. */
  async requestCancel(tx: Transaction, id: number): Promise<boolean> {
    const rows = await sqlOf(tx).run(
      `UPDATE operation SET cancel_requested = 1, due = ? WHERE id = ? AND state IN ('QUEUED', 'RUNNING') RETURNING 1 AS done`,
      [Date.now(), id],
    );
    return rows.length > 0;
  }

  async isCancelRequested(id: number): Promise<boolean> {
    const rows = await this.database.query('SELECT 1 AS asked FROM operation WHERE id = ? AND cancel_requested = 1', [
      id,
    ]);
    return rows.length > 0;
  }
}

/** When it ended, or that it has not: an operation that failed can be tried again. */
function timesOf(state: OperationState | undefined, now: number): { finished_at?: number | null } {
  if (state === undefined) return {};
  return { finished_at: finalStates.includes(state) ? now : null };
}
