import { NotFoundError } from '../domain/errors/index.js';
import {
  type FieldValue,
  framePrefix,
  type PackedMask,
  type WholeFrame,
  type WholeSample,
} from '../domain/labels/index.js';
import type { ClassNames } from './class-names.js';
import { type FieldRow, fieldOf, fieldsSql } from './dataset-rows.js';
import { hexOfBytes } from './dialect.js';
import { addFrames } from './frame-rows.js';
import { FieldsByName, ImportRows } from './import-rows.js';
import { insertRows } from './insert-rows.js';
import { putMasks } from './mask-store.js';
import { type Replacement, replaceValues } from './replace-values.js';
import { insertedColumns, sampleRow } from './sample-rows.js';
import type { DatabaseTransaction } from './sql.js';
import { takeNumbers } from './state-writer.js';
import type { StoredField } from './stores.js';

/** One import of a page into a dataset. */
export interface ImportPage {
  readonly tx: DatabaseTransaction;
  readonly names: ClassNames;
  readonly datasetId: number;
  readonly merge: boolean;
  readonly masks: readonly PackedMask[];
}

/** Adds samples that are new; of those that exist, replaces the given fields if `merge`. */
export async function importSamples(
  page: ImportPage,
  samples: readonly WholeSample[],
): Promise<{ added: number; updated: number; labels: number }> {
  const { tx, datasetId } = page;
  const fields = await fieldsByName(page);
  const known = await keysOf(
    page,
    samples.map((sample) => sample.id),
  );
  const added = firstOfEach(samples.filter((sample) => !known.has(sample.id)));
  await putMasks(tx, page.masks);
  const keys = await addSamples(page, fields, added.samples);
  const again = [...samples.filter((sample) => known.has(sample.id)), ...added.repeated];
  const updated = page.merge ? again : [];
  const replaced = await replaceAll(
    page,
    updated.flatMap((sample) => {
      const sampleKey = known.get(sample.id) ?? keys.keys.get(sample.id) ?? 0;
      return [...sample.fields].map(([name, value]) => ({
        field: fields.get(name),
        sampleKey,
        sample: sample.id,
        frame: 0,
        value,
      }));
    }),
  );
  if (added.samples.length > 0)
    await tx.run('UPDATE dataset SET sample_count = sample_count + ?, modified_at = ? WHERE id = ?', [
      added.samples.length,
      Date.now(),
      datasetId,
    ]);
  return { added: added.samples.length, updated: updated.length, labels: keys.labels + replaced };
}

/** Adds frames that are new; of those that exist, replaces the given fields if `merge`. NOT_FOUND for samples that do not exist. */
export async function importFrames(
  page: ImportPage,
  frames: readonly WholeFrame[],
): Promise<{ frames: number; labels: number }> {
  const { tx, names, datasetId } = page;
  const fields = await fieldsByName(page);
  const keys = await keysOf(
    page,
    frames.map((frame) => frame.sampleId),
  );
  const placed = frames.map((frame) => ({ frame, sampleKey: keyOf(keys, frame.sampleId) }));
  const known = await knownFrames(page, new Set(keys.values()));
  const fresh = placed.filter(({ frame, sampleKey }) => !known.has(`${sampleKey} ${frame.number}`));
  await putMasks(tx, page.masks);
  const event = await tx.eventNumber();
  await addFrames(
    tx,
    fresh.map(({ frame, sampleKey }) => ({ sampleKey, frame: frame.number, id: frame.id, extra: frame.extra })),
  );
  const rows = new ImportRows(await takeNumbers(tx, labelsPerSampleOf(fresh), Date.now()));
  for (const { frame, sampleKey } of fresh)
    for (const [name, value] of frame.fields)
      rows.add({ sampleKey, sample: frame.sampleId, frame: frame.number }, fields.get(framePrefix + name), value);
  await rows.write(tx, names, datasetId, event);
  const again = page.merge ? placed.filter(({ frame, sampleKey }) => known.has(`${sampleKey} ${frame.number}`)) : [];
  const replaced = await replaceAll(
    page,
    again.flatMap(({ frame, sampleKey }) =>
      [...frame.fields].map(([name, value]) => ({
        field: fields.get(framePrefix + name),
        sampleKey,
        sample: frame.sampleId,
        frame: frame.number,
        value,
      })),
    ),
  );
  return { frames: fresh.length + again.length, labels: rows.labels + replaced };
}

