import { describe, vi } from 'vitest';
import type { Database } from '../../storage/database.js';
import { onPostgres, test } from '../support/database.js';
import { deferred } from '../support/deferred.js';

/** The connections that listen to this database. */
async function listeners(database: Database): Promise<number[]> {
  const rows = await database.query<{ pid: number }>(
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'",
  );
  return rows.map((row) => row.pid);
}

describe.runIf(onPostgres)('listening to PostgreSQL', () => {
  test('goes on after its connection was cut', async ({ database }) => {
    let heard = (): void => {};
    const stop = await database.onCommit(() => heard());
    const [first = 0] = await vi.waitUntil(async () => {
      const found = await listeners(database);
      return found.length > 0 && found;
    }, 30_000);
    await database.query('SELECT pg_terminate_backend(?)', [first]);
    await vi.waitUntil(async () => (await listeners(database)).some((pid) => pid !== first), 30_000);
    const told = deferred();
    heard = () => told.resolve();
    await database.transaction(async (tx) => tx.emit({ kind: 'A', detail: {} }));
    await told.promise;
    await stop();

    await vi.waitUntil(async () => (await listeners(database)).length === 0, 30_000);
  });
});
