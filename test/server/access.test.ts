import { describe, expect } from 'vitest';
import { WebSocket } from 'ws';
import { readSettings } from '../../server/settings.js';
import { startServer } from '../../server/start.js';
import { type Gateway, test } from './gateway.js';

const any = { query: '{ latestEvent }' };

/** What the first answer of a WebSocket operation was: data, errors, or the code with which the socket was closed. */
const overSocket = (gateway: Gateway, query: string, params?: Record<string, unknown>): Promise<unknown> =>
  new Promise((resolve) => {
    gateway.socket(params).subscribe(
      { query },
      {
        next: resolve,
        error: (error) =>
          resolve(Array.isArray(error) ? { errors: error } : { closed: (error as { code?: number }).code }),
        complete: () => {},
      },
    );
  });

describe('the first start', () => {
  test('makes a token that opens the API', async ({ gateway }) => {
    expect(gateway.token).toMatch(/^[\w-]{43}$/);
    expect(await gateway.data(any.query)).toEqual({ latestEvent: 0 });
  });

  test('is the only one that makes a token', async ({ gateway, fresh }) => {
    const settings = readSettings({
      ANNOGATE_DATABASE_URL: fresh.url,
      ANNOGATE_DATA: gateway.folder,
      ANNOGATE_PORT: '0',
      ANNOGATE_LOG_LEVEL: 'silent',
    });
    const second = await startServer(settings, { environment: {}, homeDir: gateway.folder });
    expect(second.token).toBeNull();
    await second.close();
  });

  test('listens on loopback', ({ gateway }) => {
    expect(new URL(gateway.server.url).hostname).toBe('127.0.0.1');
  });
});

describe('without a valid token', () => {
  for (const [what, headers] of [
    ['no header', {}],
    ['another scheme', { authorization: 'Basic abc' }],
    ['a made-up token', { authorization: 'Bearer abcdefgh' }],
  ] as const) {
    test(`a request with ${what} gets nothing but UNAUTHENTICATED`, async ({ gateway }) => {
      const response = await gateway.post(any, headers);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      const { data, errors } = (await response.json()) as {
        data?: unknown;
        errors: { extensions: { code: string } }[];
      };
      expect(data).toBeUndefined();
      expect(errors.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
    });
  }

  for (const params of [{}, { token: 'made-up' }, { authorization: 'Bearer made-up' }, { token: 5 }]) {
    test(`a socket that says ${JSON.stringify(params)} is closed`, async ({ gateway }) => {
      expect(await overSocket(gateway, any.query, params)).toEqual({ closed: 4403 });
    });
  }

  test('a socket that subscribes before it said anything is closed', async ({ gateway }) => {
    const socket = new WebSocket(`${gateway.server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const code = new Promise((resolve) => socket.on('close', resolve));
    socket.on('open', () => socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: any })));
    expect(await code).toBe(4401);
  });

  test('only the explorer page and the health of the server can be seen', async ({ gateway }) => {
    const status = async (path: string) => (await fetch(gateway.server.url + path)).status;
    expect([
      await status('/'),
      await status('/healthz'),
      await status('/graphql'),
      await status('/package.json'),
    ]).toEqual([200, 200, 405, 404]);
  });
});

describe('with the token', () => {
  test('a socket may give it as authorization or as token', async ({ gateway }) => {
    const answer = { data: { latestEvent: 0 } };
    expect(await overSocket(gateway, any.query, { authorization: `Bearer ${gateway.token}` })).toEqual(answer);
    expect(await overSocket(gateway, any.query, { token: gateway.token })).toEqual(answer);
  });
});
