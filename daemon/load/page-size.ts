const aim = 50;
const smallest = 200;
const largest = 8_000;

/**
 * How many labels a page takes, so that one transaction lasts about 50 ms: long enough that the cost of a commit is
 * spread, short enough that others who write are not kept waiting.
 */
export class PageSize {
  private labels = 2_000;

  get size(): number {
    return this.labels;
  }

  /** What the last page held and how long it took, in ms: the next is up to twice or half as large. */
  took(labels: number, ms: number): void {
    const factor = Math.min(2, Math.max(0.5, aim / Math.max(ms, 1)));
    this.labels = Math.min(largest, Math.max(smallest, Math.round(Math.min(labels, this.labels * 2) * factor)));
  }
}
