import type { JsonObject, MediaType, Sample } from '../domain/labels/index.js';
import { hexOfBytes } from './dialect.js';
import type { Columns, RowValue } from './insert-rows.js';
import { jsonText, parsed } from './json-columns.js';
import type { StoredSample } from './stores.js';

export interface SampleRow {
  readonly id: number;
  readonly dataset_id: number;
  readonly hex: Buffer;
  readonly path: string;
  readonly media_type: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly metadata: string | null;
  readonly tags: string | null;
  readonly group_hex: Buffer | null;
  readonly slice: string | null;
  readonly extra: string | null;
}

/** What `sampleOf` reads, of `sample s`. */
export const sampleColumns =
  's.id, s.dataset_id, s.hex, s.path, s.media_type, s.width, s.height, s.metadata, s.tags, s.group_hex, s.slice, s.extra';

export const sampleOf = (row: SampleRow): StoredSample => ({
  key: row.id,
  datasetId: row.dataset_id,
  id: hexOfBytes(row.hex),
  path: row.path,
  mediaType: row.media_type as MediaType,
  width: row.width,
  height: row.height,
  metadata: parsed<JsonObject>(row.metadata),
  tags: parsed<string[]>(row.tags) ?? [],
  group: row.group_hex === null ? null : { id: hexOfBytes(row.group_hex), slice: row.slice ?? '' },
  extra: parsed<JsonObject>(row.extra),
});

export const insertedColumns: Columns = {
  id: 'bigint',
  dataset_id: 'bigint',
  hex: 'hex',
  path: 'text',
  media_type: 'text',
  width: 'integer',
  height: 'integer',
  metadata: 'text',
  tags: 'text',
  group_hex: 'hex',
  slice: 'text',
  extra: 'text',
  next_label: 'integer',
  modified_at: 'bigint',
};

export const sampleRow = (sample: Sample, key: number, datasetId: number, labels: number, now: number): RowValue[] => [
  key,
  datasetId,
  sample.id,
  sample.path,
  sample.mediaType,
  sample.width,
  sample.height,
  jsonText(sample.metadata) ?? null,
  sample.tags.length === 0 ? null : JSON.stringify(sample.tags),
  sample.group?.id ?? null,
  sample.group?.slice ?? null,
  jsonText(sample.extra) ?? null,
  labels,
  now,
];
