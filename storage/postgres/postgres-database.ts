import pg from 'pg';
import { dialectOf } from '../dialect.js';
import { withDollars } from '../placeholders.js';
import { RunningTransaction } from '../running-transaction.js';
import type { Database, DatabaseTransaction, SqlValue } from '../sql.js';
import { TransactionGuard } from '../transaction-guard.js';
import { listenForCommits } from './listen-for-commits.js';

const bigint = 20;
const numeric = 1700;

/** Our numbers stay below 2^53, so bigint (and numeric, which sums are) come as numbers. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (type, format) =>
    type === bigint || type === numeric ? (text: string) => Number(text) : pg.types.getTypeParser(type, format),
};

class PostgresDatabase implements Database {
  readonly engine = 'postgres';
  readonly dialect = dialectOf('postgres');
  private readonly guard = new TransactionGuard();
  private readonly listeners = new Set<() => Promise<void>>();
  private closing: Promise<void> | null = null;

  constructor(
    private readonly url: string,
    private readonly pool: pg.Pool,
  ) {
    // A connection that broke while idle is replaced by the pool; nobody was using it.
    pool.on('error', () => {});
  }

  async query<T>(sql: string, params: readonly SqlValue[] = []): Promise<T[]> {
    return rowsOf<T>(this.pool, sql, params);
  }

  transaction<T>(work: (tx: DatabaseTransaction) => Promise<T>): Promise<T> {
    return this.guard.within(() => this.carryOut(work));
  }

  async onCommit(callback: () => void): Promise<() => Promise<void>> {
    const unlisten = listenForCommits(this.url, callback);
    const stop = async (): Promise<void> => {
      this.listeners.delete(stop);
      await unlisten();
    };
    this.listeners.add(stop);
    return stop;
  }

  close(): Promise<void> {
    this.closing ??= this.closeAll();
    return this.closing;
  }

  private async carryOut<T>(work: (tx: DatabaseTransaction) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      return await inTransaction(client, work);
    } catch (error) {
      // A connection that cannot even roll back is thrown away; the server rolls back by itself.
      await client.query('ROLLBACK').catch((reason: Error) => {
        broken = reason;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  private async closeAll(): Promise<void> {
    for (const stop of [...this.listeners]) await stop();
    await this.pool.end();
  }
}

async function inTransaction<T>(client: pg.PoolClient, work: (tx: DatabaseTransaction) => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  const tx = new RunningTransaction('postgres', (sql, params) => rowsOf(client, sql, params));
  try {
    const result = await work(tx);
    await tx.finish(Date.now());
    await client.query('COMMIT');
    return result;
  } finally {
    tx.end();
  }
}

async function rowsOf<T>(target: pg.Pool | pg.PoolClient, sql: string, params: readonly SqlValue[]): Promise<T[]> {
  const result = await target.query({ text: withDollars(sql), values: params as unknown[], types });
  return result.rows as T[];
}

export async function openPostgres(url: string): Promise<Database> {
  return new PostgresDatabase(url, new pg.Pool({ connectionString: url, max: 10 }));
}
