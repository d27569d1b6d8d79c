import type { ConflictPolicy } from './types.js';

/**
 * What becomes of one part of a label.
 * - `same`: the dataset holds what came back.
 * - `ours`: only we changed it; the returned value is left behind.
 */
export type Verdict = 'same' | 'ours' | 'accepted' | 'refused' | 'conflict';

/** How the three versions of a part relate. */
export interface Comparison {
  readonly afterIsNow: boolean;
  readonly afterIsBefore: boolean;
  readonly nowIsBefore: boolean;
}

/**
 * The whole policy for an edit. Compatible with FiftyOne, the returned value wins where it is allowed, even where the
 * annotators did not touch it.
 */
export function judge(comparison: Comparison, allowed: boolean, compatible: boolean): Verdict {
  if (comparison.afterIsNow) return 'same';
  if (comparison.afterIsBefore && !(compatible && allowed)) return 'ours';
  if (!allowed) return 'refused';
  return compatible || comparison.nowIsBefore ? 'accepted' : 'conflict';
}

export type Outcome = 'kept ours' | 'took theirs' | 'held';

/** What a policy does with a conflict. */
export const outcomeOf: Readonly<Record<ConflictPolicy, Outcome>> = {
  THEIRS: 'took theirs',
  OURS: 'kept ours',
  HOLD: 'held',
};
