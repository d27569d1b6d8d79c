import { Conditions } from '../clauses.js';
import { bytesOfHex } from '../dialect.js';
import { keyOfCursor } from '../paging.js';
import { sqlOf } from '../sql.js';
import type { FindingStore, Page, Transaction } from '../stores.js';

/** The load that found something. */
export type FindingContext = Parameters<FindingStore['add']>[1];

/** Conditions of lists of what loads left: after the cursor, of one load, of one run. */
export function conditionsOfLoad(
  page: Page,
  filter: { readonly operationId?: number; readonly runId?: string },
): Conditions {
  return new Conditions()
    .add('id > ?', keyOfCursor(page.after) ?? undefined)
    .add('operation_id = ?', filter.operationId)
    .add('run_hex = ?', filter.runId === undefined ? undefined : bytesOfHex(filter.runId));
}

/** One statement for all rows: sample key, frame, label id, then `members`. Rows of samples that are gone are left out. */
export async function insertBySample(
  tx: Transaction,
  table: 'finding' | 'held_label',
  context: FindingContext,
  members: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): Promise<void> {
  const sql = sqlOf(tx);
  const { each, int, hex, text } = sql.dialect;
  const event = await tx.eventNumber();
  await sql.run(
    `INSERT INTO ${table}(operation_id, run_hex, dataset_id, event, sample_hex, frame, hex, ${members.join(', ')})
     SELECT CAST(?1 AS bigint), ${sql.engine === 'postgres' ? '?2::bytea' : '?2'}, CAST(?3 AS bigint), CAST(?4 AS bigint), s.hex, ${int(1)}, ${hex(2)},
       ${members.map((_, i) => text(3 + i)).join(', ')}
     FROM ${each('?5')} CROSS JOIN sample s WHERE s.id = ${int(0)}`,
    [context.operationId, bytesOfHex(context.runId), context.datasetId, event, JSON.stringify(rows)],
  );
}
