import type { Storage, Transaction } from '../../storage/stores.js';
import type { Target } from './load-plan.js';
import type { Repeats } from './merge-target.js';
import type { PlacedPage } from './page-units.js';

/**
 * Which keys of new labels are in use elsewhere: on another unit of the page, or on a sample that is not on the page. The
 * merge asks only about new labels, so the keys are counted when it first asks, and the database is asked after the merge.
 */
export class PageRepeats implements Repeats {
  private occurrences: Map<string, number> | null = null;
  private readonly asked = new Set<string>();
  private readonly elsewhere = new Set<string>();

  constructor(private readonly placed: PlacedPage) {}

  isRepeated(key: string): boolean {
    this.asked.add(key);
    this.occurrences ??= occurrencesIn(this.placed);
    return (this.occurrences.get(key) ?? 0) > 1 || this.elsewhere.has(key);
  }

  /** Looks the new labels' keys up in the field; true when some stand on other samples and were not known to. */
  async foundElsewhere(
    storage: Storage,
    tx: Transaction,
    target: Target,
    pageKeys: readonly number[],
  ): Promise<boolean> {
    const unknown = [...this.asked].filter((id) => !this.elsewhere.has(id) && /^[0-9a-f]{24}$/.test(id));
    this.asked.clear();
    if (unknown.length === 0) return false;
    const onPage = new Set(pageKeys);
    const found = (await storage.labels.holders(tx, target.field, unknown)).filter(
      ({ sampleKey }) => !onPage.has(sampleKey),
    );
    for (const { id } of found) this.elsewhere.add(id);
    return found.length > 0;
  }
}

function occurrencesIn(placed: PlacedPage): Map<string, number> {
  const occurrences = new Map<string, number>();
  for (const units of placed.samples.values())
    for (const { unit } of units) {
      const own = new Set<string>();
      for (const part of unit.parts)
        for (const labels of part.labels.values()) for (const { key } of labels) own.add(key);
      for (const key of own) occurrences.set(key, (occurrences.get(key) ?? 0) + 1);
    }
  return occurrences;
}
