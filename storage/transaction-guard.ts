import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Notices a transaction that is started from inside another one of the same database. It would wait for itself (SQLite:
 * one writer; PostgreSQL: row locks), or be committed although the outer one is rolled back.
 */
export class TransactionGuard {
  private readonly current = new AsyncLocalStorage<{ open: boolean }>();

  async within<T>(work: () => Promise<T>): Promise<T> {
    if (this.current.getStore()?.open) {
      throw new Error(
        'a write was started inside a transaction of the same database: give the transaction to the store instead',
      );
    }
    const mark = { open: true };
    try {
      return await this.current.run(mark, work);
    } finally {
      // Timers and listeners made inside keep the mark; they are free to write later.
      mark.open = false;
    }
  }
}
