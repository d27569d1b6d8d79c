import { EventsExpiredError } from '../domain/errors/index.js';
import type { JsonObject } from '../domain/labels/index.js';
import { Conditions } from './clauses.js';
import { bytesOfHex, hexOfBytes } from './dialect.js';
import { type Database, sqlOf } from './sql.js';
import type { Event, EventFeed, Transaction } from './stores.js';

interface EventRow {
  readonly number: number;
  readonly at: number;
  readonly dataset_id: number | null;
  readonly run_hex: Uint8Array | null;
  readonly operation_id: number | null;
  readonly kind: string;
  readonly detail: string;
}

const eventOfRow = (row: EventRow): Event => ({
  number: row.number,
  at: row.at,
  kind: row.kind,
  datasetId: row.dataset_id,
  runId: row.run_hex === null ? null : hexOfBytes(row.run_hex),
  operationId: row.operation_id,
  detail: JSON.parse(row.detail) as JsonObject,
});

/** Events in the order of the commits that made them, numbered without gaps. */
export class SqlEventFeed implements EventFeed {
  constructor(private readonly database: Database) {}

  async read(after: number, limit: number, filter: Parameters<EventFeed['read']>[2] = {}): Promise<readonly Event[]> {
    const conditions = new Conditions()
      .add('number > ?', after)
      .add('dataset_id = ?', filter.datasetId)
      .add('run_hex = ?', filter.runId === undefined ? undefined : bytesOfHex(filter.runId))
      .add('operation_id = ?', filter.operationId);
    const rows = await this.database.query<EventRow>(
      `SELECT number, at, dataset_id, run_hex, operation_id, kind, detail FROM event ${conditions.where} ORDER BY number LIMIT ?`,
      [...conditions.params, limit],
    );
    // Looked at after reading: what was pruned meanwhile is noticed too.
    const [kept] = await this.database.query<{ oldest: number | null }>('SELECT min(number) AS oldest FROM event');
    const startFrom = (kept?.oldest ?? 1) - 1;
    if (after < startFrom) throw new EventsExpiredError(after, startFrom);
    return rows.map(eventOfRow);
  }

  async latest(): Promise<number> {
    const [row] = await this.database.query<{ newest: number | null }>('SELECT max(number) AS newest FROM event');
    return row?.newest ?? 0;
  }

  onCommit(callback: () => void): Promise<() => Promise<void>> {
    return this.database.onCommit(callback);
  }

  /** The newest event always stays: it says which number comes next. */
  async prune(tx: Transaction, before: number, limit: number): Promise<number> {
    const rows = await sqlOf(tx).run(
      `DELETE FROM event WHERE number < (SELECT max(number) FROM event) AND number IN
         (SELECT o.number FROM (SELECT number, at FROM event ORDER BY number LIMIT ?) o WHERE o.at < ?)
       RETURNING 1 AS done`,
      [limit, before],
    );
    return rows.length;
  }
}
