import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect } from 'vitest';
import { serveHealth } from '../../daemon/health.js';
import { test } from './daemon-stage.js';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('health', () => {
  test('is told at /healthz while the worker turns', async ({ stage }) => {
    const daemon = await stage.start({ healthPort: await freePort() });
    const answer = await fetch(`http://127.0.0.1:${daemon.healthPort}/healthz`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ ok: true, inHand: 0 });
    expect((await fetch(`http://127.0.0.1:${daemon.healthPort}/`)).status).toBe(404);
  });

  test('is 503 when the loop hangs', async () => {
    const endpoint = await serveHealth(0, () => ({ ok: false, inHand: 4, turnedAt: 0 }));
    expect((await fetch(`http://127.0.0.1:${endpoint.port}/healthz`)).status).toBe(503);
    await endpoint.close();
  });

  test('shows in the list of processes, with the annotation config and without its secrets', async ({ stage }) => {
    const daemon = await stage.start();
    const [process] = await stage.until('it beats', async () => {
      const list = await stage.storage.processes.list();
      return list.length > 0 && list;
    });
    expect(process).toMatchObject({ role: 'daemon', detail: { ok: true, config: { default_backend: 'scripted' } } });
    expect(JSON.stringify(process)).not.toContain('from the config');

    daemon.stop('test');
    await daemon.finished;
    expect(await stage.storage.processes.list()).toEqual([]);
  });
});
