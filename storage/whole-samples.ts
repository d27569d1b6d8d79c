import {
  type FieldValue,
  framePrefix,
  isFrameField,
  type WholeFrame,
  type WholeSample,
} from '../domain/labels/index.js';
import type { View } from '../domain/view/view.js';
import { type Content, contentAsOf, presentContent, readMaterial, type Slot } from './as-of.js';
import type { ClassNames } from './class-names.js';
import { type FieldRow, fieldOf, fieldsSql } from './dataset-rows.js';
import { type FrameRow, frameOf } from './frame-rows.js';
import { FieldsByName } from './import-rows.js';
import { samplePages } from './sample-pages.js';
import type { Database, SqlRunner } from './sql.js';
import type { StoredField, StoredLabel, StoredSample } from './stores.js';
import { type LabelChoice, labelChoice } from './view-labels.js';

export interface WholeOptions {
  readonly view?: View | null;
  readonly fields?: readonly string[] | null;
  readonly asOf?: number | null;
  readonly pageSize?: number;
}

const samplesPerPage = 200;
const framesPerPage = 500;

/** What `fields` hold on samples, as of an event or now (null). */
export async function readContent(
  sql: SqlRunner,
  names: ClassNames,
  datasetId: number,
  what: {
    readonly fields: readonly StoredField[];
    readonly sampleKeys: readonly number[];
    readonly asOf: number | null;
    readonly frames?: { readonly from: number; readonly to: number };
    readonly onFrames?: boolean;
  },
): Promise<Content> {
  const { asOf, ...wanted } = what;
  const past = asOf === null ? null : { from: asOf, to: asOf };
  const material = await readMaterial(sql, names, { datasetId, ...wanted, past });
  return asOf === null ? presentContent(material) : contentAsOf(material, asOf);
}

/** Whole samples in the view's order; labels that the view leaves out are left out. */
export async function* wholeSamples(
  database: Database,
  names: ClassNames,
  datasetId: number,
  options: WholeOptions,
): AsyncGenerator<WholeSample & { readonly key: number }> {
  const fields = await chosenFields(database, datasetId, options.fields ?? null, false);
  const choice = { view: options.view ?? null };
  for await (const samples of samplePages(database, datasetId, choice, options.pageSize ?? samplesPerPage)) {
    const keys = samples.map((sample) => sample.key);
    const content = await readContent(database, names, datasetId, {
      fields,
      sampleKeys: keys,
      asOf: options.asOf ?? null,
    });
    const choices = await labelChoices(database, fields, options.view, keys);
    for (const sample of samples) yield { ...sample, fields: valuesAt(content, fields, choices, sample.key, 0, '') };
  }
}

/** Whole frames of the view's videos, in the order of the samples and of their numbers. */
export async function* wholeFrames(
  database: Database,
  names: ClassNames,
  datasetId: number,
  options: WholeOptions,
): AsyncGenerator<WholeFrame> {
  const fields = await chosenFields(database, datasetId, options.fields ?? null, true);
  for await (const samples of samplePages(database, datasetId, { view: options.view ?? null }, samplesPerPage)) {
    const withFrames = await samplesWithFrames(database, samples);
    for (const sample of withFrames) yield* framesOfSample(database, names, sample, fields, options);
  }
}

async function* framesOfSample(
  database: Database,
  names: ClassNames,
  sample: StoredSample,
  fields: readonly StoredField[],
  options: WholeOptions,
): AsyncGenerator<WholeFrame> {
  const choices = await labelChoices(database, fields, options.view, [sample.key]);
  for (let after = 0; ; ) {
    const rows = await database.query<FrameRow>(
      'SELECT sample_id, number, hex, extra FROM frame WHERE sample_id = ? AND number > ? ORDER BY number LIMIT ?',
      [sample.key, after, framesPerPage],
    );
    const frames = { from: after + 1, to: rows.at(-1)?.number ?? after };
    const wanted = { fields, sampleKeys: [sample.key], asOf: options.asOf ?? null, frames, onFrames: true };
    const content = rows.length === 0 ? new Map() : await readContent(database, names, sample.datasetId, wanted);
    for (const row of rows) {
      const { id, number, extra } = frameOf(row);
      yield {
        id,
        number,
        extra,
        sampleId: sample.id,
        fields: valuesAt(content, fields, choices, sample.key, number, framePrefix),
      };
    }
    if (rows.length < framesPerPage) return;
    after = frames.to;
  }
}

async function samplesWithFrames(sql: SqlRunner, samples: readonly StoredSample[]): Promise<readonly StoredSample[]> {
  const { each, item } = sql.dialect;
  const rows = await sql.query<{ id: number }>(
    `SELECT s.id FROM ${each()} CROSS JOIN sample s WHERE s.id = ${item.int} AND EXISTS (SELECT 1 FROM frame n WHERE n.sample_id = s.id)`,
    [JSON.stringify(samples.map((sample) => sample.key))],
  );
  const found = new Set(rows.map(({ id }) => id));
  return samples.filter((sample) => found.has(sample.key));
}

/** UNKNOWN_FIELD for a name that the dataset does not have. */
async function chosenFields(
  sql: SqlRunner,
  datasetId: number,
  names: readonly string[] | null,
  onFrames: boolean,
): Promise<readonly StoredField[]> {
  const fields = (await sql.query<FieldRow>(fieldsSql, [datasetId])).map(fieldOf);
  const byName = new FieldsByName(fields);
  const chosen = names === null ? fields : names.map((name) => byName.get(name));
  return chosen.filter((field) => isFrameField(field.name) === onFrames);
}

async function labelChoices(
  sql: SqlRunner,
  fields: readonly StoredField[],
  view: View | null | undefined,
  keys: readonly number[],
): Promise<ReadonlyMap<number, LabelChoice>> {
  const choices = new Map<number, LabelChoice>();
  for (const field of fields) {
    const choice = await labelChoice(sql, field, view, keys);
    if (choice !== null) choices.set(field.id, choice);
  }
  return choices;
}

function valuesAt(
  content: Content,
  fields: readonly StoredField[],
  choices: ReadonlyMap<number, LabelChoice>,
  sampleKey: number,
  frame: number,
  prefix: string,
): ReadonlyMap<string, FieldValue> {
  const values = new Map<string, FieldValue>();
  for (const field of fields) {
    const slot = content.get(field.id)?.get(sampleKey)?.get(frame);
    if (slot?.filled) values.set(field.name.slice(prefix.length), chosenValue(slot, choices.get(field.id), sampleKey));
  }
  return values;
}

function chosenValue({ labels, value }: Slot, choice: LabelChoice | undefined, sampleKey: number): FieldValue {
  const chosen: readonly StoredLabel[] | null =
    labels === null || choice === undefined ? labels : labels.filter((label) => choice(label, sampleKey));
  return { labels: chosen, value };
}
