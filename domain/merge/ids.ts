import type { Elsewhere, ReturnedLabel } from './types.js';

/** Decides under which id a new label is stored. */
export class Ids {
  private occurrences: Map<string, number> | null = null;

  constructor(
    private readonly returned: () => Iterable<readonly ReturnedLabel[]>,
    private readonly newId: () => string,
    readonly elsewhere: Elsewhere,
  ) {}

  /**
   * The id that the label brings; a fresh one where its key occurs more than once in what came back (each new one then
   * gets its own), is taken elsewhere, or where the id is in use on its frame.
   */
  idFor(
    { key, label }: ReturnedLabel,
    isInUse: (id: string) => boolean,
  ): { readonly id: string; readonly fresh: boolean } {
    const isFree = !this.isRepeated(key) && !this.elsewhere.isTaken(key) && !isInUse(label.id);
    return isFree ? { id: label.id, fresh: false } : { id: this.newId(), fresh: true };
  }

  private isRepeated(key: string): boolean {
    this.occurrences ??= this.count();
    return (this.occurrences.get(key) ?? 0) > 1;
  }

  private count(): Map<string, number> {
    const occurrences = new Map<string, number>();
    for (const labels of this.returned())
      for (const { key } of labels) occurrences.set(key, (occurrences.get(key) ?? 0) + 1);
    return occurrences;
  }
}
