import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseBusyError } from '../../domain/errors/index.js';
import { isBusy } from './sqlite-connection.js';

/**
 * Tries again every 1-3 ms while another process holds the lock. SQLite's own busy handler backs off to 100 ms and then
 * misses the gap between two transactions of a busy writer; this does not. DATABASE_BUSY after `limit` ms.
 */
export async function retryWhileBusy(work: () => Promise<void>, limit: number): Promise<void> {
  const started = performance.now();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error)) throw error;
      const waited = Math.round(performance.now() - started);
      if (waited >= limit) throw new DatabaseBusyError(waited);
    }
    await sleep(1 + Math.random() * 2);
  }
}
