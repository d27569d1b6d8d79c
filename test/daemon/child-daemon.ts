import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { DaemonStage } from './daemon-stage.js';

/** A daemon in a process of its own. */
export interface ChildDaemon {
  readonly process: ChildProcess;
  /** Resolves when the custom backend says this moment. */
  moment(name: string): Promise<void>;
  /** How the process ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** What it has written to its log so far. */
  log(): string;
}

/** Starts `daemon/main.ts` on the stage's database and waits until it is ready, unless told otherwise. */
export async function startChild(
  stage: DaemonStage,
  env: Record<string, string> = {},
  options: { awaitReady?: boolean } = {},
): Promise<ChildDaemon> {
  const settings = {
    ANNOGATE_DATABASE_URL: stage.url,
    ANNOGATE_DATA: stage.folder,
    ANNOGATE_LEASE_MS: '1000',
    ANNOGATE_POLL_MS: '100',
  };
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, '../../daemon/main.ts')], {
    env: { ...process.env, ...settings, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const seen: string[] = [];
  child.on('message', (message) => seen.push(JSON.stringify(message)));
  let log = '';
  child.stdout?.on('data', (text) => {
    log += text;
  });
  child.stderr?.on('data', (text) => {
    log += text;
  });
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  const moment = async (name: string): Promise<void> => {
    while (!seen.some((message) => message.includes(name)))
      await Promise.race([
        once(child, 'message'),
        ended.then(() => {
          throw new Error(`the daemon ended before "${name}":\n${log}`);
        }),
      ]);
  };
  if (options.awaitReady ?? true) await moment('ready');
  return { process: child, moment, ended, log: () => log };
}
