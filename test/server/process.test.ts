import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';
import { test } from '../support/database.js';

const main = fileURLToPath(new URL('../../server/main.ts', import.meta.url));

/** A server process, and what it has written so far. */
class ServerProcess {
  output = '';
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(environment: Record<string, string>) {
    this.child = spawn(process.execPath, ['--import', 'tsx', main], {
      env: { PATH: process.env.PATH, ...environment },
    });
    this.ended = once(this.child, 'exit').then(([code]) => code as number | null);
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', (chunk) => (this.output += chunk));
  }

  async says(text: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = text.exec(this.output);
      if (found) return found;
      if (this.child.stdout?.readableEnded) throw new Error(`the server said only: ${this.output}`);
      await Promise.race([once(this.child.stdout as NodeJS.ReadableStream, 'data'), this.ended]);
    }
  }

  stop(): void {
    this.child.kill('SIGTERM');
  }
}

describe('the server process', () => {
  test('shows its address and first token, answers, and ends well when it is told to', async ({ fresh }) => {
    const folder = await mkdtemp(join(tmpdir(), 'annogate-server-'));
    const environment = { ANNOGATE_DATA: folder, ANNOGATE_DATABASE_URL: fresh.url, ANNOGATE_PORT: '0', HOME: folder };
    const server = new ServerProcess(environment);
    const [, url, token] = await server.says(/Explorer: (\S+)\/#token=(\S+)/);
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: '{"query":"{ latestEvent }"}' });
    expect(await response.json()).toEqual({ data: { latestEvent: 0 } });
    server.stop();
    expect(await server.ended).toBe(0);
    const second = new ServerProcess(environment);
    await second.says(/server started/);
    second.stop();
    expect(await second.ended).toBe(0);
    expect(second.output).not.toMatch(/token=|shown this once/);
    await rm(folder, { recursive: true });
  });

  test('that cannot use its settings says all that is wrong, and ends', async () => {
    const server = new ServerProcess({ ANNOGATE_PORT: 'many', ANNOGATE_LOG_LEVEL: 'loud' });
    expect(await server.ended).toBe(2);
    expect(server.output).toMatch(/ANNOGATE_PORT[\s\S]*ANNOGATE_LOG_LEVEL/);
  });
});
