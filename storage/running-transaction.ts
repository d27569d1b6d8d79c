import { type Dialect, dialectOf, type Engine } from './dialect.js';
import type { DatabaseTransaction, SqlValue } from './sql.js';
import type { NewEvent } from './stores.js';

type Execute = <T>(sql: string, params: readonly SqlValue[]) => Promise<T[]>;

/** The lock under which event numbers are drawn on PostgreSQL, so that their order is the order of the commits. */
const eventLock = 7_304_601;

/**
 * One transaction: runs its statements in the order of the calls, draws its event number when first asked, and writes
 * its events last.
 */
export class RunningTransaction implements DatabaseTransaction {
  readonly dialect: Dialect;
  private last: Promise<unknown> = Promise.resolve();
  private number: Promise<number> | null = null;
  private readonly events: NewEvent[] = [];
  private over = false;

  constructor(
    readonly engine: Engine,
    private readonly execute: Execute,
  ) {
    this.dialect = dialectOf(engine);
  }

  run<T>(sql: string, params: readonly SqlValue[] = []): Promise<T[]> {
    if (this.over)
      return Promise.reject(new Error('a statement was given to a transaction that is over: await every call'));
    const result = this.last.then(() => this.execute<T>(sql, params));
    this.last = result.catch(() => {});
    return result;
  }

  query<T>(sql: string, params: readonly SqlValue[] = []): Promise<T[]> {
    return this.run<T>(sql, params);
  }

  eventNumber(): Promise<number> {
    this.number ??= this.drawNumber();
    return this.number;
  }

  emit(event: NewEvent): void {
    this.events.push(event);
  }

  /** Writes the events. Call before COMMIT; nothing can be run afterwards. */
  async finish(now: number): Promise<void> {
    if (this.events.length === 0 && this.number !== null) {
      throw new Error(
        'a transaction drew an event number and emitted no event: its changes would share the number of the next one',
      );
    }
    if (this.events.length > 0) await this.writeEvents(await this.eventNumber(), now);
    this.end();
  }

  /** From now on statements are refused. */
  end(): void {
    this.over = true;
  }

  /** The newest event is never pruned, so its number is the last one drawn. */
  private async drawNumber(): Promise<number> {
    if (this.engine === 'postgres') await this.run('SELECT pg_advisory_xact_lock(?::bigint)', [eventLock]);
    const [row] = await this.run<{ newest: number | null }>('SELECT max(number) AS newest FROM event');
    return (row?.newest ?? 0) + 1;
  }

  private async writeEvents(first: number, now: number): Promise<void> {
    const { int, text, hex, each } = this.dialect;
    const rows = this.events.map((event, i) => [
      first + i,
      event.datasetId ?? null,
      event.runId ?? null,
      event.operationId ?? null,
      event.kind,
      JSON.stringify(event.detail),
    ]);
    await this.run(
      `INSERT INTO event(number, at, dataset_id, run_hex, operation_id, kind, detail)
       SELECT ${int(0)}, ${this.engine === 'postgres' ? '?2::bigint' : '?2'}, ${int(1)}, ${hex(2)}, ${int(3)}, ${text(4)}, ${text(5)} FROM ${each('?1')} WHERE true`,
      [JSON.stringify(rows), now],
    );
    await this.noteRanges(first);
  }

  /** An operation knows the range of its events: all that it did lies between. Its row is ours already, by lease or update. */
  private async noteRanges(first: number): Promise<void> {
    const last = new Map<number, number>();
    for (const [i, event] of this.events.entries()) if (event.operationId) last.set(event.operationId, first + i);
    for (const [operation, number] of last) {
      await this.run('UPDATE operation SET first_event = coalesce(first_event, ?), last_event = ? WHERE id = ?', [
        first,
        number,
        operation,
      ]);
    }
  }
}
