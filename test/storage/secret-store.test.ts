import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { Database } from '../../storage/database.js';
import { loadSecretKey } from '../../storage/secret-key.js';
import { SqlSecretStore } from '../../storage/secret-store.js';
import { test as base } from '../support/database.js';
import { newHex } from '../support/rows.js';

const test = base.extend<{ folder: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: fixtures take their dependencies by destructuring
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'annogate-keys-'));
    await use(folder);
    await rm(folder, { recursive: true });
  },
});

const storeWith = (database: Database, key: Buffer) =>
  new SqlSecretStore(database, () => loadSecretKey({ text: key.toString('hex') }));

describe('secrets', () => {
  test('come back to their owner and are nowhere to be read', async ({ database }) => {
    const secrets = storeWith(database, randomBytes(32));
    const [runId, operationId] = [newHex(), 7];
    const given = { api_key: 'hunter2 secret', login: { user: 'ä', password: ['p'] } };
    await database.transaction(async (tx) => {
      await secrets.put(tx, { runId }, given);
      await secrets.put(tx, { operationId }, { api_key: 'other' });
    });

    expect(await secrets.get({ runId })).toEqual(given);
    expect(await secrets.get({ operationId })).toEqual({ api_key: 'other' });
    expect(await secrets.get({ runId: newHex() })).toEqual({});
    const rows = await database.query<{ bytes: Buffer }>('SELECT bytes FROM secret');
    expect(rows.map(({ bytes }) => bytes.includes('hunter2'))).toEqual([false, false, false]);
  });

  test('given again replace all earlier ones of the owner', async ({ database }) => {
    const secrets = storeWith(database, randomBytes(32));
    const runId = newHex();
    await database.transaction((tx) => secrets.put(tx, { runId }, { a: '1', b: '2' }));
    await database.transaction((tx) => secrets.put(tx, { runId }, { b: '3' }));
    expect(await secrets.get({ runId })).toEqual({ b: '3' });

    await database.transaction((tx) => secrets.delete(tx, { runId }));
    expect(await secrets.get({ runId })).toEqual({});
  });

  test('that the present key cannot open are asked for again by name', async ({ database }) => {
    const runId = newHex();
    await database.transaction((tx) => storeWith(database, randomBytes(32)).put(tx, { runId }, { api_key: 'x' }));

    await expect(storeWith(database, randomBytes(32)).get({ runId })).rejects.toMatchObject({
      code: 'CREDENTIALS_NEEDED',
      names: ['api_key'],
    });
  });

  test('moved to another owner or name do not open', async ({ database }) => {
    const secrets = storeWith(database, randomBytes(32));
    const [mine, yours] = [newHex(), newHex()];
    await database.transaction((tx) => secrets.put(tx, { runId: mine }, { a: 'x' }));
    await database.transaction((tx) => tx.run('UPDATE secret SET run_hex = ?', [Buffer.from(yours, 'hex')]));
    await expect(secrets.get({ runId: yours })).rejects.toMatchObject({ code: 'CREDENTIALS_NEEDED' });
    await database.transaction((tx) => tx.run("UPDATE secret SET run_hex = ?, name = 'b'", [Buffer.from(mine, 'hex')]));

    await expect(secrets.get({ runId: mine })).rejects.toMatchObject({ names: ['b'] });
  });

  test('that were tampered with do not open', async ({ database }) => {
    const secrets = storeWith(database, randomBytes(32));
    const runId = newHex();
    await database.transaction((tx) => secrets.put(tx, { runId }, { a: 'x' }));
    const [row] = await database.query<{ bytes: Buffer }>('SELECT bytes FROM secret');
    const bytes = Buffer.from(row?.bytes ?? []);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await database.transaction((tx) => tx.run('UPDATE secret SET bytes = ?', [bytes]));

    await expect(secrets.get({ runId })).rejects.toMatchObject({ code: 'CREDENTIALS_NEEDED' });
  });

  test('belong to a run or to an operation', async ({ database }) => {
    const secrets = storeWith(database, randomBytes(32));

    await expect(secrets.get({})).rejects.toThrow('give one of them');
    await expect(secrets.get({ runId: newHex(), operationId: 1 })).rejects.toThrow('give one of them');
  });
});

describe('the key file', () => {
  test('is made once, for its owner only, also by two processes at a time', async ({ folder }) => {
    const file = join(folder, 'deep', 'secret.key');
    const keys = await Promise.all(Array.from({ length: 5 }, () => loadSecretKey({ file })));

    expect(new Set(keys.map(({ id }) => id)).size).toBe(1);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'deep'))).toEqual(['secret.key']);
    expect(await readFile(file, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
  });

  test('may hold base64, and is refused when it is too short', async ({ folder }) => {
    const [good, bad] = [join(folder, 'good'), join(folder, 'bad')];
    const bytes = randomBytes(32);
    await writeFile(good, bytes.toString('base64'));
    await writeFile(bad, 'abcd');

    expect(Buffer.from((await loadSecretKey({ file: good })).bytes)).toEqual(bytes);
    await expect(loadSecretKey({ file: bad })).rejects.toMatchObject({
      code: 'INVALID_SECRET_KEY',
      source: bad,
      bytes: 3,
    });
    await expect(loadSecretKey({ text: 'ab'.repeat(16) })).rejects.toMatchObject({
      code: 'INVALID_SECRET_KEY',
      source: 'ANNOGATE_SECRET_KEY',
      bytes: 24,
    });
  });
});
