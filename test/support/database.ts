import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { test as base } from 'vitest';
import { type Database, openDatabase } from '../../storage/database.js';

export interface FreshDatabase {
  /** For `openDatabase` or ANNOGATE_DATABASE_URL. Empty: no tables yet. */
  readonly url: string;
  /** Call after everything on it is closed. */
  remove(): Promise<void>;
}

export const onPostgres = process.env.DATABASE === 'postgres';

/** An empty database: a temporary SQLite file, or with DATABASE=postgres a database in the server of the test run. */
export const freshDatabase = (): Promise<FreshDatabase> => (onPostgres ? freshPostgres() : freshSqlite());

async function freshSqlite(): Promise<FreshDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'annogate-test-'));
  return { url: join(folder, 'annogate.db'), remove: () => rm(folder, { recursive: true, force: true }) };
}

async function freshPostgres(): Promise<FreshDatabase> {
  const server = process.env.ANNOGATE_TEST_POSTGRES;
  if (server === undefined) throw new Error('no PostgreSQL server: the global set-up of the test run starts one');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).toString();
  return { url, remove: () => onServer(server, `DROP DATABASE ${name} WITH (FORCE)`) };
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** `test` with an empty database (`fresh`), or one with tables that is open (`database`). A failing test leaves it for you to open. */
export const test = base.extend<{ fresh: FreshDatabase; database: Database }>({
  fresh: async ({ task }, use) => {
    const fresh = await freshDatabase();
    await use(fresh);
    if (task.result?.state === 'fail') console.error(`the database of "${task.name}" is left at ${fresh.url}`);
    else await fresh.remove();
  },
  database: async ({ fresh }, use) => {
    const database = await openDatabase({ url: fresh.url });
    await use(database);
    await database.close();
  },
});
