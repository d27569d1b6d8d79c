import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DaemonContext } from './context.js';
import type { Worker } from './worker.js';

/** So many times the poll interval without a turn of the loop mean that it hangs. */
const missedTurns = 5;

/** What GET /healthz answers; `ok` decides between 200 and 503. */
export interface Health {
  readonly ok: boolean;
  readonly inHand: number;
  /** When the worker last looked for work, milliseconds since 1970. */
  readonly turnedAt: number;
}

export function healthOf(context: DaemonContext, worker: Pick<Worker, 'pulse'>): Health {
  const { inHand, turnedAt } = worker.pulse;
  return { ok: context.clock() - turnedAt <= missedTurns * context.settings.pollEvery, inHand, turnedAt };
}

export interface HealthEndpoint {
  readonly port: number;
  close(): Promise<void>;
}

/** Answers GET /healthz on loopback. */
export async function serveHealth(port: number, health: () => Health): Promise<HealthEndpoint> {
  const server = createServer((request, response) => {
    const isHealth = request.url === '/healthz';
    const now = health();
    response.writeHead(isHealth ? (now.ok ? 200 : 503) : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isHealth ? now : { error: 'there is only /healthz' }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { port: (server.address() as AddressInfo).port, close };
}
