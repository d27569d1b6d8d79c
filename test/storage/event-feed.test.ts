import { describe, expect } from 'vitest';
import { openDatabase } from '../../storage/database.js';
import { SqlEventFeed } from '../../storage/event-feed.js';
import { test } from '../support/database.js';
import { deferred } from '../support/deferred.js';
import { newHex } from '../support/rows.js';

describe('a transaction', () => {
  test('numbers its events from its event number on, without gaps', async ({ database }) => {
    const numbers: number[] = [];
    for (let i = 0; i < 2; i++) {
      numbers.push(
        await database.transaction(async (tx) => {
          tx.emit({ kind: 'a', detail: {} });
          const number = await tx.eventNumber();
          tx.emit({ kind: 'b', detail: {} });
          return number;
        }),
      );
    }

    const events = await new SqlEventFeed(database).read(0, 10);
    expect(numbers).toEqual([1, 3]);
    expect(events.map(({ number, kind }) => [number, kind])).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'a'],
      [4, 'b'],
    ]);
  });

  test('that drew a number and emits nothing is a bug and writes nothing', async ({ database }) => {
    const silent = database.transaction(async (tx) => {
      await tx.run("INSERT INTO setting(name, value) VALUES ('a', '')");
      await tx.eventNumber();
    });

    await expect(silent).rejects.toThrow('emitted no event');
    expect(await database.query('SELECT name FROM setting')).toEqual([]);
  });

  test('that rolls back leaves no event and no gap', async ({ database }) => {
    const feed = new SqlEventFeed(database);
    await database.transaction(async (tx) => tx.emit({ kind: 'kept', detail: {} }));
    const failed = database.transaction(async (tx) => {
      tx.emit({ kind: 'lost', detail: {} });
      await tx.eventNumber();
      throw new Error('on purpose');
    });
    await expect(failed).rejects.toThrow('on purpose');
    await database.transaction(async (tx) => tx.emit({ kind: 'next', detail: {} }));

    expect((await feed.read(0, 10)).map(({ number, kind }) => [number, kind])).toEqual([
      [1, 'kept'],
      [2, 'next'],
    ]);
  });

  test('notes on an operation the range of its events', async ({ database }) => {
    await database.transaction(async (tx) => {
      tx.emit({ kind: 'other', detail: {} });
      await tx.run("INSERT INTO operation(kind, state, request, created_at) VALUES ('LOAD', 'RUNNING', '{}', 0)");
    });
    for (let i = 0; i < 3; i++) {
      await database.transaction(async (tx) => {
        tx.emit({ kind: 'a', operationId: 1, detail: {} });
        tx.emit({ kind: 'b', operationId: 1, detail: {} });
        tx.emit({ kind: 'other', detail: {} });
      });
    }

    expect(await database.query('SELECT first_event, last_event FROM operation')).toEqual([
      { first_event: 2, last_event: 9 },
    ]);
  });
});

