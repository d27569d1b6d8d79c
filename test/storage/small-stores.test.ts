import { describe, expect } from 'vitest';
import { SqlConfigEditStore } from '../../storage/config-edit-store.js';
import { SqlProcessStore } from '../../storage/process-store.js';
import { SqlTokenStore } from '../../storage/token-store.js';
import { test } from '../support/database.js';

describe('config edits', () => {
  test('are kept by path, the last one counts, and can be taken back', async ({ database }) => {
    const edits = new SqlConfigEditStore(database);
    await database.transaction(async (tx) => {
      await edits.set(tx, ['backends', 'cvat', 'url'], 'http://a', 'me');
      await edits.set(tx, ['default_backend'], null, null);
      await edits.set(tx, ['backends', 'cvat', 'url'], { nested: [1] }, null);
    });
    expect(await edits.list()).toEqual([
      { path: ['backends', 'cvat', 'url'], value: { nested: [1] } },
      { path: ['default_backend'], value: null },
    ]);
    await database.transaction((tx) => edits.remove(tx, ['default_backend']));

    expect(await edits.list()).toHaveLength(1);
  });
});

describe('tokens', () => {
  test('are known by what they are, and never stored', async ({ database }) => {
    const tokens = new SqlTokenStore(database);
    const empty = await tokens.isEmpty();
    await database.transaction((tx) => tokens.add(tx, 'admin', 'a-long-token'));

    expect([empty, await tokens.isEmpty()]).toEqual([true, false]);
    expect([await tokens.nameOf('a-long-token'), await tokens.nameOf('another')]).toEqual(['admin', null]);
    expect(JSON.stringify(await database.query('SELECT * FROM api_token'))).not.toContain('a-long-token');
  });

  test('of a name in use are refused', async ({ database }) => {
    const tokens = new SqlTokenStore(database);
    const add = (token: string) => database.transaction((tx) => tokens.add(tx, 'admin', token));
    await add('one');

    await expect(add('two')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await tokens.nameOf('two')).toBeNull();
  });

  test('that were revoked are known to nobody', async ({ database }) => {
    const tokens = new SqlTokenStore(database);
    await database.transaction((tx) => tokens.add(tx, 'admin', 'one'));
    await database.transaction((tx) => tx.run('UPDATE api_token SET revoked_at = 1'));

    expect([await tokens.nameOf('one'), await tokens.isEmpty()]).toEqual([null, true]);
  });
});

describe('processes', () => {
  test('are shown as of their last beat until they leave', async ({ database }) => {
    const processes = new SqlProcessStore(database);
    const daemon = { id: 'd', role: 'daemon', startedAt: 5, version: '1' } as const;
    await processes.beat({ ...daemon, detail: { n: 1 } }, 10);
    await processes.beat({ ...daemon, detail: { n: 2 } }, 20);
    await processes.beat({ id: 's', role: 'server', startedAt: 4, version: '1', detail: {} }, 11);

    expect(await processes.list()).toEqual([
      { id: 's', role: 'server', startedAt: 4, seenAt: 11, version: '1', detail: {} },
      { ...daemon, seenAt: 20, detail: { n: 2 } },
    ]);
    await processes.remove('d');
    expect((await processes.list()).map(({ id }) => id)).toEqual(['s']);
  });
});