/** An id that a page names twice is added once; the repetition counts as a sample that exists. */
function firstOfEach(samples: readonly WholeSample[]): { samples: WholeSample[]; repeated: WholeSample[] } {
  const seen = new Set<string>();
  const first: WholeSample[] = [];
  const repeated: WholeSample[] = [];
  for (const sample of samples) {
    (seen.has(sample.id) ? repeated : first).push(sample);
    seen.add(sample.id);
  }
  return { samples: first, repeated };
}

async function addSamples(
  page: ImportPage,
  fields: FieldsByName,
  samples: readonly WholeSample[],
): Promise<{ keys: ReadonlyMap<string, number>; labels: number }> {
  const { tx, names, datasetId } = page;
  if (samples.length === 0) return { keys: new Map(), labels: 0 };
  const event = await tx.eventNumber();
  const keys = await newKeys(tx, samples.length);
  const rows = new ImportRows();
  for (const [i, sample] of samples.entries())
    for (const [name, value] of sample.fields)
      rows.add({ sampleKey: keys[i] ?? 0, sample: sample.id, frame: 0 }, fields.get(name), value);
  const now = Date.now();
  await insertRows(
    tx,
    'sample',
    insertedColumns,
    samples.map((sample, i) => sampleRow(sample, keys[i] ?? 0, datasetId, rows.numberOf(keys[i] ?? 0), now)),
  );
  await rows.write(tx, names, datasetId, event);
  return { keys: new Map(samples.map((sample, i) => [sample.id, keys[i] ?? 0])), labels: rows.labels };
}

/** Keys in the order of the file: it is the order of the samples for ever. */
async function newKeys(tx: DatabaseTransaction, count: number): Promise<number[]> {
  if (tx.engine === 'postgres') {
    const rows = await tx.run<{ id: number }>(
      "SELECT nextval(pg_get_serial_sequence('sample', 'id')) AS id FROM generate_series(1, ?::int)",
      [count],
    );
    return rows.map(({ id }) => id).sort((a, b) => a - b);
  }
  const [row] = await tx.run<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'sample'");
  return Array.from({ length: count }, (_, i) => (row?.seq ?? 0) + 1 + i);
}

async function fieldsByName({ tx, datasetId }: ImportPage): Promise<FieldsByName> {
  return new FieldsByName((await tx.run<FieldRow>(fieldsSql, [datasetId])).map(fieldOf));
}

async function keysOf({ tx, datasetId }: ImportPage, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const { each, item } = tx.dialect;
  const rows = await tx.run<{ id: number; hex: Buffer }>(
    `SELECT s.id, s.hex FROM ${each()} CROSS JOIN sample s WHERE s.dataset_id = ? AND s.hex = ${item.hex}`,
    [JSON.stringify([...new Set(ids)]), datasetId],
  );
  return new Map(rows.map((row) => [hexOfBytes(row.hex), row.id]));
}

function keyOf(keys: ReadonlyMap<string, number>, sampleId: string): number {
  const key = keys.get(sampleId);
  if (key === undefined)
    throw new NotFoundError('sample', sampleId, 'Frames are imported after the samples they belong to.');
  return key;
}

async function knownFrames({ tx }: ImportPage, keys: ReadonlySet<number>): Promise<ReadonlySet<string>> {
  const { each, item } = tx.dialect;
  const rows = await tx.run<{ sample_id: number; number: number }>(
    `SELECT n.sample_id, n.number FROM ${each()} CROSS JOIN frame n WHERE n.sample_id = ${item.int}`,
    [JSON.stringify([...keys])],
  );
  return new Set(rows.map((row) => `${row.sample_id} ${row.number}`));
}

function labelsPerSampleOf(
  placed: readonly { readonly frame: WholeFrame; readonly sampleKey: number }[],
): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { frame, sampleKey } of placed) {
    let count = counts.get(sampleKey) ?? 0;
    for (const value of frame.fields.values()) count += value.labels?.length ?? 0;
    counts.set(sampleKey, count);
  }
  return counts;
}

async function replaceAll(
  page: ImportPage,
  replacements: readonly (Replacement & { readonly field: StoredField; readonly value: FieldValue })[],
): Promise<number> {
  const byField = new Map<StoredField, Replacement[]>();
  for (const { field, ...replacement } of replacements) {
    const list = byField.get(field) ?? [];
    list.push(replacement);
    byField.set(field, list);
  }
  let labels = 0;
  for (const [field, list] of byField) labels += await replaceValues(page.tx, page.names, field, list, Date.now());
  return labels;
}
