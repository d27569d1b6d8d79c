import type { PackedMask } from '../domain/labels/index.js';
import type { ReadItem } from '../formats/format.js';
import { slept } from './slept.js';

/** What a page of work may cost: the time that a transaction keeps other writers waiting, in milliseconds. */
const aim = 50;
/** Between two pages others may write; SQLite's waiting writers look again every 1 to 3 ms. */
const pause = 4;
const smallest = 100;
const largest = 5_000;

/** How large the next page may be, in labels (a sample counts as one, too): it learns from how long the last ones took. */
export class PageBudget {
  private size = 1_000;

  get labels(): number {
    return this.size;
  }

  /** Tells how long a page took, in milliseconds. Grows and shrinks by half at most. */
  took(ms: number): void {
    const factor = Math.min(1.5, Math.max(0.5, aim / Math.max(1, ms)));
    this.size = Math.round(Math.min(largest, Math.max(smallest, this.size * factor)));
  }

  /** Does a page of work, learns from its time and lets others write. */
  async page<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const start = performance.now();
    const result = await work();
    this.took(performance.now() - start);
    await slept(pause, signal);
    return result;
  }
}

/** Some items that are written in one transaction. */
export interface ItemPage<T> {
  readonly items: readonly T[];
  readonly masks: readonly PackedMask[];
  readonly labels: number;
}

/** Cuts a stream of items into pages of about the budget's size. No empty page. */
export async function* pagesOf<
  T extends { readonly fields: ReadonlyMap<string, { readonly labels: readonly unknown[] | null }> },
>(stream: AsyncIterable<ReadItem<T>>, budget: PageBudget): AsyncGenerator<ItemPage<T>> {
  let items: T[] = [];
  let masks: PackedMask[] = [];
  let labels = 0;
  for await (const read of stream) {
    items.push(read.item);
    masks.push(...read.masks);
    labels += labelsIn(read.item);
    if (labels + items.length < budget.labels) continue;
    yield { items, masks, labels };
    items = [];
    masks = [];
    labels = 0;
  }
  if (items.length > 0) yield { items, masks, labels };
}

/** The labels of a sample or frame. */
export function labelsIn(item: {
  readonly fields: ReadonlyMap<string, { readonly labels: readonly unknown[] | null }>;
}): number {
  let labels = 0;
  for (const { labels: some } of item.fields.values()) labels += some?.length ?? 0;
  return labels;
}
