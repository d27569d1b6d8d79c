import PQueue from 'p-queue';
import type { Lease, WorkKind } from '../domain/run/index.js';
import { Bell } from './bell.js';
import type { DaemonContext, Next } from './context.js';
import { whileLeased } from './while-leased.js';
import { withEither } from './with-either.js';

/** `stopping`: take no more work. `aborting`: drop what is in hand. */
export interface Shutdown {
  readonly stopping: AbortSignal;
  readonly aborting: AbortSignal;
}

/** Moves a piece of work one step on and says when to look again. */
export type Advance = (context: DaemonContext, lease: Lease, signal: AbortSignal) => Promise<Next>;

const kinds: readonly WorkKind[] = ['run', 'task', 'operation'];

/**
 * Claims what is due, up to so many pieces at a time, and moves each one step on under its lease. Between two looks it
 * waits for a commit (of any process), for the time when something falls due, or for a free hand; and looks now and then
 * even if nothing of that came. It knows nothing of backends or labels: see `advance.ts`.
 */
export class Worker {
  private readonly inHand: PQueue;
  private readonly bell = new Bell();
  private turnedAt: number;

  constructor(
    private readonly context: DaemonContext,
    private readonly advance: Advance,
  ) {
    this.inHand = new PQueue({ concurrency: context.settings.concurrency });
    this.turnedAt = context.clock();
  }

  /** For health: what is in hand, and when the loop last turned (milliseconds since 1970). */
  get pulse(): { readonly inHand: number; readonly turnedAt: number } {
    return { inHand: this.inHand.pending + this.inHand.size, turnedAt: this.turnedAt };
  }

  /** Works until told to stop, then finishes what is in hand. */
  async work({ stopping, aborting }: Shutdown): Promise<void> {
    const unhook = await this.context.storage.events.onCommit(() => this.bell.ring());
    try {
      while (!stopping.aborted) {
        this.bell.hush();
        const pause = await this.takeDue(aborting);
        this.turnedAt = this.context.clock();
        await this.bell.heard(pause, stopping);
      }
    } finally {
      await unhook();
      await this.inHand.onIdle();
    }
  }

  /** Begins what is due as far as there are free hands; tells for how long nothing more needs to be looked for. */
  private async takeDue(aborting: AbortSignal): Promise<number> {
    const { pollEvery, concurrency } = this.context.settings;
    const free = concurrency - this.pulse.inHand;
    if (free <= 0) return pollEvery; // the bell rings when a hand is free
    try {
      const due = await this.context.storage.work.nextDue(kinds);
      const wait = due === null ? pollEvery : due - this.context.clock();
      if (wait > 0) return Math.min(wait, pollEvery);
      const leases = await this.claim(free);
      for (const lease of leases) this.begin(lease, aborting);
      return leases.length === 0 ? Math.min(pollEvery, 100) : 0; // none: another daemon was quicker
    } catch (error) {
      this.context.events.emit('workerTroubled', error);
      return pollEvery;
    }
  }

  private claim(limit: number): Promise<readonly Lease[]> {
    const { storage, settings } = this.context;
    return storage.work.claimDue({ kinds, limit, leaseFor: settings.leaseFor, now: this.context.clock() });
  }

  private begin(lease: Lease, aborting: AbortSignal): void {
    this.context.events.emit('claimed', lease.item);
    void this.inHand.add(() => this.carry(lease, aborting)).then(() => this.bell.ring());
  }

  private async carry(lease: Lease, aborting: AbortSignal): Promise<void> {
    const { storage, events, settings } = this.context;
    const options = { leaseFor: settings.leaseFor, clock: () => this.context.clock() };
    try {
      const next = await whileLeased(lease, storage.work, options, (lost) =>
        withEither(aborting, lost, (signal) => this.stepOn(lease, signal)),
      );
      events.emit('stepDone', lease.item, next);
    } catch (error) {
      // Cut short by our own shutdown: not a failed attempt. If handing back fails too, the lease runs out.
      if (aborting.aborted) await storage.work.handBack(lease, this.context.clock()).catch(() => {});
      events.emit('workDropped', lease.item, error);
    }
  }

  private async stepOn(lease: Lease, signal: AbortSignal): Promise<Next> {
    const next = await this.advance(this.context, lease, signal);
    this.context.crashPoint('work:before-finish');
    // A remote's Retry-After and growing pauses make fractions; the database keeps whole milliseconds.
    const dueAt = next.dueAt === null ? null : Math.ceil(next.dueAt);
    await this.context.storage.work.finish(lease, { ...next, dueAt });
    this.context.crashPoint('work:after-finish');
    return next;
  }
}
