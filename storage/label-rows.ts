import type { Label } from '../domain/labels/index.js';
import { type Columns, insertRows, type RowValue } from './insert-rows.js';
import { labelKey } from './label-key.js';
import type { DatabaseTransaction } from './sql.js';

const columns: Columns = {
  id: 'bigint',
  sample_id: 'bigint',
  field_id: 'bigint',
  frame: 'integer',
  hex: 'hex',
  class_id: 'bigint',
  geometry: 'text',
  attributes: 'text',
  idx: 'bigint',
  position: 'integer',
  confidence: 'double precision',
  tags: 'text',
  valid_from: 'bigint',
};

/** Where a new label goes. `n` is its number on the sample, which is also its place: it comes after all that are there. */
export interface Place {
  readonly sampleKey: number;
  readonly fieldId: number;
  readonly frame: number;
  readonly n: number;
  readonly event: number;
}

export type LabelRow = readonly RowValue[];

export const labelRow = (label: Label, place: Place, classes: ReadonlyMap<string, number>): LabelRow => [
  labelKey(place.sampleKey, place.n),
  place.sampleKey,
  place.fieldId,
  place.frame,
  label.id,
  classNumber(label.label, classes),
  label.geometry,
  label.attributes,
  label.index,
  place.n,
  label.confidence,
  label.tags,
  place.event,
];

export function classNumber(name: string | null, classes: ReadonlyMap<string, number>): number | null {
  if (name === null) return null;
  const number = classes.get(name);
  if (number === undefined) throw new Error(`class "${name}" has no number yet`);
  return number;
}

/** Adds labels and, where they have masks, who uses which. */
export async function insertLabels(tx: DatabaseTransaction, rows: readonly LabelRow[]): Promise<void> {
  await insertRows(tx, 'label', columns, rows);
  await noteMaskUse(
    tx,
    rows.map((row) => [row[6] as string | null, row[2] as number, row[1] as number]),
  );
}

const maskUse: Columns = { hash: 'hex', field_id: 'bigint', sample_id: 'bigint' };
const maskMember = /"mask":"([0-9a-f]{40})"/;

/**
 * Remembers in which field of which sample a mask was used, so that collecting masks need not walk all labels. A note
 * stays when the label goes: whoever collects looks whether it still holds. Takes [geometry, field id, sample key].
 */
export async function noteMaskUse(
  tx: DatabaseTransaction,
  uses: readonly (readonly [string | null, number, number])[],
): Promise<void> {
  const notes: RowValue[][] = [];
  for (const [geometry, fieldId, sampleKey] of uses) {
    const hash = geometry?.includes('"mask"') ? maskMember.exec(geometry)?.[1] : undefined;
    if (hash !== undefined) notes.push([hash, fieldId, sampleKey]);
  }
  if (notes.length > 0) await insertRows(tx, 'mask_use', maskUse, notes, 'ON CONFLICT DO NOTHING');
}
