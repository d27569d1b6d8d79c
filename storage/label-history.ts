import type { ClassNames } from './class-names.js';
import { bytesOfHex } from './dialect.js';
import { type LabelRecord, labelsOfRecords, recordColumns } from './label-records.js';
import type { FieldLabel } from './label-text.js';
import { sampleRange } from './sample-range.js';
import type { SqlRunner } from './sql.js';

/** A version of a label that is no longer the current one: valid from `validFrom` up to, but not at, `validTo`. */
export interface OldLabel extends FieldLabel {
  readonly validTo: number;
  readonly sampleKey: number;
}

type Row = LabelRecord & { readonly valid_to: number };

const columns = `${recordColumns('h.label_id')}, h.valid_to`;

export interface PastRange {
  readonly datasetId: number;
  readonly fieldIds: readonly number[];
  readonly sampleKeys: readonly number[];
  /** Versions that were replaced after `since` and were there by `until` (event numbers). */
  readonly since: number;
  readonly until: number;
}

export async function readOldLabels(sql: SqlRunner, names: ClassNames, range: PastRange): Promise<OldLabel[]> {
  const samples = sampleRange(sql, 'h.sample_id', range.sampleKeys);
  const old: OldLabel[] = [];
  for (const fieldId of range.fieldIds) {
    const rows = await sql.query<Row>(
      `SELECT ${columns} FROM ${samples.from}label_history h
       WHERE ${samples.where} AND h.field_id = ? AND +h.valid_to > ? AND h.valid_from <= ?`,
      [...samples.params, fieldId, range.since, range.until],
    );
    old.push(...(await oldLabels(sql, names, range.datasetId, rows)));
  }
  return old;
}

/** Old versions of the labels of a field that ever had this id. Without `sampleKeys` the whole history of the field is walked. */
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
  const hex = bytesOfHex(wanted.id);
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
  names: ClassNames,
  datasetId: number,
  rows: readonly Row[],
): Promise<OldLabel[]> {
  const labels = await labelsOfRecords(sql, names, datasetId, rows);
  return labels.map(({ label, row }) => ({ ...label, validTo: row.valid_to, sampleKey: row.sample_id }));
}
