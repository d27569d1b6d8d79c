import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openDatabase } from '../../storage/database.js';

export interface FreshDatabase {
  /** For `openDatabase` or ANNOGATE_DATABASE_URL. */
  readonly url: string;
  /** Call after everything on it is closed. */
  remove(): Promise<void>;
}

export const onPostgres = process.env.DATABASE === 'postgres';

/**
 * A database of one's own without any rows: a temporary SQLite file, or with DATABASE=postgres a database in the server of
 * the test run. There it has its tables already, which saves time, unless `bare`.
 */
export const freshDatabase = (options: { readonly bare?: boolean } = {}): Promise<FreshDatabase> =>
  onPostgres ? freshPostgres(options.bare ?? false) : freshSqlite();

async function freshSqlite(): Promise<FreshDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'annogate-test-'));
  return { url: join(folder, 'annogate.db'), remove: () => rm(folder, { recursive: true, force: true }) };
}

async function freshPostgres(bare: boolean): Promise<FreshDatabase> {
  const server = process.env.ANNOGATE_TEST_POSTGRES;
  if (server === undefined) throw new Error('no PostgreSQL server: the global set-up of the test run starts one');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${name} TEMPLATE ${bare ? 'template1' : templateName}`);
  return { url: databaseUrl(server, name), remove: () => onServer(server, `DROP DATABASE ${name} WITH (FORCE)`) };
}

const templateName = 'annogate_template';

/** Makes the database that the others are copies of. */
export async function prepareTemplate(server: string): Promise<void> {
  await onServer(server, `CREATE DATABASE ${templateName}`);
  const database = await openDatabase({ url: databaseUrl(server, templateName) });
  await database.close();
}

const databaseUrl = (server: string, name: string): string =>
  Object.assign(new URL(server), { pathname: `/${name}` }).toString();

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
