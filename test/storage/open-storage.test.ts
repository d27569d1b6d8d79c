import { randomBytes } from 'node:crypto';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { openStorage } from '../../storage/open-storage.js';
import { test } from '../support/database.js';
import { newHex } from '../support/rows.js';

describe('the storage', () => {
  test('opens with every store on one database', async ({ fresh }) => {
    const storage = await openStorage({
      url: fresh.url,
      dataFolder: '/nowhere',
      secretKey: randomBytes(32).toString('base64'),
    });
    const runId = newHex();
    await storage.transaction(async (tx) => {
      await storage.tokens.add(tx, 'admin', 'x');
      await storage.configEdits.set(tx, ['a'], 1, null);
      await storage.secrets.put(tx, { runId }, { key: 's' });
      tx.emit({ kind: 'A', detail: {} });
    });

    expect(await storage.tokens.isEmpty()).toBe(false);
    expect(await storage.secrets.get({ runId })).toEqual({ key: 's' });
    expect(await storage.events.latest()).toBe(1);
    expect(await storage.runs.list({ first: 1 })).toEqual({ items: [], hasMore: false });
    expect(await storage.datasets.byName('x')).toBeNull();
    await storage.close();
  });

  test('writes nothing for a holder whose lease was lost', async ({ fresh }) => {
    const storage = await openStorage({ url: fresh.url, dataFolder: '/nowhere' });
    await storage.transaction((tx) =>
      storage.operations.create(tx, { kind: 'EXPORT', datasetId: null, runId: null, request: {} }),
    );
    const claim = (now: number) => storage.work.claimDue({ kinds: ['operation'], limit: 1, leaseFor: 1_000, now });
    const now = Date.now();
    const [slept] = await claim(now);
    const write = (lease: typeof slept) =>
      storage.transaction((tx) => storage.operations.update(tx, 1, { progress: { done: 1 } }), lease ? { lease } : {});
    await write(slept);
    const [taken] = await claim(now + 5_000);

    await expect(write(slept)).rejects.toMatchObject({ code: 'LEASE_LOST', kind: 'operation', item: '1' });
    await write(taken);
    await storage.close();
  });

  test('keeps a secret key of its own in the data folder, from the first secret on', async ({ fresh }) => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'annogate-data-'));
    const file = join(dataFolder, 'secret.key');
    const runId = newHex();
    const first = await openStorage({ url: fresh.url, dataFolder, secretKey: null });
    await expect(access(file)).rejects.toThrow('ENOENT');
    await first.transaction((tx) => first.secrets.put(tx, { runId }, { a: 1 }));
    await first.close();
    const second = await openStorage({ url: fresh.url, dataFolder });

    expect(await second.secrets.get({ runId })).toEqual({ a: 1 });
    await access(file);
    await second.close();
    await rm(dataFolder, { recursive: true });
  });
});
