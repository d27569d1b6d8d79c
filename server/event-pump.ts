import type { Event, EventFeed } from '../storage/stores.js';
import type { Logger } from './log.js';

/** Which events a subscriber wants; all given conditions must hold. */
export interface EventFilter {
  readonly datasetId?: number;
  readonly runId?: string;
  readonly operationId?: number;
}

/** Events that wait for one slow subscriber before it is sent back to the database. */
const bufferSize = 1_000;
const pageSize = 500;

/**
 * Brings events from the database to all subscribers of this process, in order and each once.
 *
 * The database is the truth; one reader follows it and hands each event to whom it concerns, so a thousand subscribers
 * cost one query. A subscriber first reads what it missed by itself, up to where the shared reader stood when it
 * joined, and then takes what was handed to it meanwhile. One that falls behind by more than its buffer goes back
 * to reading: nothing is lost, and memory stays bounded.
 */
export class EventPump {
  private readonly subscribers = new Set<EventSubscription>();
  private position = 0;
  private pumping: Promise<void> | null = null;
  private again = false;
  private stopListening: (() => Promise<void>) | null = null;

  constructor(
    private readonly feed: EventFeed,
    private readonly log: Logger,
  ) {}

  /** Begins to follow the database from the newest event on. */
  async start(): Promise<void> {
    this.position = await this.feed.latest();
    this.stopListening = await this.feed.onCommit(() => this.wake());
  }

  /** Ends all subscriptions and stops following. */
  async stop(): Promise<void> {
    await this.stopListening?.();
    for (const subscriber of this.subscribers) await subscriber.return();
    await this.pumping;
  }

  /**
   * Events after the number `after` (null: from now on) that pass the filter. Throws EVENTS_EXPIRED at once when older
   * ones are no longer kept.
   */
  async subscribe(filter: EventFilter, after: number | null): Promise<AsyncIterableIterator<Event>> {
    const from = after ?? (await this.feed.latest());
    await this.feed.read(from, 1, filter);
    return new EventSubscription(this.feed, filter, from, this.join, this.leave);
  }

  /** From here on the subscriber is handed events; returns the number up to which it must read by itself. */
  private readonly join = (subscriber: EventSubscription): number => {
    this.subscribers.add(subscriber);
    return this.position;
  };

  private readonly leave = (subscriber: EventSubscription): void => {
    this.subscribers.delete(subscriber);
  };

  private wake(): void {
    this.again = true;
    this.pumping ??= this.pump().finally(() => {
      this.pumping = null;
    });
  }

  private async pump(): Promise<void> {
    while (this.again) {
      this.again = false;
      try {
        await this.follow();
      } catch (error) {
        this.log.error({ err: error }, 'reading events failed; trying again at the next commit');
      }
    }
  }

  private async follow(): Promise<void> {
    for (;;) {
      const events = await this.feed.read(this.position, pageSize);
      for (const event of events) {
        this.position = event.number;
        for (const subscriber of this.subscribers) subscriber.hand(event);
      }
      if (events.length < pageSize) return;
    }
  }
}

/** One subscriber's place in the row of events. */
class EventSubscription implements AsyncIterableIterator<Event> {
  /** Read by ourselves. */
  private replayed: Event[] = [];
  /** Handed to us by the pump. */
  private handed: Event[] = [];
  /** Up to which number we read by ourselves; null when there is nothing more to read. */
  private catchUpTo: number | null = null;
  private joined = false;
  private ended = false;
  private wakeUp: () => void = () => {};

  constructor(
    private readonly feed: EventFeed,
    private readonly filter: EventFilter,
    private last: number,
    private readonly join: (self: EventSubscription) => number,
    private readonly leave: (self: EventSubscription) => void,
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Takes an event from the pump. One too many: all are forgotten here, to be read again from the database. */
  hand(event: Event): void {
    if (!matches(event, this.filter)) return;
    this.handed.push(event);
    if (this.handed.length > bufferSize) {
      this.handed = [];
      this.joined = false;
      this.leave(this);
    }
    this.wakeUp();
  }

  async next(): Promise<IteratorResult<Event>> {
    try {
      while (!this.ended) {
        const event = this.replayed.shift() ?? (this.catchUpTo === null ? this.handed.shift() : undefined);
        if (event && event.number > this.last) return this.deliver(event);
        if (!event) await this.more();
      }
      return finished;
    } catch (error) {
      await this.return();
      throw error;
    }
  }

  /** Also wakes a reader that waits: a generator would make it wait for the next event before it could end. */
  async return(): Promise<IteratorResult<Event>> {
    this.ended = true;
    this.leave(this);
    this.wakeUp();
    return finished;
  }

  private deliver(event: Event): IteratorResult<Event> {
    this.last = event.number;
    return { done: false, value: event };
  }

  private async more(): Promise<void> {
    if (!this.joined) {
      this.joined = true;
      this.catchUpTo = this.join(this);
    } else if (this.catchUpTo !== null) await this.readOn(this.catchUpTo);
    else await new Promise<void>((resolve) => (this.wakeUp = resolve));
  }

  private async readOn(until: number): Promise<void> {
    this.replayed = [...(await this.feed.read(this.last, pageSize, this.filter))];
    const reached = this.replayed.at(-1)?.number ?? until;
    // Events beyond it are handed to us as well, and passed over by their number.
    if (this.replayed.length < pageSize || reached >= until) this.catchUpTo = null;
  }
}

const finished: IteratorResult<Event> = { done: true, value: undefined };

const matches = (event: Event, { datasetId, runId, operationId }: EventFilter): boolean =>
  (datasetId === undefined || event.datasetId === datasetId) &&
  (runId === undefined || event.runId === runId) &&
  (operationId === undefined || event.operationId === operationId);
