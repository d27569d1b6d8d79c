import { isListClass, isSameLabel, type Label } from '../../domain/labels/index.js';
import type { LabelWrites, StoredField, StoredLabel } from '../../storage/stores.js';

/** The labels that a file gives to one image or frame. */
export interface GivenLabels {
  readonly sampleKey: number;
  /** 0 for a whole sample. */
  readonly frame: number;
  readonly labels: readonly Label[];
}

/**
 * How the given labels join those that are there: one with a known id replaces it, others are added behind, and what the
 * file does not name stays. A field of one label takes the given one in place of its own. Null: nothing to write.
 */
export function labelWrites(
  field: StoredField,
  given: GivenLabels,
  current: readonly StoredLabel[] | null,
): LabelWrites | null {
  const { sampleKey, frame, labels } = given;
  const known = new Map((current ?? []).map((label) => [label.id, label]));
  const updates = labels.flatMap((label) => {
    const old = known.get(label.id);
    return old === undefined || isSameLabel(old, label) ? [] : [{ key: old.key, label }];
  });
  const additions = labels.filter(({ id }) => !known.has(id));
  const deletions = isListClass(field.type) || additions.length === 0 ? [] : (current ?? []).map(({ key }) => key);
  const becomesEmptyList = current === null && labels.length === 0 && isListClass(field.type);
  const nothing = updates.length + additions.length === 0 && !becomesEmptyList;
  return nothing ? null : { sampleKey, frame, updates, additions, deletions, becomesEmptyList };
}
