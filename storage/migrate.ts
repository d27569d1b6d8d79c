import pg from 'pg';
import type { DataSource } from 'typeorm';
import { SchemaTooNewError, SchemaTooOldError } from '../domain/errors/index.js';
import { type DatabaseAddress, dataSourceFor } from './data-source.js';
import { retryWhileBusy } from './sqlite/retry-while-busy.js';

/** How long a process waits for another one that is migrating, in ms. */
const longestWait = 600_000;
const migrationLock = 7_304_600;

/**
 * Brings the tables up to date under a lock that other processes wait for. Refuses a database that a newer version has
 * migrated (SCHEMA_TOO_NEW) and, unless `mayChange`, one that lacks something (SCHEMA_TOO_OLD).
 */
export async function migrate(address: DatabaseAddress, mayChange: boolean): Promise<void> {
  const source = await dataSourceFor(address).initialize();
  try {
    const work = (): Promise<void> => bringUpToDate(source, mayChange);
    await (address.engine === 'sqlite' ? underSqliteLock(source, work) : underPostgresLock(address.url, work));
  } finally {
    await source.destroy();
  }
}

async function bringUpToDate(source: DataSource, mayChange: boolean): Promise<void> {
  const known = source.migrations.map((migration) => migration.name ?? migration.constructor.name);
  const applied = await appliedMigrations(source);
  const unknown = applied.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new SchemaTooNewError(unknown, known.at(-1) ?? 'none');
  const missing = known.filter((name) => !applied.includes(name));
  if (missing.length === 0) return;
  if (!mayChange) throw new SchemaTooOldError(missing);
  // On SQLite the lock is a transaction around all of it.
  await source.runMigrations({ transaction: source.options.type === 'sqlite' ? 'none' : 'all' });
}

async function appliedMigrations(source: DataSource): Promise<string[]> {
  const runner = source.createQueryRunner();
  try {
    if (!(await runner.hasTable('migrations'))) return [];
    const rows: { name: string }[] = await runner.query('SELECT name FROM migrations ORDER BY id');
    return rows.map((row) => row.name);
  } finally {
    await runner.release();
  }
}

async function underSqliteLock(source: DataSource, work: () => Promise<void>): Promise<void> {
  await retryWhileBusy(() => source.query('BEGIN IMMEDIATE'), longestWait);
  try {
    await work();
    await source.query('COMMIT');
  } catch (error) {
    await source.query('ROLLBACK');
    throw error;
  }
}

async function underPostgresLock(url: string, work: () => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1::bigint)', [migrationLock]);
    await work();
  } finally {
    await client.end(); // which frees the lock
  }
}
