import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import type { DaemonEvents } from '../daemon/context.js';
import { type DaemonSettings, readSettings } from '../daemon/settings.js';
import { type RunningDaemon, startDaemon } from '../daemon/start.js';
import type { JsonObject } from '../domain/labels/index.js';
import type { Operation, OperationKind, RunState } from '../domain/run/index.js';
import type { Storage } from '../storage/stores.js';

/** Where a measurement takes place. */
export interface World {
  readonly folder: string;
  readonly databaseUrl: string;
}

/** A daemon in this very process, so that what it takes can be measured. */
export async function withDaemon<T>(world: World, work: (daemon: RunningDaemon) => Promise<T>): Promise<T> {
  const settings: DaemonSettings = {
    ...readSettings({
      ANNOGATE_DATA: world.folder,
      ANNOGATE_DATABASE_URL: world.databaseUrl,
      ANNOGATE_MEDIA_ROOTS: '/',
    }),
    watchFastest: 50,
  };
  const events = new EventEmitter<DaemonEvents>();
  events.on('workFailed', (item, error) => console.error(item, error));
  events.on('stepRetried', (item, error) => console.error(item, error));
  const daemon = await startDaemon(settings, { events });
  try {
    return await work(daemon);
  } finally {
    daemon.stop('the measurement is over');
    await daemon.finished;
  }
}

/** Waits for a moment that the database shows. */
export async function until<T>(storage: Storage, look: () => Promise<T | null>): Promise<T> {
  let wake = (): void => {};
  const stop = await storage.events.onCommit(() => wake());
  try {
    for (;;) {
      const rung = new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, 500).unref();
      });
      const found = await look();
      if (found !== null) return found;
      await rung;
    }
  } finally {
    await stop();
  }
}

export const untilRun = (storage: Storage, id: string, state: RunState): Promise<true> =>
  until(storage, async () => {
    const run = await storage.runs.byId(id);
    if (run?.state === 'FAILED') throw new Error(`run failed: ${run.error?.message}`);
    return run?.state === state ? true : null;
  });

export async function ask(
  storage: Storage,
  kind: OperationKind,
  request: JsonObject,
  about: { datasetId?: number; runId?: string },
): Promise<Operation> {
  const { datasetId = null, runId = null } = about;
  const asked = await storage.transaction(async (tx) => {
    const operation = await storage.operations.create(tx, { kind, datasetId, runId, request });
    tx.emit({ kind: 'OPERATION_CREATED', datasetId, runId, operationId: operation.id, detail: { kind } });
    return operation;
  });
  const over = await until(storage, async () => {
    const now = await storage.operations.byId(asked.id);
    return now !== null && ['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(now.state) ? now : null;
  });
  if (over.state !== 'SUCCEEDED') throw new Error(`${kind} failed: ${over.error?.message}`);
  return over;
}

export const newId = (): string => randomBytes(12).toString('hex');
export const outbox = (world: World): string => join(world.folder, 'outbox');
