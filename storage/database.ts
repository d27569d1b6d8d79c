import { databaseAddress } from './data-source.js';
import { migrate } from './migrate.js';
import { openPostgres } from './postgres/postgres-database.js';
import type { Database } from './sql.js';
import { openSqlite } from './sqlite/sqlite-database.js';

export * from './sql.js';

/** `url`: `postgres://…` or the path of an SQLite file. Without `migrate: false` pending migrations run first, under a lock. */
export async function openDatabase(options: { readonly url: string; readonly migrate?: boolean }): Promise<Database> {
  const address = databaseAddress(options.url);
  await migrate(address, options.migrate ?? true);
  return address.engine === 'sqlite' ? openSqlite(address.path) : openPostgres(address.url);
}
