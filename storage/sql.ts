import type { Dialect, Engine } from './dialect.js';
import type { Transaction } from './stores.js';

/** A value that a placeholder takes. Booleans are stored as 0 and 1: give numbers. */
export type SqlValue = string | number | bigint | null | Uint8Array;

/**
 * Something that runs SQL: one text with `?` (or `?1`) placeholders for both databases; what they do not share is in
 * `dialect`. Rows come as objects; bigint as number, bytes as Buffer. Use RETURNING to learn what a write touched.
 */
export interface SqlRunner {
  readonly engine: Engine;
  readonly dialect: Dialect;
  query<T>(sql: string, params?: readonly SqlValue[]): Promise<T[]>;
}

/** The seam that the stores stand on. Reads see committed data only; every write is in a transaction. */
export interface Database extends SqlRunner {
  /**
   * Runs `work` in one transaction and commits, or rolls back when it throws. On SQLite writers queue up in the order they
   * came, with BEGIN IMMEDIATE; DATABASE_BUSY after 5 s of waiting for another process. A transaction inside a transaction
   * throws at once: it would wait for itself. Await nothing but the database inside.
   */
  transaction<T>(work: (tx: DatabaseTransaction) => Promise<T>): Promise<T>;
  /** Calls back soon after a commit by any process; a hint, never the truth. Returns how to stop. */
  onCommit(callback: () => void): Promise<() => Promise<void>>;
  /** Waits for what runs, then closes every connection. */
  close(): Promise<void>;
}

/** A transaction as the stores see it: `run` for SQL, in the order of the calls, and events and their number for what changed. */
export interface DatabaseTransaction extends Transaction, SqlRunner {
  run<T>(sql: string, params?: readonly SqlValue[]): Promise<T[]>;
}

/** The transaction that the stores were given, with its SQL. */
export const sqlOf = (tx: Transaction): DatabaseTransaction => tx as DatabaseTransaction;

/** The caller's transaction where there is one, else the database's readers. */
export const readerOf = (database: Database, tx?: Transaction | null): SqlRunner => (tx ? sqlOf(tx) : database);
