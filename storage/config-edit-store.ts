import type { Json } from '../domain/labels/index.js';
import { type Database, sqlOf } from './sql.js';
import type { ConfigEditStore, Transaction } from './stores.js';

/** Edits of the annotation config made while it runs; all processes read them. */
export class SqlConfigEditStore implements ConfigEditStore {
  constructor(private readonly database: Database) {}

  /** In the order in which the paths were first edited. */
  async list(): Promise<readonly { readonly path: readonly string[]; readonly value: Json }[]> {
    const rows = await this.database.query<{ path: string; value: string }>(
      'SELECT path, value FROM config_edit ORDER BY id',
    );
    return rows.map((row) => ({ path: JSON.parse(row.path) as string[], value: JSON.parse(row.value) as Json }));
  }

  async set(tx: Transaction, path: readonly string[], value: Json, author: string | null): Promise<void> {
    await sqlOf(tx).run(
      `INSERT INTO config_edit(path, value, at, author) VALUES (?, ?, ?, ?)
       ON CONFLICT (path) DO UPDATE SET value = excluded.value, at = excluded.at, author = excluded.author`,
      [JSON.stringify(path), JSON.stringify(value), Date.now(), author],
    );
  }

  async remove(tx: Transaction, path: readonly string[]): Promise<void> {
    await sqlOf(tx).run('DELETE FROM config_edit WHERE path = ?', [JSON.stringify(path)]);
  }
}
