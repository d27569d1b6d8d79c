import type { ClassNames } from './class-names.js';
import { cursorOf, placeOf } from './cursor.js';
import { bytesOfHex } from './dialect.js';
import { readVersionsOf } from './label-history.js';
import { type LabelRecord, labelsOfRecords, recordColumns } from './label-records.js';
import type { SqlRunner } from './sql.js';
import type { Page, Paged, StoredField, StoredLabel } from './stores.js';

/** A label as it was from event `validFrom` to before event `validTo`; null: as it is now. */
export type LabelVersion = StoredLabel & { readonly validTo: number | null; readonly sampleKey: number };

/** All versions of the labels with this id in a field (an id can be on several samples), by sample, frame and age, oldest first. */
export async function labelVersions(
  sql: SqlRunner,
  names: ClassNames,
  datasetId: number,
  field: StoredField,
  labelId: string,
  page: Page,
): Promise<Paged<LabelVersion>> {
  const current = await currentVersions(sql, names, datasetId, field, labelId);
  const samples = current.length === 0 ? null : [...new Set(current.map(({ sampleKey }) => sampleKey))];
  const old = await readVersionsOf(sql, names, { datasetId, fieldId: field.id, id: labelId, sampleKeys: samples });
  const versions = [...old, ...current].sort((a, b) => compare(placeIn(a), placeIn(b)));
  const after = placeOf(page.after, 'versions', 3);
  const rest =
    after === null ? versions : versions.filter((version) => compare(placeIn(version), after.map(Number)) > 0);
  return {
    items: rest.slice(0, page.first).map((item) => ({ cursor: cursorOf('versions', placeIn(item)), item })),
    hasMore: rest.length > page.first,
  };
}

const placeIn = ({ sampleKey, frame, validFrom }: LabelVersion): readonly number[] => [sampleKey, frame, validFrom];

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return (a[i] ?? 0) - (b[i] ?? 0);
  return 0;
}

async function currentVersions(
  sql: SqlRunner,
  names: ClassNames,
  datasetId: number,
  field: StoredField,
  labelId: string,
): Promise<LabelVersion[]> {
  const rows = await sql.query<LabelRecord>(
    `SELECT ${recordColumns('l.id')} FROM label l WHERE l.hex = ? AND l.field_id = ?`,
    [bytesOfHex(labelId), field.id],
  );
  const labels = await labelsOfRecords(sql, names, datasetId, rows);
  return labels.map(({ label, row }) => ({ ...label, validTo: null, sampleKey: row.sample_id }));
}