describe('the event feed', () => {
  test('gives events back as they were emitted', async ({ database }) => {
    const runId = newHex();
    const detail = { text: 'ä "quoted" \\ \n', number: 0.1, list: [1, null, { a: true }] };
    await database.transaction(async (tx) => tx.emit({ kind: 'whole', datasetId: 7, runId, operationId: 9, detail }));

    const [event] = await new SqlEventFeed(database).read(0, 1);
    expect(event).toMatchObject({ number: 1, kind: 'whole', datasetId: 7, runId, operationId: 9, detail });
    expect(event?.at).toBeGreaterThan(0);
  });

  test('never shows a number before a smaller one, with eight writers at a time', async ({ database, fresh }) => {
    const second = await openDatabase({ url: fresh.url });
    const feed = new SqlEventFeed(second);
    const seen: number[] = [];
    let writing = true;
    const reading = (async () => {
      for (let last = false; !last; ) {
        last = !writing;
        for (const event of await feed.read(seen.at(-1) ?? 0, 1_000)) seen.push(event.number);
      }
    })();
    const writer = async (w: number): Promise<void> => {
      for (let i = 0; i < 25; i++) {
        await (w % 2 ? database : second).transaction(async (tx) => {
          await tx.run('INSERT INTO setting(name, value) VALUES (?, ?)', [`${w} ${i}`, '']);
          const number = await tx.eventNumber();
          await tx.run('UPDATE setting SET value = ? WHERE name = ?', [String(number), `${w} ${i}`]);
          tx.emit({ kind: 'one', detail: {} });
          if (i % 3 === 0) tx.emit({ kind: 'two', detail: {} });
        });
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, w) => writer(w)));
    writing = false;
    await reading;
    const latest = await feed.latest();
    await second.close();

    expect(latest).toBe(8 * (25 + 9));
    expect(seen).toEqual(Array.from({ length: latest }, (_, i) => i + 1));
  });

  test('keeps to one dataset, run or operation where asked', async ({ database }) => {
    const feed = new SqlEventFeed(database);
    const runId = newHex();
    await database.transaction(async (tx) => {
      tx.emit({ kind: 'none', detail: {} });
      tx.emit({ kind: 'dataset', datasetId: 1, detail: {} });
      tx.emit({ kind: 'run', datasetId: 1, runId, detail: {} });
      tx.emit({ kind: 'operation', operationId: 5, detail: {} });
    });
    const kinds = async (filter: Parameters<SqlEventFeed['read']>[2]) =>
      (await feed.read(0, 10, filter)).map(({ kind }) => kind);

    expect(await kinds({ datasetId: 1 })).toEqual(['dataset', 'run']);
    expect(await kinds({ runId })).toEqual(['run']);
    expect(await kinds({ operationId: 5 })).toEqual(['operation']);
  });

  test('starts at 0, before there is any event', async ({ database }) => {
    const feed = new SqlEventFeed(database);

    expect(await feed.latest()).toBe(0);
    expect(await feed.read(0, 10)).toEqual([]);
  });

  test('says EVENTS_EXPIRED with the number to start from, and never forgets the newest', async ({ database }) => {
    const feed = new SqlEventFeed(database);
    for (let i = 0; i < 5; i++) await database.transaction(async (tx) => tx.emit({ kind: `${i}`, detail: {} }));
    await database.transaction((tx) => tx.run('UPDATE event SET at = number * 100'));
    const prune = (before: number, limit = 100) => database.transaction((tx) => feed.prune(tx, before, limit));

    expect(await prune(301)).toBe(3);
    await expect(feed.read(2, 10)).rejects.toMatchObject({ code: 'EVENTS_EXPIRED', after: 2, startFrom: 3 });
    expect((await feed.read(3, 10)).map(({ number }) => number)).toEqual([4, 5]);
    expect(await prune(10_000)).toBe(1);
    expect(await feed.latest()).toBe(5);
    await database.transaction(async (tx) => tx.emit({ kind: 'next', detail: {} }));
    expect(await feed.latest()).toBe(6);
  });

  test('looks at no more than the given number of events when it forgets', async ({ database }) => {
    const feed = new SqlEventFeed(database);
    await database.transaction(async (tx) => {
      for (let i = 0; i < 5; i++) tx.emit({ kind: 'old', detail: {} });
    });

    expect(await database.transaction((tx) => feed.prune(tx, Date.now() + 1_000, 2))).toBe(2);
  });
});

describe('a listener', () => {
  test('hears of what another connection commits', async ({ database, fresh }) => {
    const feed = new SqlEventFeed(database);
    const other = await openDatabase({ url: fresh.url });
    const found = deferred<number>();
    const stop = await feed.onCommit(() => void feed.latest().then((latest) => latest > 0 && found.resolve(latest)));
    await other.transaction(async (tx) => tx.emit({ kind: 'a', detail: {} }));
    const heard = await found.promise;
    await stop();
    await other.close();

    expect(heard).toBe(1);
  });

  test('is not called any more once it stopped, nor after the database closed', async ({ database }) => {
    let calls = 0;
    const stop = await database.onCommit(() => calls++);
    await database.onCommit(() => calls++);
    await stop();
    await database.close();
    const before = calls;
    await new Promise((resolve) => setImmediate(resolve));

    expect(calls).toBe(before);
  });
});
