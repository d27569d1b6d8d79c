import { describe, expect } from 'vitest';
import type { WorkKind } from '../../domain/run/index.js';
import type { Database } from '../../storage/database.js';
import { checkLease, SqlWorkStore } from '../../storage/work-store.js';
import { test } from '../support/database.js';
import { newHex } from '../support/rows.js';

const leaseFor = 1_000;

/** Operations that are due at these times. Returns their ids. */
async function addOperations(database: Database, ...due: (number | null)[]): Promise<string[]> {
  const ids: string[] = [];
  for (const at of due) {
    const [row] = await database.transaction((tx) =>
      tx.run<{ id: number }>(
        "INSERT INTO operation(kind, state, request, created_at, due) VALUES ('EXPORT', 'QUEUED', '{}', 0, ?) RETURNING id",
        [at],
      ),
    );
    ids.push(String(row?.id));
  }
  return ids;
}

async function addRun(database: Database, due: number): Promise<string> {
  const hex = newHex();
  await database.transaction((tx) =>
    tx.run(
      `INSERT INTO run(hex, dataset_id, anno_key, backend, state, label_schema, media_field, media_type, parameters, selection,
         frozen_at, created_at, modified_at, warnings, due)
       VALUES (?, 1, ?, 'folder', 'PREPARING', '{}', 'filepath', 'image', '{}', '{}', 0, 0, 0, '[]', ?)`,
      [Buffer.from(hex, 'hex'), hex, due],
    ),
  );
  return hex;
}

const claim = (
  work: SqlWorkStore,
  now: number,
  limit = 10,
  kinds: readonly WorkKind[] = ['run', 'task', 'operation'],
) => work.claimDue({ kinds, limit, leaseFor, now });

describe('claiming', () => {
  test('takes what is due, the earliest first, and nothing else', async ({ database }) => {
    const work = new SqlWorkStore(database);
    const [late, early, , never] = await addOperations(database, 90, 10, 101, null);

    expect((await claim(work, 100, 1)).map(({ item }) => item.id)).toEqual([early]);
    expect((await claim(work, 100)).map(({ item }) => item.id)).toEqual([late]);
    expect(await claim(work, 100)).toEqual([]);
    expect(never).toBeDefined();
  });

  test('gives each item to one of many claimers', async ({ database }) => {
    const ids = await addOperations(database, ...Array.from({ length: 30 }, () => 0));
    const claimed = await Promise.all(Array.from({ length: 10 }, () => claim(new SqlWorkStore(database), 100, 10)));

    const taken = claimed.flat().map(({ item }) => item.id);
    expect(new Set(taken).size).toBe(taken.length);
    expect(taken.sort()).toEqual(ids.sort());
  });

  test('names runs by their public id and counts the attempt', async ({ database }) => {
    const run = await addRun(database, 5);
    const [lease] = await claim(new SqlWorkStore(database), 100);

    expect(lease?.item).toEqual({ kind: 'run', id: run, attempts: 1 });
  });

  test('leaves room for every kind, however much of another is due', async ({ database }) => {
    await addOperations(database, ...Array.from({ length: 20 }, () => 0));
    const run = await addRun(database, 50);
    const leases = await claim(new SqlWorkStore(database), 100, 4, ['operation', 'run']);

    expect(leases).toHaveLength(4);
    expect(leases.map(({ item }) => item.id)).toContain(run);
  });

  test('one by one comes to every kind in turn', async ({ database }) => {
    const work = new SqlWorkStore(database);
    await addOperations(database, ...Array.from({ length: 5 }, () => 0));
    const run = await addRun(database, 50);
    const kinds: readonly WorkKind[] = ['operation', 'run'];
    const leases = [...(await claim(work, 100, 1, kinds)), ...(await claim(work, 100, 1, kinds))];

    expect(leases.map(({ item }) => item.id)).toContain(run);
  });
});

describe('a lease', () => {
  test('is trusted for less time than nobody else can take it', async ({ database }) => {
    const work = new SqlWorkStore(database);
    await addOperations(database, 0);
    const [lease] = await claim(work, 100);

    expect(lease?.trustedUntil).toBeGreaterThan(100);
    expect(lease?.trustedUntil).toBeLessThan(100 + leaseFor);
    expect(await claim(work, 99 + leaseFor)).toEqual([]);
    expect(await claim(work, 100 + leaseFor)).toHaveLength(1);
  });

  test('that went to another is refused to the one who overslept', async ({ database }) => {
    const work = new SqlWorkStore(database);
    const [id] = await addOperations(database, 0);
    const [slept] = await claim(work, 100);
    const [taken] = await claim(work, 5_000);
    if (!slept || !taken) throw new Error('nothing was claimed');

    await expect(work.finish(slept, { dueAt: null, progressed: true })).rejects.toMatchObject({
      code: 'LEASE_LOST',
      item: id,
    });
    await expect(database.transaction((tx) => checkLease(tx, slept))).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(await work.renew(slept, leaseFor, 5_000)).toBeNull();
    await work.handBack(slept, 5_000);

    await database.transaction((tx) => checkLease(tx, taken));
    expect(taken.item.attempts).toBe(2);
    expect(taken.token).not.toBe(slept.token);
  });

  test('that is renewed stays with its holder', async ({ database }) => {
    const work = new SqlWorkStore(database);
    await addOperations(database, 0);
    const [lease] = await claim(work, 100);
    const renewed = lease && (await work.renew(lease, leaseFor, 900));

    expect(renewed?.trustedUntil).toBeGreaterThan(100 + leaseFor);
    expect(await claim(work, 1_500)).toEqual([]);
  });
});

