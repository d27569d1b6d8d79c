import type { Shutdown } from './worker.js';

/**
 * Stopping in two stages. The first call of `next` raises `stopping`: no new work, what is in hand is finished. When the
 * grace period is over, or at the second call, `aborting` is raised: what is in hand is dropped and handed back.
 */
export class ShutdownStages implements Shutdown {
  private readonly first = new AbortController();
  private readonly second = new AbortController();
  private grace: NodeJS.Timeout | null = null;

  /** `gracePeriod` in milliseconds. */
  constructor(private readonly gracePeriod: number) {}

  get stopping(): AbortSignal {
    return this.first.signal;
  }

  get aborting(): AbortSignal {
    return this.second.signal;
  }

  next(): void {
    if (this.first.signal.aborted) {
      this.abort();
      return;
    }
    this.grace = setTimeout(() => this.abort(), this.gracePeriod);
    this.first.abort(new Error('the daemon is stopping'));
  }

  /** Everything has ended: the grace period needs not be waited for. */
  end(): void {
    if (this.grace !== null) clearTimeout(this.grace);
  }

  private abort(): void {
    this.end();
    this.second.abort(new Error('the daemon is stopping'));
  }
}
