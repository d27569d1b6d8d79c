import { isFrameField, isListClass } from '../domain/labels/index.js';
import type { ClassNames } from './class-names.js';
import { addFrames } from './frame-rows.js';
import { sampleOfLabel } from './label-key.js';
import { classNumber, insertLabels, type LabelRow, labelRow, noteMaskUse } from './label-rows.js';
import type { DatabaseTransaction } from './sql.js';
import { type ListChange, takeNumbers, writeListChanges } from './state-writer.js';
import type { LabelWrites, StoredField } from './stores.js';

type Update = LabelWrites['updates'][number];

/** Writes label changes of one field. Each old version goes to the history by one statement that never brings it here. */
export async function writeLabels(
  tx: DatabaseTransaction,
  names: ClassNames,
  field: StoredField,
  writes: readonly LabelWrites[],
  now: number,
): Promise<void> {
  if (writes.every(isNothing)) return;
  const updates = writes.flatMap((write) => write.updates);
  const deletions = writes.flatMap((write) => write.deletions);
  const given = [...updates.map(({ label }) => label), ...writes.flatMap((write) => write.additions)];
  const classes = await names.numbers(
    tx,
    field.datasetId,
    given.flatMap(({ label }) => (label === null ? [] : [label])),
  );
  const event = await tx.eventNumber();
  await keepOldVersions(tx, [...updates.map(({ key }) => key), ...deletions], event);
  await deleteLabels(tx, deletions);
  await updateLabels(tx, field, updates, classes, event);
  await addLabels(tx, field, writes, classes, event, now);
  await writeListChanges(tx, field.id, isListClass(field.type), listChanges(writes), event);
}

const isNothing = (write: LabelWrites): boolean =>
  write.updates.length === 0 && write.additions.length === 0 && write.deletions.length === 0 && !write.becomesEmptyList;

/** Moves nothing: copies the versions as they are. One that began with this same event was never seen and is not kept. */
export async function keepOldVersions(tx: DatabaseTransaction, keys: readonly number[], event: number): Promise<void> {
  if (keys.length === 0) return;
  const { each, item } = tx.dialect;
  await tx.run(
    `INSERT INTO label_history(field_id, sample_id, frame, label_id, hex, class_id, geometry, attributes, idx, position, confidence, tags, valid_from, valid_to, cause)
     SELECT l.field_id, l.sample_id, l.frame, l.id, l.hex, l.class_id, l.geometry, l.attributes, l.idx, l.position, l.confidence, l.tags, l.valid_from, CAST(?2 AS bigint), CAST(?2 AS bigint)
     FROM ${each('?1')} CROSS JOIN label l WHERE l.id = ${item.int} AND l.valid_from < ?2`,
    [JSON.stringify(keys), event],
  );
}

export async function deleteLabels(tx: DatabaseTransaction, keys: readonly number[]): Promise<void> {
  if (keys.length === 0) return;
  const { each, item } = tx.dialect;
  await tx.run(`DELETE FROM label WHERE id IN (SELECT ${item.int} FROM ${each()})`, [JSON.stringify(keys)]);
}

/** Puts old versions back under their old keys, as versions that begin now. */
export async function restoreLabels(
  tx: DatabaseTransaction,
  fieldId: number,
  versions: readonly { readonly key: number; readonly frame: number; readonly validTo: number | null }[],
  event: number,
): Promise<void> {
  if (versions.length === 0) return;
  const { each, int } = tx.dialect;
  await tx.run(
    `INSERT INTO label(id, sample_id, field_id, frame, hex, class_id, geometry, attributes, idx, position, confidence, tags, valid_from)
     SELECT h.label_id, h.sample_id, h.field_id, h.frame, h.hex, h.class_id, h.geometry, h.attributes, h.idx, h.position, h.confidence, h.tags, CAST(?2 AS bigint)
     FROM ${each('?1')} CROSS JOIN label_history h
     WHERE h.field_id = ?3 AND h.sample_id = ${int(0)} AND h.frame = ${int(1)} AND h.label_id = ${int(2)} AND h.valid_to = ${int(3)}`,
    [
      JSON.stringify(versions.map(({ key, frame, validTo }) => [sampleOfLabel(key), frame, key, validTo])),
      event,
      fieldId,
    ],
  );
}