describe('work that ends', () => {
  test('is due again when it says, with attempts anew if it moved on', async ({ database }) => {
    const work = new SqlWorkStore(database);
    await addOperations(database, 0);
    const [first] = await claim(work, 100);
    if (first) await work.finish(first, { dueAt: 300, progressed: false });
    expect(await work.nextDue(['operation'])).toBe(300);
    const [second] = await claim(work, 300);
    if (second) await work.finish(second, { dueAt: 400, progressed: true });
    const [third] = await claim(work, 400);

    expect([first, second, third].map((lease) => lease?.item.attempts)).toEqual([1, 2, 1]);
  });

  test('with nothing more to do is not due any more', async ({ database }) => {
    const work = new SqlWorkStore(database);
    await addOperations(database, 0);
    const [lease] = await claim(work, 100);
    if (lease) await work.finish(lease, { dueAt: null, progressed: true });

    expect(await work.nextDue(['run', 'task', 'operation'])).toBeNull();
  });

  test('is looked at again when someone woke it meanwhile', async ({ database }) => {
    const work = new SqlWorkStore(database);
    const [id = ''] = await addOperations(database, 0);
    const [lease] = await claim(work, 100);
    await database.transaction((tx) => work.wake(tx, { kind: 'operation', id }, 150));
    expect(await claim(work, 200)).toEqual([]);
    if (lease) await work.finish(lease, { dueAt: 9_000, progressed: true });

    expect(await claim(work, 200)).toHaveLength(1);
  });

  test('is not counted as an attempt when it is handed back', async ({ database }) => {
    const work = new SqlWorkStore(database);
    await addOperations(database, 0);
    const [lease] = await claim(work, 100);
    if (lease) await work.handBack(lease, 120);
    const [again] = await claim(work, 120);

    expect(again?.item.attempts).toBe(1);
  });

  test('by a crash counts as an attempt', async ({ database }) => {
    const work = new SqlWorkStore(database);
    await addOperations(database, 0);
    await claim(work, 100);
    const [again] = await claim(work, 100 + leaseFor);

    expect(again?.item.attempts).toBe(2);
  });

  test('can end in the transaction that writes its result', async ({ database }) => {
    const work = new SqlWorkStore(database);
    await addOperations(database, 0);
    const [lease] = await claim(work, 100);
    const failed = database.transaction(async (tx) => {
      if (lease) await work.finish(lease, { dueAt: 200, progressed: true }, tx);
      throw new Error('on purpose');
    });

    await expect(failed).rejects.toThrow('on purpose');
    expect(await claim(work, 300)).toEqual([]);
  });
});

describe('waking', () => {
  test('makes an item due that had nothing to do, and never puts one off', async ({ database }) => {
    const work = new SqlWorkStore(database);
    const [idle = '', soon = ''] = await addOperations(database, null, 50);
    await database.transaction(async (tx) => {
      await work.wake(tx, { kind: 'operation', id: idle }, 70);
      await work.wake(tx, { kind: 'operation', id: soon }, 80);
    });

    expect((await claim(work, 60)).map(({ item }) => item.id)).toEqual([soon]);
    expect((await claim(work, 70)).map(({ item }) => item.id)).toEqual([idle]);
  });

  test('reaches a run by its public id', async ({ database }) => {
    const work = new SqlWorkStore(database);
    const run = await addRun(database, 10_000);
    await database.transaction((tx) => work.wake(tx, { kind: 'run', id: run }, 20));

    expect(await work.nextDue(['run'])).toBe(20);
  });
});

describe('the next time something is due', () => {
  test('counts held work when its lease runs out', async ({ database }) => {
    const work = new SqlWorkStore(database);
    await addOperations(database, 0, 5_000);
    await claim(work, 100);

    expect(await work.nextDue(['run', 'task', 'operation'])).toBe(100 + leaseFor);
  });

  test('asks only for the given kinds', async ({ database }) => {
    const work = new SqlWorkStore(database);
    await addOperations(database, 7);

    expect(await work.nextDue(['run', 'task'])).toBeNull();
    expect(await work.nextDue(['operation'])).toBe(7);
  });
});
