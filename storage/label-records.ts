import type { ClassNames } from './class-names.js';
import { hexOfBytes } from './dialect.js';
import type { FieldLabel } from './label-text.js';
import type { SqlRunner } from './sql.js';

/** A row of labels or of their history; `label_id` is the label's key. */
export interface LabelRecord {
  readonly label_id: number;
  readonly sample_id: number;
  readonly field_id: number;
  readonly frame: number;
  readonly hex: Buffer;
  readonly class_id: number | null;
  readonly geometry: string | null;
  readonly attributes: string | null;
  readonly idx: number | null;
  readonly position: number;
  readonly confidence: number | null;
  readonly tags: string | null;
  readonly valid_from: number;
}

/** The columns of a record; `key` is `l.id` of labels and `h.label_id` of the history. */
export function recordColumns(key: 'l.id' | 'h.label_id'): string {
  const row = key.slice(0, 1);
  const rest = [
    'sample_id',
    'field_id',
    'frame',
    'hex',
    'class_id',
    'geometry',
    'attributes',
    'idx',
    'position',
    'confidence',
    'tags',
    'valid_from',
  ];
  return [`${key} AS label_id`, ...rest.map((column) => `${row}.${column}`)].join(', ');
}

/** The labels of rows, in their order. */
export async function labelsOfRecords<R extends LabelRecord>(
  sql: SqlRunner,
  classNames: ClassNames,
  datasetId: number,
  rows: readonly R[],
): Promise<{ readonly label: FieldLabel; readonly row: R }[]> {
  if (rows.length === 0) return [];
  let names = await classNames.names(sql, datasetId);
  const isUnknown = ({ class_id }: R): boolean => class_id !== null && !names.has(class_id);
  if (rows.some(isUnknown)) names = await classNames.names(sql, datasetId, true);
  return rows.map((row) => ({ label: labelOf(row, names), row }));
}

const labelOf = (row: LabelRecord, names: ReadonlyMap<number, string>): FieldLabel => ({
  id: hexOfBytes(row.hex),
  label: row.class_id === null ? null : (names.get(row.class_id) ?? null),
  geometry: row.geometry,
  attributes: row.attributes,
  index: row.idx,
  confidence: row.confidence,
  tags: row.tags,
  key: row.label_id,
  frame: row.frame,
  position: row.position,
  validFrom: row.valid_from,
  fieldId: row.field_id,
});
