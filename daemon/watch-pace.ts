/** How long a pace is remembered without being asked for, in runs. */
const remembered = 10_000;

/**
 * How soon to look at a run's remote work again: fast while things move, then a quarter longer each time, up to a limit.
 * Kept in memory only: a new daemon starts fast.
 */
export class WatchPace {
  private readonly intervals = new Map<string, number>();

  /** `fastest` and `slowest` in milliseconds. */
  constructor(
    private readonly fastest: number,
    private readonly slowest: number,
  ) {}

  /** The time to wait after a look, in milliseconds. */
  after(runId: string, moved: boolean): number {
    const last = this.intervals.get(runId);
    const next = moved || last === undefined ? this.fastest : Math.min(this.slowest, last * 1.25);
    this.intervals.delete(runId);
    this.intervals.set(runId, next);
    if (this.intervals.size > remembered) this.forgetOldest();
    return next;
  }

  private forgetOldest(): void {
    const oldest = this.intervals.keys().next();
    if (!oldest.done) this.intervals.delete(oldest.value);
  }
}
