import { describe, expect } from 'vitest';
import type { Database, DatabaseTransaction } from '../../storage/database.js';
import { retryWhileBusy } from '../../storage/sqlite/retry-while-busy.js';
import { onPostgres, test } from '../support/database.js';
import { deferred } from '../support/deferred.js';
import { startOther } from '../support/other-process.js';

const put = (tx: DatabaseTransaction, name: string, value = '') =>
  tx.run('INSERT INTO setting(name, value) VALUES (?, ?)', [name, value]);

async function names(database: Database): Promise<string[]> {
  const rows = await database.query<{ name: string }>('SELECT name FROM setting ORDER BY name');
  return rows.map((row) => row.name);
}

const failure = new Error('on purpose');

describe('two requests in one process', () => {
  test('an acknowledged write survives when another transaction rolls back', async ({ database }) => {
    const aWrote = deferred();
    const failed = expect(
      database.transaction(async (tx) => {
        await put(tx, 'a');
        aWrote.resolve();
        throw failure;
      }),
    ).rejects.toBe(failure);
    await aWrote.promise;
    await database.transaction((tx) => put(tx, 'b'));

    await failed;
    expect(await names(database)).toEqual(['b']);
  });

  test('a committed transaction survives when one that was open before rolls back', async ({ database }) => {
    const [go, started] = [deferred(), deferred()];
    const a = database.transaction(async (tx) => {
      await put(tx, 'a');
      started.resolve();
      await go.promise;
      throw failure;
    });
    await started.promise;
    const b = database.transaction((tx) => put(tx, 'b'));
    go.resolve();

    await expect(a).rejects.toBe(failure);
    await b;
    expect(await names(database)).toEqual(['b']);
  });

  test('a read sees what was committed, not what is being written', async ({ database }) => {
    const [go, wrote] = [deferred(), deferred()];
    const writing = database.transaction(async (tx) => {
      await put(tx, 'a');
      wrote.resolve();
      await go.promise;
    });
    await wrote.promise;
    const before = await names(database);
    go.resolve();
    await writing;

    expect(before).toEqual([]);
    expect(await names(database)).toEqual(['a']);
  });

  test('twenty transactions started together all succeed, whole', async ({ database }) => {
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        database.transaction(async (tx) => {
          await put(tx, `${i} first`);
          await put(tx, `${i} second`);
        }),
      ),
    );

    expect(await names(database)).toHaveLength(40);
  });

  test('statements sent together run in the order in which they were sent', async ({ database }) => {
    await database.transaction(async (tx) => {
      await put(tx, 'list', '');
      await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          tx.run("UPDATE setting SET value = value || ? WHERE name = 'list'", [`${i},`]),
        ),
      );
    });

    const [row] = await database.query<{ value: string }>("SELECT value FROM setting WHERE name = 'list'");
    expect(row?.value).toBe(`${Array.from({ length: 50 }, (_, i) => i).join(',')},`);
  });

  test('a transaction started inside another one throws at once', async ({ database }) => {
    const nested = database.transaction(async (tx) => {
      await put(tx, 'outer');
      await database.transaction((inner) => put(inner, 'inner'));
    });

    await expect(nested).rejects.toThrow('inside a transaction');
    expect(await names(database)).toEqual([]);
  });

  test('what a transaction set going may write once it is over', async ({ database }) => {
    const over = deferred();
    let later: Promise<unknown> = Promise.resolve();
    await database.transaction(async (tx) => {
      await put(tx, 'first');
      later = over.promise.then(() => database.transaction((own) => put(own, 'later')));
    });
    over.resolve();
    await later;

    expect(await names(database)).toEqual(['first', 'later']);
  });

  test('a statement for a transaction that is over is refused', async ({ database }) => {
    let kept: DatabaseTransaction | null = null;
    await database.transaction(async (tx) => {
      kept = tx;
      await put(tx, 'a');
    });

    await expect(put(kept as unknown as DatabaseTransaction, 'late')).rejects.toThrow('is over');
    expect(await names(database)).toEqual(['a']);
  });

  test.skipIf(onPostgres)('the readers of SQLite cannot write', async ({ database }) => {
    await expect(database.query("INSERT INTO setting(name, value) VALUES ('a', '')")).rejects.toThrow('READONLY');
  });

  test('more reads than there are readers are all answered', async ({ database }) => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) => database.query<{ n: number }>(`SELECT ${i} AS n`)),
    );

    expect(answers.map(([row]) => row?.n)).toEqual(Array.from({ length: 30 }, (_, i) => i));
  });
});

describe('two processes', () => {
  test('transactions that read first and write later lose no update', async ({ fresh, database }) => {
    await database.transaction((tx) => put(tx, 'counter', '0'));
    const other = startOther(fresh.url, 'count', 50);
    for (let i = 0; i < 50; i++) {
      await database.transaction(async (tx) => {
        const [row] = await tx.run<{ value: string }>(
          `SELECT value FROM setting WHERE name = 'counter' ${tx.dialect.forUpdate()}`,
        );
        await tx.run("UPDATE setting SET value = ? WHERE name = 'counter'", [String(Number(row?.value) + 1)]);
      });
    }
    await other.gone;

    expect(await database.query("SELECT value FROM setting WHERE name = 'counter'")).toEqual([{ value: '100' }]);
  });

  // On PostgreSQL writers of other rows do not wait for one another.
  test.skipIf(onPostgres)('a write waits for the transaction of another process', async ({ fresh, database }) => {
    const other = startOther(fresh.url, 'hold');
    await other.said('holding');
    const writing = database.transaction((tx) => put(tx, 'mine'));
    expect(await names(database)).toEqual([]);
    other.child.send('release');
    await writing;
    await other.gone;

    expect(await names(database)).toEqual(['held', 'mine']);
  });

  test('a process killed in its transaction leaves nothing of it', async ({ fresh, database }) => {
    const other = startOther(fresh.url, 'hold');
    await other.said('holding');
    other.child.kill('SIGKILL');
    await other.gone;
    await database.transaction((tx) => put(tx, 'mine'));

    expect(await names(database)).toEqual(['mine']);
  });
});

describe('a writer that finds the database busy', () => {
  const busy = Object.assign(new Error('locked'), { code: 'SQLITE_BUSY' });

  test('tries again until it is free', async () => {
    let attempts = 0;
    await retryWhileBusy(async () => {
      if (++attempts < 4) throw busy;
    }, 5_000);

    expect(attempts).toBe(4);
  });

  test('gives up with DATABASE_BUSY', async () => {
    const waiting = retryWhileBusy(async () => {
      throw busy;
    }, 10);

    await expect(waiting).rejects.toMatchObject({ code: 'DATABASE_BUSY' });
  });

  test('does not try again what failed for another reason', async () => {
    let attempts = 0;
    const failing = retryWhileBusy(async () => {
      attempts++;
      throw failure;
    }, 5_000);

    await expect(failing).rejects.toBe(failure);
    expect(attempts).toBe(1);
  });
});
