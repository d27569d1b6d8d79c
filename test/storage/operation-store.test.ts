import { describe, expect } from 'vitest';
import { SqlOperationStore } from '../../storage/operation-store.js';
import type { OperationStore } from '../../storage/stores.js';
import { SqlWorkStore } from '../../storage/work-store.js';
import { test } from '../support/database.js';
import { newHex } from '../support/rows.js';

const asked: Parameters<OperationStore['create']>[1] = {
  kind: 'EXPORT',
  datasetId: 3,
  runId: null,
  request: { format: 'coco', nested: [1, null] },
};
const failed = { code: 'X', message: 'm', retryable: false };

describe('an operation', () => {
  test('comes back as it was asked for and is due at once', async ({ database }) => {
    const operations = new SqlOperationStore(database);
    const runId = newHex();
    const made = await database.transaction((tx) =>
      operations.create(tx, { ...asked, kind: 'LOAD', runId, author: 'me' }),
    );

    expect(made).toMatchObject({
      ...asked,
      kind: 'LOAD',
      runId,
      state: 'QUEUED',
      progress: {},
      result: null,
      attempts: 0,
    });
    expect(await operations.byId(made.id)).toEqual(made);
    expect(await operations.byId(made.id + 1)).toBeNull();
    expect(await new SqlWorkStore(database).nextDue(['operation'])).toBe(made.createdAt);
  });

  test('asked for again with the same idempotency key is the same', async ({ database }) => {
    const operations = new SqlOperationStore(database);
    const ask = (idempotencyKey: string | null) =>
      database.transaction((tx) => operations.create(tx, { ...asked, idempotencyKey }));
    const [first, again, other, bare, bareToo] = [
      await ask('k'),
      await ask('k'),
      await ask('l'),
      await ask(null),
      await ask(null),
    ];

    expect(again).toEqual(first);
    expect(new Set([first, other, bare, bareToo].map(({ id }) => id)).size).toBe(4);
  });

  test('keeps what is not changed, and the times of its start and end', async ({ database }) => {
    const operations = new SqlOperationStore(database);
    const { id } = await database.transaction((tx) => operations.create(tx, asked));
    const update = async (change: Parameters<OperationStore['update']>[2]) => {
      await database.transaction((tx) => operations.update(tx, id, change));
      return operations.byId(id);
    };
    const running = await update({ state: 'RUNNING', progress: { done: 1 } });
    const resting = await update({ state: 'QUEUED', cursor: { page: 2 }, error: failed });
    const again = await update({ state: 'RUNNING' });
    const ended = await update({ state: 'SUCCEEDED', result: { labels: 4 }, error: null, dueAt: null });
    await update({});

    expect(running).toMatchObject({ state: 'RUNNING', progress: { done: 1 }, finishedAt: null });
    expect(running?.startedAt).toBeGreaterThan(0);
    expect(resting).toMatchObject({ error: failed, progress: { done: 1 } });
    expect(again?.startedAt).toBe(running?.startedAt);
    expect(ended).toMatchObject({ state: 'SUCCEEDED', result: { labels: 4 }, error: null });
    expect(ended?.finishedAt).toBeGreaterThan(0);
    expect(await operations.cursor(id)).toEqual({ page: 2 });
    expect(await new SqlWorkStore(database).nextDue(['operation'])).toBeNull();
  });

  test('that is unknown cannot change', async ({ database }) => {
    const operations = new SqlOperationStore(database);

    await expect(database.transaction((tx) => operations.update(tx, 99, { state: 'RUNNING' }))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await operations.cursor(99)).toBeNull();
  });

  test('can be cancelled until it has ended', async ({ database }) => {
    const operations = new SqlOperationStore(database);
    const { id } = await database.transaction((tx) => operations.create(tx, asked));
    const cancel = () => database.transaction((tx) => operations.requestCancel(tx, id));
    const before = await operations.isCancelRequested(id);
    await database.transaction((tx) => operations.update(tx, id, { dueAt: null }));
    const first = await cancel();
    const due = await new SqlWorkStore(database).nextDue(['operation']);
    await database.transaction((tx) => operations.update(tx, id, { state: 'CANCELLED' }));

    expect([before, first, await operations.isCancelRequested(id), await cancel()]).toEqual([false, true, true, false]);
    expect(due).not.toBeNull();
  });
});

describe('the list of operations', () => {
  test('keeps to dataset, run, kind and state, in pages', async ({ database }) => {
    const operations = new SqlOperationStore(database);
    const runId = newHex();
    await database.transaction(async (tx) => {
      await operations.create(tx, asked);
      await operations.create(tx, { ...asked, kind: 'LOAD', runId });
      await operations.create(tx, { ...asked, datasetId: 4 });
      await operations.update(tx, 3, { state: 'RUNNING' });
    });
    const ids = async (filter: Parameters<OperationStore['list']>[1]) =>
      (await operations.list({ first: 10 }, filter)).items.map(({ item }) => item.id);

    expect(await ids({})).toEqual([1, 2, 3]);
    expect(await ids({ datasetId: 3 })).toEqual([1, 2]);
    expect(await ids({ runId })).toEqual([2]);
    expect(await ids({ kinds: ['LOAD'] })).toEqual([2]);
    expect(await ids({ states: ['RUNNING', 'FAILED'] })).toEqual([3]);
    const first = await operations.list({ first: 2 });
    const rest = await operations.list({ first: 2, after: first.items.at(-1)?.cursor ?? null });
    expect([first.hasMore, rest.hasMore, rest.items.map(({ item }) => item.id)]).toEqual([true, false, [3]]);
  });
});
