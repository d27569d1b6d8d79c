import { describe, expect } from 'vitest';
import { databaseAddress, dataSourceFor } from '../../storage/data-source.js';
import { openDatabase } from '../../storage/database.js';
import { onPostgres, test } from '../support/database.js';
import { startOther } from '../support/other-process.js';

describe('migrations', () => {
  test('leave nothing that differs from the entities', async ({ fresh, database }) => {
    const source = await dataSourceFor(databaseAddress(fresh.url)).initialize();
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    await source.destroy();

    expect(upQueries.map(({ query }) => query)).toEqual([]);
    expect(await database.query('SELECT name FROM migrations')).toHaveLength(1);
  });

  test('can be taken back', async ({ fresh, database }) => {
    await database.close();
    const source = await dataSourceFor(databaseAddress(fresh.url)).initialize();
    await source.undoLastMigration();
    const runner = source.createQueryRunner();
    const left = await runner.hasTable('label');
    await source.runMigrations();
    const back = await runner.hasTable('label');
    await source.destroy();

    expect([left, back]).toEqual([false, true]);
  });

  test('run once when several processes start together', async ({ bare }) => {
    const others = [startOther(bare.url, 'migrate'), startOther(bare.url, 'migrate')];
    const databases = await Promise.all([openDatabase({ url: bare.url }), openDatabase({ url: bare.url })]);
    const codes = await Promise.all(others.map((other) => other.gone));
    const applied = await databases[0]?.query('SELECT name FROM migrations');
    for (const database of databases) await database.close();

    expect(codes).toEqual([0, 0]);
    expect(applied).toHaveLength(1);
  });

  test('of a newer version keep this one from starting', async ({ fresh, database }) => {
    await database.transaction((tx) =>
      tx.run('INSERT INTO migrations(timestamp, name) VALUES (1999000000000, ?)', ['Later1999000000000']),
    );

    await expect(openDatabase({ url: fresh.url })).rejects.toMatchObject({
      code: 'SCHEMA_TOO_NEW',
      found: 'Later1999000000000',
    });
  });

  test('are not run by a process that was told not to', async ({ bare }) => {
    await expect(openDatabase({ url: bare.url, migrate: false })).rejects.toMatchObject({ code: 'SCHEMA_TOO_OLD' });
    const made = await openDatabase({ url: bare.url });
    const opened = await openDatabase({ url: bare.url, migrate: false });
    await opened.close();
    await made.close();
  });

  test.skipIf(onPostgres)('keep all references of SQLite whole', async ({ database }) => {
    expect(await database.query('PRAGMA foreign_key_check')).toEqual([]);
    expect(await database.query('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  });
});
