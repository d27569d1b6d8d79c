import { describe, expect } from 'vitest';
import { EventPump } from '../../server/event-pump.js';
import { createLog } from '../../server/log.js';
import type { Storage } from '../../storage/stores.js';
import { box, type Gateway, street, test } from './gateway.js';

/** Writes events of a dataset, so many to a transaction. */
async function happen(storage: Storage, datasetId: number, count: number, perTransaction = 1): Promise<void> {
  for (let done = 0; done < count; done += perTransaction) {
    await storage.transaction(async (tx) => {
      for (let i = done; i < Math.min(count, done + perTransaction); i++)
        tx.emit({ kind: 'SAMPLES_CHANGED', datasetId, detail: { i } });
    });
  }
}

/** The numbers of the first `count` events of a subscription. */
function numbers(gateway: Gateway, query: string, count: number, onFirst: () => void = () => {}): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const seen: number[] = [];
    const stop = gateway.socket().subscribe<Record<string, { number: number }>>(
      { query },
      {
        next: ({ data, errors }) => {
          if (errors) return reject(new Error(JSON.stringify(errors)));
          if (seen.length === 0) onFirst();
          for (const { number } of Object.values(data ?? {})) seen.push(number);
          if (seen.length === count) {
            stop();
            resolve(seen);
          }
        },
        error: (error) => reject(new Error(JSON.stringify(error))),
        complete: () => {},
      },
    );
  });
}

const upTo = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('a subscription', () => {
  test('tells what was missed, then what happens, in order and each once', async ({ gateway }) => {
    const { id } = await street(gateway.storage, []);
    await happen(gateway.storage, id, 700, 100);
    const query = 'subscription { datasetEvents(dataset: "street", after: 0) { number } }';
    const seen = numbers(gateway, query, 760, () => void happen(gateway.storage, id, 59));
    expect(await seen).toEqual(upTo(1, 760));
  });

  test('begins after the number that it is given', async ({ gateway }) => {
    const { id } = await street(gateway.storage, []);
    await happen(gateway.storage, id, 9);
    const query = 'subscription { datasetEvents(dataset: "street", after: 7) { number } }';
    expect(await numbers(gateway, query, 3)).toEqual([8, 9, 10]);
  });

  test('of one dataset hears nothing of another', async ({ gateway }) => {
    const one = await street(gateway.storage, []);
    const other = await street(gateway.storage, [], 'harbour');
    await happen(gateway.storage, other.id, 3);
    await happen(gateway.storage, one.id, 1);
    const query = 'subscription { datasetEvents(dataset: "street", after: 0) { number } }';
    expect(await numbers(gateway, query, 2)).toEqual([1, 6]);
  });

  test('of an operation tells its events', async ({ gateway }) => {
    await street(gateway.storage, []);
    const { deleteDataset } = await gateway.data(
      'mutation { deleteDataset(name: "street") { id kind state dataset } }',
    );
    expect(deleteDataset).toEqual({ id: deleteDataset.id, kind: 'DELETE_DATASET', state: 'QUEUED', dataset: 'street' });
    expect(
      await numbers(gateway, `subscription { operationEvents(id: "${deleteDataset.id}", after: 0) { number } }`, 1),
    ).toEqual([2]);
  });

  for (const [what, query] of [
    ['an unknown dataset', 'datasetEvents(dataset: "nowhere")'],
    ['an unknown run', 'runEvents(dataset: "street", annoKey: "nothing")'],
    ['an unknown operation', 'operationEvents(id: "77")'],
  ]) {
    test(`to ${what} is refused with NOT_FOUND`, async ({ gateway }) => {
      await street(gateway.storage, []);
      await expect(numbers(gateway, `subscription { ${query} { number } }`, 1)).rejects.toThrow('NOT_FOUND');
    });
  }

  test('after events that are no longer kept is refused with the number to start from', async ({ gateway }) => {
    const { id } = await street(gateway.storage, []);
    await happen(gateway.storage, id, 9);
    await gateway.storage.transaction((tx) => gateway.storage.events.prune(tx, Number.MAX_SAFE_INTEGER, 5));
    const wanted = numbers(gateway, 'subscription { datasetEvents(dataset: "street", after: 2) { number } }', 1);
    await expect(wanted).rejects.toThrow(/EVENTS_EXPIRED.*"startFrom":5/);
    expect(await gateway.code('{ events(after: 2) { next } }')).toBe('EVENTS_EXPIRED');
  });

  test('ends at once when the server closes', async ({ fresh }) => {
    const { startGateway } = await import('./gateway.js');
    const gateway = await startGateway(fresh);
    await street(gateway.storage, []);
    const begun = new Promise<void>((resolve) => {
      const query = 'subscription { datasetEvents(dataset: "street", after: 0) { number } }';
      gateway.socket().subscribe({ query }, { next: () => resolve(), error: () => {}, complete: () => {} });
    });
    await begun;
    await gateway.close();
  });
});

describe('a subscriber that falls behind', () => {
  test('reads what did not fit into its buffer from the database, and misses nothing', async ({ gateway }) => {
    const { storage } = gateway;
    const pump = new EventPump(storage.events, createLog('silent'));
    await pump.start();
    const { id } = await street(storage, []);
    const events = await pump.subscribe({ datasetId: id }, 0);
    const first = await events.next();
    const other = await pump.subscribe({ datasetId: id }, 0);
    await happen(storage, id, 2_600, 650);
    const seen = [first.value.number];
    // The other subscriber shows when the pump has handed everything out.
    for (let i = 0; i < 2_601; i++) await other.next();
    for (let i = 0; i < 2_600; i++) seen.push((await events.next()).value.number);
    expect(seen).toEqual(upTo(1, 2_601));
    await pump.stop();
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  test('that waits is let go when it ends', async ({ gateway }) => {
    const pump = new EventPump(gateway.storage.events, createLog('silent'));
    await pump.start();
    const events = await pump.subscribe({}, null);
    const waiting = events.next();
    await events.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await pump.stop();
  });
});

describe('the list of events', () => {
  test('goes on where a page ended', async ({ gateway }) => {
    const { id } = await street(gateway.storage, [[box(1)]]);
    await happen(gateway.storage, id, 4);
    const page = (after: number) =>
      gateway.data(`{ events(after: ${after}, first: 3) { events { number kind } next latest } }`);
    const first = (await page(0)).events;
    expect(first.events.map(({ number }: { number: number }) => number)).toEqual([1, 2, 3]);
    const second = (await page(first.next)).events;
    expect(second).toMatchObject({ next: 5, latest: 5 });
    expect((await page(5)).events).toEqual({ events: [], next: 5, latest: 5 });
  });
});
