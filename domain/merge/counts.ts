import { CountsDoNotAddUpError } from '../errors/merge-errors.js';
import type { MergeCounts } from './types.js';

export const emptyCounts = (): MergeCounts => ({
  returned: 0,
  sent: 0,
  matched: 0,
  added: 0,
  edited: 0,
  deleted: 0,
  unchanged: 0,
  refused: 0,
  refusedDeletions: 0,
  conflicting: 0,
  conflictingDeletions: 0,
  heldDeletions: 0,
  unexpected: 0,
  invalid: 0,
  notReturned: 0,
});

/** Adds `more` to `sum`, in place. */
export function addCounts(sum: MergeCounts, more: MergeCounts): void {
  for (const key in sum) sum[key as keyof MergeCounts] += more[key as keyof MergeCounts];
}

/** How many returned labels the counts account for. */
export const accountedReturned = (c: MergeCounts): number =>
  c.added +
  c.edited +
  c.unchanged +
  (c.refused - c.refusedDeletions) +
  (c.conflicting - c.conflictingDeletions) +
  c.unexpected +
  c.invalid;

/** How many sent labels the counts account for. */
export const accountedSent = (c: MergeCounts): number =>
  c.matched + c.deleted + c.refusedDeletions + c.conflictingDeletions + c.heldDeletions + c.notReturned;

/**
 * The counting rule: every label that was returned and every label that was sent met exactly one end. Throws
 * COUNTS_DO_NOT_ADD_UP where one is missing or counts twice; the load is then rolled back.
 */
export function checkCounts(counts: MergeCounts): void {
  const returned = accountedReturned(counts);
  if (returned !== counts.returned) throw new CountsDoNotAddUpError('returned', counts.returned, returned);
  const sent = accountedSent(counts);
  if (sent !== counts.sent) throw new CountsDoNotAddUpError('sent', counts.sent, sent);
}
