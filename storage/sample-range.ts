import type { SqlRunner, SqlValue } from './sql.js';

/** Keys in order, without repetitions. */
export const inKeyOrder = (keys: readonly number[]): number[] => [...new Set(keys)].sort((a, b) => a - b);

/** Whether keys in order follow one another without a gap: then they are one range of an index. */
export const areNeighbours = (keys: readonly number[]): boolean =>
  (keys.at(-1) ?? 0) - (keys[0] ?? 0) === keys.length - 1;

/** How a statement names samples: `from` stands before the table, `where` before all other conditions, with these parameters first. */
export interface SampleRange {
  readonly from: string;
  readonly where: string;
  readonly params: readonly SqlValue[];
}

/** Samples by key: one range where they are neighbours, as those of a page mostly are; else a look-up for each, in a pinned order. */
export function sampleRange({ dialect }: SqlRunner, column: string, sampleKeys: readonly number[]): SampleRange {
  const keys = inKeyOrder(sampleKeys);
  if (areNeighbours(keys))
    return { from: '', where: `${column} BETWEEN ? AND ?`, params: [keys[0] ?? 0, keys.at(-1) ?? -1] };
  return {
    from: `${dialect.each()} CROSS JOIN `,
    where: `${column} = ${dialect.item.int}`,
    params: [JSON.stringify(keys)],
  };
}
