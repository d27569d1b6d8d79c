import { maskSecrets } from '../config/index.js';
import type { JsonObject } from '../domain/labels/index.js';
import type { DaemonContext } from './context.js';
import { type Health, healthOf } from './health.js';
import { secretNamesOf } from './read-config.js';
import { slept } from './slept.js';
import type { Worker } from './worker.js';

const beatEvery = 10_000;

/** Who this process is. */
export interface Identity {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly version: string;
}

/**
 * Tells every ten seconds that this process lives, what it does and which annotation config it sees, secrets masked.
 * Takes its row away at the end. A database that is away for a moment does not matter.
 */
export async function beatUntil(
  context: DaemonContext,
  worker: Worker,
  identity: Identity,
  signal: AbortSignal,
): Promise<void> {
  const { processes } = context.storage;
  do {
    const detail = await detailOf(context, healthOf(context, worker));
    await processes
      .beat({ ...identity, role: 'daemon', detail }, context.clock())
      .catch((error: unknown) => context.events.emit('workerTroubled', error));
  } while (await slept(beatEvery, signal));
  await processes.remove(identity.id).catch(() => {}); // it counts as gone when its last beat is old
}

async function detailOf(context: DaemonContext, health: Health): Promise<JsonObject> {
  try {
    const config = await context.config();
    const secretNames = await secretNamesOf(context.registry, config);
    return { ...health, config: maskSecrets(config, secretNames) };
  } catch (error) {
    return { ...health, config: null, problem: error instanceof Error ? error.message : String(error) };
  }
}
