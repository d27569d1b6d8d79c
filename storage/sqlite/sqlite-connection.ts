import sqlite3 from 'sqlite3';
import type { SqlValue } from '../sql.js';

const keptStatements = 300;

/**
 * The driver's methods as they are before anyone calls `verbose()`, as TypeORM does for migrations: from then on each call
 * takes a stack trace, which costs more than the call.
 */
const plain = {
  all: sqlite3.Statement.prototype.all,
  exec: sqlite3.Database.prototype.exec,
  prepare: sqlite3.Database.prototype.prepare,
} as const;

/**
 * One connection to an SQLite file. Statements are prepared once and kept. Run one at a time: the driver does not keep
 * the order of statements that are sent together.
 */
export class SqliteConnection {
  private readonly statements = new Map<string, sqlite3.Statement>();

  private constructor(private readonly database: sqlite3.Database) {}

  static open(path: string): Promise<SqliteConnection> {
    return new Promise((resolve, reject) => {
      const database = new sqlite3.Database(path, (error) =>
        error ? reject(error) : resolve(new SqliteConnection(database)),
      );
    });
  }

  async all<T>(sql: string, params: readonly SqlValue[] = []): Promise<T[]> {
    const statement = this.statements.get(sql) ?? (await this.prepare(sql));
    return new Promise((resolve, reject) => {
      const done = (error: Error | null, rows: T[]): void => (error ? reject(withSql(error, sql)) : resolve(rows));
      plain.all.call(statement, params.map(bindable), done as never);
    });
  }

  /** Runs statements that take no parameters and give no rows. */
  exec(sql: string): Promise<void> {
    return new Promise((resolve, reject) => {
      plain.exec.call(this.database, sql, (error) => (error ? reject(withSql(error, sql)) : resolve()));
    });
  }

  async close(): Promise<void> {
    for (const statement of this.statements.values()) await finalized(statement);
    this.statements.clear();
    await new Promise<void>((resolve, reject) => {
      this.database.close((error) => (error ? reject(error) : resolve()));
    });
  }

  private async prepare(sql: string): Promise<sqlite3.Statement> {
    const statement = await new Promise<sqlite3.Statement>((resolve, reject) => {
      const done = (error: Error | null): void => (error ? reject(withSql(error, sql)) : resolve(made));
      const made = plain.prepare.call(this.database, sql, done);
    });
    for (const [oldest, old] of this.statements) {
      if (this.statements.size < keptStatements) break;
      this.statements.delete(oldest);
      await finalized(old);
    }
    this.statements.set(sql, statement);
    return statement;
  }
}

const finalized = (statement: sqlite3.Statement): Promise<void> =>
  new Promise((resolve) => statement.finalize(() => resolve()));

/** The driver takes bytes only as Buffer. */
const bindable = (value: SqlValue): unknown =>
  value instanceof Uint8Array && !Buffer.isBuffer(value)
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    : value;

/** Errors of the driver have no stack of ours and do not name the statement. Parameters stay out: they may be secret. */
function withSql(error: Error, sql: string): Error {
  const code = (error as NodeJS.ErrnoException).code;
  return Object.assign(new Error(`${error.message} in: ${sql}`, { cause: error }), { code });
}

/** Whether another connection held what was needed. */
export const isBusy = (error: unknown): boolean => (error as NodeJS.ErrnoException | null)?.code === 'SQLITE_BUSY';
