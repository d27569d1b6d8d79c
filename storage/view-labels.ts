import type { Label } from '../domain/labels/index.js';
import { isFrameField } from '../domain/labels/index.js';
import { matchesFilter } from '../domain/run/index.js';
import type { View } from '../domain/view/view.js';
import type { SqlRunner } from './sql.js';
import type { StoredField } from './stores.js';
import { clipsOf, storedName } from './view-query.js';

/** Which labels of a field a view takes, filters and clips considered; null: all of them. */
export type LabelChoice = (label: Label & { readonly frame: number }, sampleKey: number) => boolean;

/** The choice for a page of samples. */
export async function labelChoice(
  sql: SqlRunner,
  field: StoredField,
  view: View | null | undefined,
  sampleKeys: readonly number[],
): Promise<LabelChoice | null> {
  const filters = (view?.labels ?? [])
    .filter(({ field: name }) => storedName(view, name) === field.name)
    .map(({ filter }) => filter);
  const clips =
    view?.clips !== undefined && isFrameField(field.name)
      ? await clipsOf(sql, field.datasetId, view.clips, sampleKeys)
      : null;
  if (filters.length === 0 && clips === null) return null;
  return (label, sampleKey) =>
    filters.every((filter) => matchesFilter(label, filter)) &&
    (clips === null ||
      (clips.get(sampleKey) ?? []).some(({ first, last }) => label.frame >= first && label.frame <= last));
}
