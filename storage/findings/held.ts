import type { JsonObject } from '../../domain/labels/index.js';
import { hexOfBytes } from '../dialect.js';
import { pagedById, rowsOfPage } from '../paging.js';
import type { Database, DatabaseTransaction, SqlRunner } from '../sql.js';
import type { FindingStore, HeldLabel, Page, Paged, PendingRow, Transaction } from '../stores.js';
import { conditionsOfLoad, type FindingContext, insertBySample } from './rows.js';

interface HeldRow {
  readonly id: number;
  readonly operation_id: number;
  readonly run_hex: Uint8Array;
  readonly field: string;
  readonly return_type: string;
  readonly sample_hex: Uint8Array;
  readonly frame: number;
  readonly hex: Uint8Array | null;
  readonly label: string;
  readonly reason: string;
  readonly state: string;
}

/** Keeps labels for a decision. */
export async function holdLabels(
  tx: Transaction,
  context: FindingContext,
  held: Parameters<FindingStore['hold']>[2],
): Promise<void> {
  if (held.length === 0) return;
  const rows = held.map((label) => [
    label.sampleKey,
    label.frame,
    label.labelId,
    label.field,
    label.returnType,
    JSON.stringify(label.document),
    label.reason,
    label.state,
  ]);
  await insertBySample(tx, 'held_label', context, ['field', 'return_type', 'label', 'reason', 'state'], rows);
}

/** Held labels in the order in which they were held; pending ones only where that state is asked for. */
export async function listHeld(
  database: Database,
  page: Page,
  filter: Parameters<FindingStore['held']>[1],
): Promise<Paged<HeldLabel>> {
  const conditions = conditionsOfLoad(page, filter)
    .oneOf('state', filter.states)
    .add('state <> ?', filter.states === undefined ? 'PENDING' : undefined);
  const rows = await database.query<HeldRow>(
    `SELECT id, operation_id, run_hex, field, return_type, sample_hex, frame, hex, label, reason, state
     FROM held_label ${conditions.where} ORDER BY id LIMIT ?`,
    [...conditions.params, rowsOfPage(page)],
  );
  return pagedById(rows, page, heldOfRow);
}

/** Those whose sample is still there. */
export async function pendingDeletions(
  tx: DatabaseTransaction,
  operationId: number,
  limit: number,
): Promise<readonly PendingRow[]> {
  const rows = await tx.run<{
    id: number;
    field: string;
    sample_id: number;
    frame: number;
    hex: Uint8Array;
    event: number;
  }>(
    `SELECT h.id, h.field, s.id AS sample_id, h.frame, h.hex, h.event
     FROM held_label h CROSS JOIN sample s
     WHERE h.operation_id = ? AND h.state = 'PENDING' AND s.dataset_id = h.dataset_id AND s.hex = h.sample_hex ORDER BY h.id LIMIT ?`,
    [operationId, limit],
  );
  return rows.map((row) => ({
    id: row.id,
    field: row.field,
    sampleKey: row.sample_id,
    frame: row.frame,
    labelId: hexOfBytes(row.hex),
    event: row.event,
  }));
}

export async function countPending(runner: SqlRunner, operationId: number): Promise<number> {
  const [row] = await runner.query<{ count: number }>(
    "SELECT count(*) AS count FROM held_label WHERE operation_id = ? AND state = 'PENDING'",
    [operationId],
  );
  return row?.count ?? 0;
}

export async function settlePending(tx: DatabaseTransaction, ids: readonly number[]): Promise<void> {
  const { each, item } = tx.dialect;
  await tx.run(`DELETE FROM held_label WHERE id IN (SELECT ${item.int} FROM ${each()}) AND state = 'PENDING'`, [
    JSON.stringify(ids),
  ]);
}

export async function holdPending(tx: DatabaseTransaction, operationId: number): Promise<void> {
  await tx.run("UPDATE held_label SET state = 'HELD' WHERE operation_id = ? AND state = 'PENDING'", [operationId]);
}

const heldOfRow = (row: HeldRow): HeldLabel => ({
  id: row.id,
  operationId: row.operation_id,
  runId: hexOfBytes(row.run_hex),
  field: row.field,
  returnType: row.return_type,
  sampleId: hexOfBytes(row.sample_hex),
  frame: row.frame,
  labelId: row.hex === null ? null : hexOfBytes(row.hex),
  document: JSON.parse(row.label) as JsonObject,
  reason: row.reason,
  state: row.state as HeldLabel['state'],
});
