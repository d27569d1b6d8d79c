import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import pg from 'pg';
import { measured } from './measure.js';
import { randomFrom } from './random.js';

const rowsAStatement = 500;

/** Rows as wide as a label's: an id, three short texts, a payload. Made before the clock starts. */
function rowsFor(count: number): string[][] {
  const random = randomFrom(7);
  return Array.from({ length: count }, (_, i) => [
    i.toString(16).padStart(24, '0'),
    'ground_truth',
    `c${i % 10}`,
    'v1',
    JSON.stringify({
      bounding_box: [random(), random(), random(), random()],
      occluded: i % 3 === 0,
      color: 'dark',
      score: i % 100,
      confidence: random(),
    }),
  ]);
}

const columns = 'id, field, class, version, payload';

/** Rows per second of the plain driver: one transaction, VALUES of 500 rows. The measure for `ratio`. */
export async function baseline(options: {
  readonly rows: number;
  readonly folder: string;
  readonly postgresUrl: string | null;
}): Promise<{ rowsPerSecond: number; rowsPerCpuSecond: number }> {
  const rows = rowsFor(options.rows);
  const { seconds, cpuSeconds } =
    options.postgresUrl === null ? await onSqlite(rows, options.folder) : await onPostgres(rows, options.postgresUrl);
  return { rowsPerSecond: rows.length / seconds, rowsPerCpuSecond: rows.length / cpuSeconds };
}

interface Sqlite {
  run(sql: string, params: readonly unknown[], done: (error: Error | null) => void): void;
  close(done: (error: Error | null) => void): void;
}

async function onSqlite(rows: readonly string[][], folder: string) {
  const path = join(folder, 'baseline.db');
  await rm(path, { force: true });
  const sqlite3 = createRequire(import.meta.url)('sqlite3') as { Database: new (path: string) => Sqlite };
  const database = new sqlite3.Database(path);
  const run = (sql: string, params: readonly unknown[] = []): Promise<void> =>
    new Promise((resolve, reject) => database.run(sql, params, (error) => (error ? reject(error) : resolve())));
  for (const setting of ['journal_mode=WAL', 'synchronous=NORMAL', 'cache_size=-65536']) await run(`PRAGMA ${setting}`);
  await run('CREATE TABLE baseline(id TEXT PRIMARY KEY, field TEXT, class TEXT, version TEXT, payload TEXT)');
  const result = await measured(async () => {
    await run('BEGIN IMMEDIATE');
    for (let from = 0; from < rows.length; from += rowsAStatement) {
      const page = rows.slice(from, from + rowsAStatement);
      await run(`INSERT INTO baseline(${columns}) VALUES ${page.map(() => '(?,?,?,?,?)').join()}`, page.flat());
    }
    await run('COMMIT');
  });
  await new Promise<void>((resolve) => database.close(() => resolve()));
  await rm(path, { force: true });
  return result;
}

async function onPostgres(rows: readonly string[][], url: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('DROP TABLE IF EXISTS bench_baseline');
  await client.query(
    'CREATE TABLE bench_baseline(id TEXT PRIMARY KEY, field TEXT, class TEXT, version TEXT, payload TEXT)',
  );
  const result = await measured(async () => {
    await client.query('BEGIN');
    for (let from = 0; from < rows.length; from += rowsAStatement) {
      const page = rows.slice(from, from + rowsAStatement);
      const places = page
        .map((_, i) => `($${i * 5 + 1},$${i * 5 + 2},$${i * 5 + 3},$${i * 5 + 4},$${i * 5 + 5})`)
        .join();
      await client.query(`INSERT INTO bench_baseline(${columns}) VALUES ${places}`, page.flat());
    }
    await client.query('COMMIT');
  });
  await client.query('DROP TABLE bench_baseline');
  await client.end();
  return result;
}
