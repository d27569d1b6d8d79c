import type { DatabaseTransaction } from './sql.js';

/** One image or frame whose number of labels changes by `added` (may be negative), or that becomes an empty list. */
export interface ListChange {
  readonly sampleKey: number;
  readonly frame: number;
  readonly added: number;
}

/** A new value; null erases. */
export interface ValueChange {
  readonly sampleKey: number;
  readonly frame: number;
  readonly value: string | null;
}

const remember = `INSERT INTO value_history(field_id, sample_id, frame, state, value, valid_from, valid_to, cause)
 SELECT s.field_id, s.sample_id, s.frame, s.state, s.value, s.valid_from, CAST(?2 AS bigint), CAST(?2 AS bigint)`;

/**
 * Keeps count of labels and the state of their field. A list stays a list when its last label goes; a field of a single
 * label is null again. The state before goes to the history, unless it began with this same event.
 */
export async function writeListChanges(
  tx: DatabaseTransaction,
  fieldId: number,
  isList: boolean,
  changes: readonly ListChange[],
  event: number,
): Promise<void> {
  if (changes.length === 0) return;
  const { each, int } = tx.dialect;
  const rows = JSON.stringify(changes.map(({ sampleKey, frame, added }) => [sampleKey, frame, added]));
  const after = isList ? '1' : `CASE WHEN s.labels + ${int(2)} > 0 THEN 1 ELSE 0 END`;
  await tx.run(
    `${remember} FROM ${each('?1')} CROSS JOIN sample_field s
     WHERE s.sample_id = ${int(0)} AND s.field_id = ?3 AND s.frame = ${int(1)} AND s.valid_from < ?2 AND s.state <> ${after}`,
    [rows, event, fieldId],
  );
  const total = 'sample_field.labels + excluded.labels';
  const filled = isList ? '1' : `CASE WHEN ${total} > 0 THEN 1 ELSE 0 END`;
  await tx.run(
    `INSERT INTO sample_field(sample_id, field_id, frame, state, value, labels, valid_from)
     SELECT ${int(0)}, CAST(?3 AS bigint), ${int(1)}, 1, NULL, ${int(2)}, CAST(?2 AS bigint) FROM ${each('?1')} WHERE true
     ON CONFLICT(sample_id, field_id, frame) DO UPDATE SET labels = ${total}, state = ${filled},
       valid_from = CASE WHEN sample_field.state <> ${filled} THEN excluded.valid_from ELSE sample_field.valid_from END`,
    [rows, event, fieldId],
  );
  await countLabels(
    tx,
    fieldId,
    changes.reduce((sum, { added }) => sum + added, 0),
  );
}

/** Writes scalars, opaque values and what label lists hold besides labels; equal values are left alone. */
export async function writeValues(
  tx: DatabaseTransaction,
  fieldId: number,
  changes: readonly ValueChange[],
  event: number,
): Promise<void> {
  await writeStates(
    tx,
    fieldId,
    changes.map((change) => ({ ...change, filled: change.value !== null })),
    event,
  );
}

/** Sets state and value; what was there goes to the history. Counts of labels stay. */
export async function writeStates(
  tx: DatabaseTransaction,
  fieldId: number,
  changes: readonly (ValueChange & { readonly filled: boolean })[],
  event: number,
): Promise<void> {
  if (changes.length === 0) return;
  const { each, int, text } = tx.dialect;
  const rows = JSON.stringify(
    changes.map(({ sampleKey, frame, value, filled }) => [sampleKey, frame, value, filled ? 1 : 0]),
  );
  const differs = (value: string, state: string): string =>
    `(s.value IS DISTINCT FROM ${value} OR s.state <> ${state})`;
  await tx.run(
    `${remember} FROM ${each('?1')} CROSS JOIN sample_field s
     WHERE s.sample_id = ${int(0)} AND s.field_id = ?3 AND s.frame = ${int(1)} AND s.valid_from < ?2 AND ${differs(text(2), int(3))}`,
    [rows, event, fieldId],
  );
  await tx.run(
    `INSERT INTO sample_field AS s (sample_id, field_id, frame, state, value, labels, valid_from)
     SELECT ${int(0)}, CAST(?3 AS bigint), ${int(1)}, ${int(3)}, ${text(2)}, 0, CAST(?2 AS bigint) FROM ${each('?1')} WHERE true
     ON CONFLICT(sample_id, field_id, frame) DO UPDATE SET value = excluded.value, state = excluded.state, valid_from = excluded.valid_from
     WHERE ${differs('excluded.value', 'excluded.state')}`,
    [rows, event, fieldId],
  );
}

/** The field's counter of labels, so that nobody has to count millions. */
export async function countLabels(tx: DatabaseTransaction, fieldId: number, added: number): Promise<void> {
  if (added !== 0) await tx.run('UPDATE field SET label_count = label_count + ? WHERE id = ?', [added, fieldId]);
}

/** Moves the samples' counters on by what each needs and says where they stood. Marks the samples as changed. */
export async function takeNumbers(
  tx: DatabaseTransaction,
  wanted: ReadonlyMap<number, number>,
  now: number,
): Promise<ReadonlyMap<number, number>> {
  if (wanted.size === 0) return new Map();
  const { each, int } = tx.dialect;
  const rows = await tx.run<{ id: number; next_label: number }>(
    `UPDATE sample SET next_label = next_label + ${int(1)}, modified_at = ?2 FROM ${each('?1')} WHERE sample.id = ${int(0)} RETURNING sample.id, sample.next_label`,
    [JSON.stringify([...wanted]), now],
  );
  return new Map(rows.map(({ id, next_label }) => [id, next_label - (wanted.get(id) ?? 0)]));
}

/** Keeps the states of all fields of samples that are about to be deleted. */
export async function rememberStates(
  tx: DatabaseTransaction,
  sampleKeys: readonly number[],
  event: number,
): Promise<void> {
  const { each, item } = tx.dialect;
  await tx.run(
    `${remember} FROM ${each('?1')} CROSS JOIN sample_field s WHERE s.sample_id = ${item.int} AND s.valid_from < ?2`,
    [JSON.stringify(sampleKeys), event],
  );
}
