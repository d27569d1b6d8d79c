import type { ClassNames } from './class-names.js';
import { hexOfBytes } from './dialect.js';
import type { FieldLabel } from './label-text.js';
import type { SqlRunner } from './sql.js';

/** A version of a label that is no longer the current one: valid from `validFrom` up to, but not at, `validTo`. */
export interface OldLabel extends FieldLabel {
  readonly validTo: number;
  readonly sampleKey: number;
}

interface Row {
  readonly sample_id: number;
  readonly field_id: number;
  readonly frame: number;
  readonly label_id: number;
  readonly hex: Buffer;
  readonly class_id: number | null;
  readonly geometry: string | null;
  readonly attributes: string | null;
  readonly idx: number | null;
  readonly position: number;
  readonly confidence: number | null;
  readonly tags: string | null;
  readonly valid_from: number;
  readonly valid_to: number;
}

const columns =
  'h.sample_id, h.field_id, h.frame, h.label_id, h.hex, h.class_id, h.geometry, h.attributes, h.idx, h.position, h.confidence, h.tags, h.valid_from, h.valid_to';

/** Versions that were replaced after `since` and were there by `until`. */
export async function readOldLabels(
  sql: SqlRunner,
  names: ClassNames,
  range: {
    readonly datasetId: number;
    readonly fieldIds: readonly number[];
    readonly sampleKeys: readonly number[];
    readonly since: number;
    readonly until: number;
  },
): Promise<OldLabel[]> {
  const { each, item } = sql.dialect;
  const old: OldLabel[] = [];
  for (const fieldId of range.fieldIds) {
    const rows = await sql.query<Row>(
      `SELECT ${columns} FROM ${each()} CROSS JOIN label_history h
       WHERE h.field_id = ? AND h.sample_id = ${item.int} AND h.valid_to > ? AND h.valid_from <= ?`,
      [JSON.stringify(range.sampleKeys), fieldId, range.since, range.until],
    );
    old.push(...(await oldLabels(sql, names, range.datasetId, rows)));
  }
  return old;
}

/** Old versions of the labels of a field that ever had this id; `sampleKey` narrows it down, without it the field's history is walked. */
export async function readVersionsOf(
  sql: SqlRunner,
  names: ClassNames,
  wanted: {
    readonly datasetId: number;
    readonly fieldId: number;
    readonly id: string;
    readonly sampleKeys: readonly number[] | null;
  },
): Promise<OldLabel[]> {
  const { each, item } = sql.dialect;
  const hex = Buffer.from(wanted.id, 'hex');
  const rows =
    wanted.sampleKeys === null
      ? await sql.query<Row>(`SELECT ${columns} FROM label_history h WHERE h.field_id = ? AND h.hex = ?`, [
          wanted.fieldId,
          hex,
        ])
      : await sql.query<Row>(
          `SELECT ${columns} FROM ${each()} CROSS JOIN label_history h WHERE h.field_id = ? AND h.sample_id = ${item.int} AND h.hex = ?`,
          [JSON.stringify(wanted.sampleKeys), wanted.fieldId, hex],
        );
  return oldLabels(sql, names, wanted.datasetId, rows);
}

async function oldLabels(
  sql: SqlRunner,
  classNames: ClassNames,
  datasetId: number,
  rows: readonly Row[],
): Promise<OldLabel[]> {
  if (rows.length === 0) return [];
  let names = await classNames.names(sql, datasetId);
  if (rows.some(({ class_id }) => class_id !== null && !names.has(class_id)))
    names = await classNames.names(sql, datasetId, true);
  return rows.map((row) => oldLabel(row, names));
}

const oldLabel = (row: Row, names: ReadonlyMap<number, string>): OldLabel => ({
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
  validTo: row.valid_to,
  fieldId: row.field_id,
  sampleKey: row.sample_id,
});
