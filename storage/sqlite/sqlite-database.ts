import { dialectOf } from '../dialect.js';
import { RunningTransaction } from '../running-transaction.js';
import type { Database, DatabaseTransaction, SqlValue } from '../sql.js';
import { TransactionGuard } from '../transaction-guard.js';
import { FifoLock } from './fifo-lock.js';
import { retryWhileBusy } from './retry-while-busy.js';
import { SqliteConnection } from './sqlite-connection.js';
import { SqliteReaders } from './sqlite-readers.js';
import { watchCommits } from './watch-commits.js';

/** How long a writer waits for another process, in ms. */
const longestWait = 5_000;

/**
 * One SQLite file under many callers. A connection is one transaction for all who use it, so two requests on it would fall
 * into one another's transaction: a rollback of one would take back the acknowledged writes of the other. Therefore
 * 1. one connection writes, and a transaction has it to itself until it ends, in the order they came;
 * 2. transactions start with BEGIN IMMEDIATE: one that reads first and writes later never finds its snapshot stale;
 * 3. everything else reads on connections that cannot write, and sees what was committed;
 * 4. a transaction started inside another throws at once (`TransactionGuard`);
 * 5. migrations run before any of these is open, and readers close before the writer, which then clears the WAL away.
 */
class SqliteDatabase implements Database {
  readonly engine = 'sqlite';
  readonly dialect = dialectOf('sqlite');
  private readonly lock = new FifoLock();
  private readonly guard = new TransactionGuard();
  private readonly readers: SqliteReaders;
  private readonly watches = new Set<() => Promise<void>>();
  private closing: Promise<void> | null = null;

  constructor(
    private readonly path: string,
    private readonly writer: SqliteConnection,
  ) {
    this.readers = new SqliteReaders(path);
  }

  query<T>(sql: string, params: readonly SqlValue[] = []): Promise<T[]> {
    return this.readers.query<T>(sql, params);
  }

  transaction<T>(work: (tx: DatabaseTransaction) => Promise<T>): Promise<T> {
    if (this.closing) return Promise.reject(new Error('the database is closed'));
    return this.guard.within(() => this.lock.hold(() => this.carryOut(work)));
  }

  async onCommit(callback: () => void): Promise<() => Promise<void>> {
    const unwatch = watchCommits(this.path, callback);
    const stop = async (): Promise<void> => {
      this.watches.delete(stop);
      unwatch();
    };
    this.watches.add(stop);
    return stop;
  }

  close(): Promise<void> {
    this.closing ??= this.closeAll();
    return this.closing;
  }

  private async carryOut<T>(work: (tx: DatabaseTransaction) => Promise<T>): Promise<T> {
    await retryWhileBusy(() => this.writer.exec('BEGIN IMMEDIATE'), longestWait);
    const tx = new RunningTransaction('sqlite', (sql, params) => this.writer.all(sql, params));
    try {
      const result = await work(tx);
      await tx.finish(Date.now());
      await this.writer.exec('COMMIT');
      return result;
    } catch (error) {
      tx.end();
      await this.rollBack();
      throw error;
    }
  }

  /** SQLite has rolled back by itself after some errors (disk full, interrupted); the second time fails and does not matter. */
  private async rollBack(): Promise<void> {
    await this.writer.exec('ROLLBACK').catch(() => {});
  }

  private async closeAll(): Promise<void> {
    for (const stop of [...this.watches]) await stop();
    await this.readers.close();
    await this.lock.hold(() => this.writer.close());
  }
}

export async function openSqlite(path: string): Promise<Database> {
  const writer = await SqliteConnection.open(path);
  await retryWhileBusy(() => writer.exec('PRAGMA journal_mode = WAL'), longestWait);
  await writer.exec(
    'PRAGMA busy_timeout = 0; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -64000; PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864',
  );
  return new SqliteDatabase(path, writer);
}
