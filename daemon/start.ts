import { randomBytes, randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { createRegistry } from '../backends/registry.js';
import { configPath } from '../config/index.js';
import { openStorage } from '../storage/open-storage.js';
import type { Storage } from '../storage/stores.js';
import { Adapters } from './adapters.js';
import { advance } from './advance.js';
import type { DaemonContext } from './context.js';
import { crashPointFor } from './crash-points.js';
import { type HealthEndpoint, healthOf, serveHealth } from './health.js';
import { beatUntil } from './heartbeat.js';
import { readConfig } from './read-config.js';
import type { DaemonSettings } from './settings.js';
import { ShutdownStages } from './shutdown.js';
import { version } from './version.js';
import { WatchPace } from './watch-pace.js';
import { Worker } from './worker.js';

/** A daemon that runs in this process. */
export interface RunningDaemon {
  readonly context: DaemonContext;
  /** The port of the health endpoint; null when it is off. */
  readonly healthPort: number | null;
  /** Takes no more work and finishes what is in hand; after the grace period it hands back the rest. A second call hands back at once. */
  stop(reason: string): void;
  /** Settles when everything is closed. Rejects where that failed. */
  readonly finished: Promise<void>;
}

/** Replaces parts of the context, for tests. */
export type ContextParts = Partial<Omit<DaemonContext, 'storage' | 'settings' | 'dataFolder'>>;

/** Opens the database and works until `stop`. Throws what opening throws; nothing is left open then. */
export async function startDaemon(settings: DaemonSettings, parts: ContextParts = {}): Promise<RunningDaemon> {
  await mkdir(settings.dataFolder, { recursive: true });
  const storage = await openStorage({
    url: settings.databaseUrl,
    dataFolder: settings.dataFolder,
    secretKey: settings.secretKey,
  });
  const context = contextOf(settings, storage, parts);
  const worker = new Worker(context, advance);
  const stages = new ShutdownStages(settings.gracePeriod);
  try {
    const health =
      settings.healthPort === 0 ? null : await serveHealth(settings.healthPort, () => healthOf(context, worker));
    const finished = runUntilStopped(context, worker, stages, health);
    const stop = (reason: string) => {
      if (!stages.stopping.aborted) context.events.emit('stopping', { reason });
      stages.next();
    };
    return { context, healthPort: health?.port ?? null, stop, finished };
  } catch (error) {
    await storage.close();
    throw error;
  }
}

function contextOf(settings: DaemonSettings, storage: Storage, parts: ContextParts): DaemonContext {
  const config = parts.config ?? (() => readConfig(storage));
  const baseFolder = dirname(configPath(process.env, homedir()));
  const registry = parts.registry ?? createRegistry({ declared: async () => (await config()).backends, baseFolder });
  return {
    storage,
    registry,
    adapters: new Adapters(registry, settings.callsPerServer),
    pace: new WatchPace(settings.watchFastest, settings.watchSlowest),
    config,
    settings,
    clock: Date.now,
    random: Math.random,
    newId: () => randomBytes(12).toString('hex'),
    events: new EventEmitter(),
    dataFolder: settings.dataFolder,
    crashPoint: crashPointFor(settings.crashAt),
    ...parts,
  };
}

async function runUntilStopped(
  context: DaemonContext,
  worker: Worker,
  stages: ShutdownStages,
  health: HealthEndpoint | null,
): Promise<void> {
  const identity = { id: randomUUID(), startedAt: context.clock(), version };
  const ended = new AbortController();
  const beating = beatUntil(context, worker, identity, ended.signal);
  context.events.emit('started', { id: identity.id, engine: context.storage.engine });
  try {
    await worker.work(stages);
  } finally {
    stages.end();
    ended.abort();
    await beating;
    await health?.close();
    await context.adapters.close();
    await context.storage.close();
    context.events.emit('stopped');
  }
}
