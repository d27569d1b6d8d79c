import type { Label } from '../labels/index.js';
import type { FrameMerge } from './types.js';

/**
 * The labels of an image or frame after a merge, in order; null where the field stays null. A field of one label that
 * ends empty is null in the dataset.
 */
export function applyMerge(current: readonly Label[] | null, merge: FrameMerge): readonly Label[] | null {
  if (current === null && merge.additions.length === 0 && !merge.becomesEmptyList) return null;
  const updates = new Map(merge.updates.map((label) => [label.id, label]));
  const gone = new Set(merge.deletions);
  const kept = (current ?? []).filter(({ id }) => !gone.has(id)).map((label) => updates.get(label.id) ?? label);
  return [...kept, ...merge.additions];
}
