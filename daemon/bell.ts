import { slept } from './slept.js';

/** Wakes one sleeper. A ring that comes while nobody sleeps is kept until `hush`, so that none is missed. */
export class Bell {
  private wake = new AbortController();

  ring(): void {
    this.wake.abort();
  }

  /** Forgets earlier rings: call it before looking for what they may have told of. */
  hush(): void {
    this.wake = new AbortController();
  }

  /** Waits for a ring, for so many milliseconds, or until the signal aborts. */
  async heard(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { wake } = this;
    const stop = () => wake.abort();
    signal.addEventListener('abort', stop, { once: true });
    await slept(ms, wake.signal);
    signal.removeEventListener('abort', stop);
  }
}
