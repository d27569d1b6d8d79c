import type { JsonObject } from '../domain/labels/index.js';
import type { Database } from './sql.js';
import type { ProcessStore } from './stores.js';

interface ProcessRow {
  readonly id: string;
  readonly role: string;
  readonly started_at: number;
  readonly seen_at: number;
  readonly version: string;
  readonly detail: string;
}

/** Which processes there are, when each was last seen and what it sees. */
export class SqlProcessStore implements ProcessStore {
  constructor(private readonly database: Database) {}

  async beat(process: Parameters<ProcessStore['beat']>[0], now: number): Promise<void> {
    await this.database.transaction((tx) =>
      tx.run(
        `INSERT INTO process(id, role, started_at, seen_at, version, detail) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, detail = excluded.detail`,
        [process.id, process.role, process.startedAt, now, process.version, JSON.stringify(process.detail)],
      ),
    );
  }

  async list(): ReturnType<ProcessStore['list']> {
    const rows = await this.database.query<ProcessRow>(
      'SELECT id, role, started_at, seen_at, version, detail FROM process ORDER BY started_at, id',
    );
    return rows.map((row) => ({
      id: row.id,
      role: row.role,
      startedAt: row.started_at,
      seenAt: row.seen_at,
      version: row.version,
      detail: JSON.parse(row.detail) as JsonObject,
    }));
  }

  async remove(id: string): Promise<void> {
    await this.database.transaction((tx) => tx.run('DELETE FROM process WHERE id = ?', [id]));
  }
}
