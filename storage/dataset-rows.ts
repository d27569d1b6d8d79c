import type { JsonObject } from '../domain/labels/index.js';
import { hexOfBytes } from './dialect.js';
import { jsonText, parsed } from './json-columns.js';
import type { SqlValue } from './sql.js';
import type { Dataset, StoredField } from './stores.js';

export interface DatasetRow {
  readonly id: number;
  readonly hex: Buffer;
  readonly name: string;
  readonly media_type: string;
  readonly document: string | null;
  readonly persistent: number;
  readonly mask_targets: string;
  readonly default_mask_targets: string | null;
  readonly group_field: string | null;
  readonly group_media_types: string;
  readonly default_slice: string | null;
  readonly foreign_runs: string | null;
  readonly sample_count: number;
  readonly created_at: number;
  readonly modified_at: number;
}

export const datasetOf = (row: DatasetRow): Dataset => ({
  id: row.id,
  hex: hexOfBytes(row.hex),
  name: row.name,
  mediaType: row.media_type,
  document: parsed<JsonObject>(row.document),
  persistent: row.persistent === 1,
  maskTargets: JSON.parse(row.mask_targets) as Dataset['maskTargets'],
  defaultMaskTargets: parsed<Record<string, string>>(row.default_mask_targets),
  groupField: row.group_field,
  groupMediaTypes: JSON.parse(row.group_media_types) as Dataset['groupMediaTypes'],
  defaultGroupSlice: row.default_slice,
  foreignRuns: parsed<JsonObject>(row.foreign_runs),
  sampleCount: row.sample_count,
  createdAt: row.created_at,
  modifiedAt: row.modified_at,
});

/** The columns that members of a dataset are stored in; members that are absent are left out. */
export function datasetColumns(dataset: Partial<Dataset>): Record<string, SqlValue> {
  const { document, maskTargets, defaultMaskTargets, groupMediaTypes, foreignRuns, persistent } = dataset;
  const columns: Record<string, SqlValue | undefined> = {
    name: dataset.name,
    media_type: dataset.mediaType,
    document: jsonText(document),
    persistent: persistent === undefined ? undefined : Number(persistent),
    mask_targets: jsonText(maskTargets),
    default_mask_targets: jsonText(defaultMaskTargets),
    group_field: dataset.groupField,
    group_media_types: jsonText(groupMediaTypes),
    default_slice: dataset.defaultGroupSlice,
    foreign_runs: jsonText(foreignRuns),
    sample_count: dataset.sampleCount,
    created_at: dataset.createdAt,
    modified_at: dataset.modifiedAt,
  };
  return Object.fromEntries(
    Object.entries(columns).filter((entry): entry is [string, SqlValue] => entry[1] !== undefined),
  );
}

export interface FieldRow {
  readonly id: number;
  readonly dataset_id: number;
  readonly name: string;
  readonly type: string;
  readonly document: string | null;
  readonly label_count: number;
}

export const fieldOf = (row: FieldRow): StoredField => ({
  id: row.id,
  datasetId: row.dataset_id,
  name: row.name,
  type: row.type,
  document: parsed<JsonObject>(row.document),
  labelCount: row.label_count,
});

/** All fields of a dataset, by name. */
export const fieldsSql =
  'SELECT id, dataset_id, name, type, document, label_count FROM field WHERE dataset_id = ? ORDER BY id';
