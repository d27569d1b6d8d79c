import type { SqlValue } from '../sql.js';
import { SqliteConnection } from './sqlite-connection.js';

/** A few connections that can only read, opened when first needed. Who finds none free waits in line. */
export class SqliteReaders {
  private readonly idle: SqliteConnection[] = [];
  private readonly waiting: ((connection: SqliteConnection) => void)[] = [];
  private opened: Promise<SqliteConnection>[] = [];
  private closed = false;
  private busy = 0;
  private drained = (): void => {};

  constructor(
    private readonly path: string,
    private readonly most = 4,
  ) {}

  async query<T>(sql: string, params: readonly SqlValue[]): Promise<T[]> {
    if (this.closed) throw new Error('the database is closed');
    this.busy++;
    try {
      const connection = await this.take();
      try {
        return await connection.all<T>(sql, params);
      } finally {
        this.giveBack(connection);
      }
    } finally {
      if (--this.busy === 0) this.drained();
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.busy > 0) {
      await new Promise<void>((resolve) => {
        this.drained = resolve;
      });
    }
    for (const connection of await Promise.all(this.opened)) await connection.close();
    this.opened = [];
  }

  private take(): Promise<SqliteConnection> {
    const free = this.idle.pop();
    if (free) return Promise.resolve(free);
    if (this.opened.length < this.most) {
      const opening = openReader(this.path);
      this.opened.push(opening);
      opening.catch(() => {
        this.opened = this.opened.filter((other) => other !== opening);
      });
      return opening;
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private giveBack(connection: SqliteConnection): void {
    const next = this.waiting.shift();
    if (next) next(connection);
    else this.idle.push(connection);
  }
}

/** The wait covers the moments when another process creates or removes the WAL file; nothing else blocks a reader. */
async function openReader(path: string): Promise<SqliteConnection> {
  const connection = await SqliteConnection.open(path);
  await connection.exec(
    'PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY',
  );
  return connection;
}
