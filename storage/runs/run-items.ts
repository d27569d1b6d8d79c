import { bytesOfHex, hexOfBytes } from '../dialect.js';
import { type SqlRunner, sqlOf } from '../sql.js';
import type { RunItem, RunStore, Transaction } from '../stores.js';
import { runKey } from './run-rows.js';

interface ItemRow {
  readonly sample_id: number;
  readonly sent_hash: Uint8Array | null;
  readonly returned_hash: Uint8Array | null;
  readonly loaded_at: number | null;
}

const hexOrNull = (bytes: Uint8Array | null): string | null => (bytes === null ? null : hexOfBytes(bytes));

/** What is noted of one field on the samples, by sample key. The order of the join is fixed: the list first, then by key. */
export async function runItems(
  runner: SqlRunner,
  runId: string,
  fieldId: number,
  sampleKeys: readonly number[],
): Promise<ReadonlyMap<number, RunItem>> {
  const { each, item } = runner.dialect;
  const rows = await runner.query<ItemRow>(
    `SELECT i.sample_id, i.sent_hash, i.returned_hash, i.loaded_at FROM ${each()} CROSS JOIN run_item i
     WHERE i.run_id = ${runKey} AND i.sample_id = ${item.int} AND i.field_id = ?`,
    [JSON.stringify(sampleKeys), bytesOfHex(runId), fieldId],
  );
  return new Map(
    rows.map((row) => [
      row.sample_id,
      {
        sampleKey: row.sample_id,
        fieldId,
        sentHash: hexOrNull(row.sent_hash),
        returnedHash: hexOrNull(row.returned_hash),
        loadedAt: row.loaded_at,
      },
    ]),
  );
}

/**
 * Notes hashes and loads; what is not given stays. An upsert finds each row by its key, while an UPDATE joined with the
 * list makes SQLite walk the whole run.
 */
export async function upsertRunItems(
  tx: Transaction,
  runId: string,
  items: Parameters<RunStore['upsertItems']>[2],
): Promise<void> {
  if (items.length === 0) return;
  const sql = sqlOf(tx);
  const { each, int, hex } = sql.dialect;
  const rows = items.map((item) => [
    item.sampleKey,
    item.fieldId,
    item.sentHash ?? null,
    item.returnedHash ?? null,
    item.loadedAt ?? null,
    item.loadedIn ?? null,
  ]);
  await sql.run(
    `INSERT INTO run_item(run_id, sample_id, field_id, sent_hash, returned_hash, loaded_at, loaded_in)
     SELECT ${runKey}, ${int(0)}, ${int(1)}, ${hex(2)}, ${hex(3)}, ${int(4)}, ${int(5)} FROM ${each()} WHERE true
     ON CONFLICT (run_id, sample_id, field_id) DO UPDATE SET
       sent_hash = coalesce(excluded.sent_hash, run_item.sent_hash),
       returned_hash = coalesce(excluded.returned_hash, run_item.returned_hash),
       loaded_at = coalesce(excluded.loaded_at, run_item.loaded_at),
       loaded_in = coalesce(excluded.loaded_in, run_item.loaded_in)`,
    [bytesOfHex(runId), JSON.stringify(rows)],
  );
}

/** Those of the samples that have an item which the operation loaded. */
export async function samplesLoadedBy(
  runner: SqlRunner,
  runId: string,
  operationId: number,
  sampleKeys: readonly number[],
): Promise<ReadonlySet<number>> {
  const { each, item } = runner.dialect;
  const rows = await runner.query<{ sample_id: number }>(
    `SELECT i.sample_id FROM ${each()} CROSS JOIN run_item i
     WHERE i.run_id = ${runKey} AND i.sample_id = ${item.int} AND i.loaded_in = ?`,
    [JSON.stringify(sampleKeys), bytesOfHex(runId), operationId],
  );
  return new Set(rows.map((row) => row.sample_id));
}