/** By integer key: by a composite key SQLite would walk the whole field. */
async function updateLabels(
  tx: DatabaseTransaction,
  field: StoredField,
  updates: readonly Update[],
  classes: ReadonlyMap<string, number>,
  event: number,
): Promise<void> {
  if (updates.length === 0) return;
  const { each, int, text } = tx.dialect;
  const rows = updates.map(({ key, label }) => [
    key,
    classNumber(label.label, classes),
    label.geometry,
    label.attributes,
    label.index,
  ]);
  await tx.run(
    `UPDATE label SET class_id = ${int(1)}, geometry = ${text(2)}, attributes = ${text(3)}, idx = ${int(4)}, valid_from = ?2
     FROM ${each('?1')} WHERE label.id = ${int(0)}`,
    [JSON.stringify(rows), event],
  );
  await noteMaskUse(
    tx,
    updates.map(({ key, label }) => [label.geometry, field.id, sampleOfLabel(key)]),
  );
  await updateRest(
    tx,
    updates.filter(({ whole }) => whole !== undefined && whole !== false),
  );
}

interface Rest {
  readonly id: number;
  readonly confidence: number | null;
  readonly tags: string | null;
}

/**
 * Confidence and tags, which annotators hardly ever change: what differs is found first and written one by one, because
 * SQLite's JSON numbers are not exact.
 */
async function updateRest(tx: DatabaseTransaction, updates: readonly Update[]): Promise<void> {
  if (updates.length === 0) return;
  const { each, item } = tx.dialect;
  const rows = await tx.run<Rest>(
    `SELECT l.id, l.confidence, l.tags FROM ${each()} CROSS JOIN label l WHERE l.id = ${item.int}`,
    [JSON.stringify(updates.map(({ key }) => key))],
  );
  const stored = new Map(rows.map((row) => [row.id, row]));
  for (const { key, label, whole } of updates) {
    const now = stored.get(key);
    const kept = whole === 'given' ? now : undefined;
    const [confidence, tags] = [label.confidence ?? kept?.confidence ?? null, label.tags ?? kept?.tags ?? null];
    if (now === undefined || (now.confidence === confidence && now.tags === tags)) continue;
    await tx.run('UPDATE label SET confidence = ?, tags = ? WHERE id = ?', [confidence, tags, key]);
  }
}

/** New labels come after all that are there: their place is their number, and numbers only grow. */
async function addLabels(
  tx: DatabaseTransaction,
  field: StoredField,
  writes: readonly LabelWrites[],
  classes: ReadonlyMap<string, number>,
  event: number,
  now: number,
): Promise<void> {
  const numbers = new Map(await takeNumbers(tx, additionsBySample(writes), now));
  const rows: LabelRow[] = [];
  for (const { sampleKey, frame, additions } of writes) {
    let n = numbers.get(sampleKey) ?? 0;
    for (const label of additions)
      rows.push(labelRow(label, { sampleKey, fieldId: field.id, frame, n: n++, event }, classes));
    numbers.set(sampleKey, n);
  }
  if (isFrameField(field.name))
    await addFrames(
      tx,
      writes.filter(({ additions, becomesEmptyList }) => additions.length > 0 || becomesEmptyList),
    );
  await insertLabels(tx, rows);
}

/** Zero for samples where labels only change: they are marked as changed. */
function additionsBySample(writes: readonly LabelWrites[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const write of writes) {
    if (!isNothing(write)) counts.set(write.sampleKey, (counts.get(write.sampleKey) ?? 0) + write.additions.length);
  }
  return counts;
}

const listChanges = (writes: readonly LabelWrites[]): ListChange[] =>
  writes
    .map(({ sampleKey, frame, additions, deletions, becomesEmptyList }) => ({
      sampleKey,
      frame,
      added: additions.length - deletions.length,
      counts: additions.length > 0 || deletions.length > 0 || becomesEmptyList,
    }))
    .filter(({ counts }) => counts);
