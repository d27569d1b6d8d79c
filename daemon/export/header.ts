import type { DatasetHeader } from '../../formats/format.js';
import type { Dataset, StoredField } from '../../storage/stores.js';

/** What a format writes before the samples. */
export function headerOf(dataset: Dataset, fields: readonly StoredField[]): DatasetHeader {
  const { name, mediaType, document, persistent, maskTargets, defaultMaskTargets } = dataset;
  const { groupField, groupMediaTypes, defaultGroupSlice, foreignRuns } = dataset;
  return {
    name,
    mediaType,
    document,
    persistent,
    maskTargets,
    defaultMaskTargets,
    groupField,
    groupMediaTypes,
    defaultGroupSlice,
    fields: fields.map(({ name: field, type, document: own }) => ({ name: field, type, document: own })),
    runs: (foreignRuns ?? {}) as DatasetHeader['runs'],
  };
}
