import type { Label } from '../labels/index.js';

/**
 * Finds labels by id while the payload is walked in order. As long as both lists have the same order, the next label is
 * the one asked for and no index is built.
 */
export class LabelFinder {
  private positions: Map<string, number> | null = null;

  /** `next`: the position of the label that is asked for first, as far as is known. */
  constructor(
    private readonly labels: readonly Label[],
    private next = 0,
  ) {}

  /** The position of the label with this id, -1 where there is none. */
  find(id: string): number {
    if (this.labels[this.next]?.id === id) return this.next++;
    this.positions ??= positionsOf(this.labels);
    const position = this.positions.get(id);
    if (position === undefined) return -1;
    this.next = position + 1;
    return position;
  }

  get(id: string): Label | undefined {
    return this.labels[this.find(id)];
  }

  has(id: string): boolean {
    return this.find(id) >= 0;
  }
}

function positionsOf(labels: readonly Label[]): Map<string, number> {
  const positions = new Map<string, number>();
  for (let i = 0; i < labels.length; i++) positions.set((labels[i] as Label).id, i);
  return positions;
}
