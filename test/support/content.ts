import type { FieldValue, Label, WholeFrame, WholeSample } from '../../domain/labels/index.js';
import type { Database } from '../../storage/database.js';
import { SqlDatasetStore } from '../../storage/dataset-store.js';
import { SqlLabelStore } from '../../storage/label-store.js';
import { SqlMaskStore } from '../../storage/mask-store.js';
import { SqlSampleStore } from '../../storage/sample-store.js';
import type { Dataset, LabelWrites, StoredField, Transaction, ValueVersions } from '../../storage/stores.js';
import { newHex } from './rows.js';

/** A box with the class "cat", unless told otherwise. */
export const label = (given: Partial<Label> = {}): Label => ({
  id: newHex(),
  label: 'cat',
  geometry: '{"bounding_box":[0.1,0.2,0.3,0.4]}',
  attributes: null,
  index: null,
  confidence: null,
  tags: null,
  ...given,
});

export const list = (...labels: readonly Label[]): FieldValue => ({ labels, value: null });
export const scalar = (value: string): FieldValue => ({ labels: null, value });

/** An image of 640 x 480 without anything in it. */
export function sample(
  fields: Readonly<Record<string, FieldValue>> = {},
  given: Partial<WholeSample> = {},
): WholeSample {
  const id = given.id ?? newHex();
  return {
    id,
    path: `/media/${id}.jpg`,
    mediaType: 'image',
    width: 640,
    height: 480,
    metadata: null,
    tags: [],
    group: null,
    extra: null,
    ...given,
    fields: new Map(Object.entries(fields)),
  };
}

export const frame = (
  sampleId: string,
  number: number,
  fields: Readonly<Record<string, FieldValue>> = {},
): WholeFrame => ({
  id: newHex(),
  number,
  extra: null,
  sampleId,
  fields: new Map(Object.entries(fields)),
});

/** A dataset with its stores. Every write is a transaction with one event. */
export class Stage {
  readonly datasets: SqlDatasetStore;
  readonly samples: SqlSampleStore;
  readonly labels: SqlLabelStore;
  readonly masks: SqlMaskStore;

  private constructor(
    readonly database: Database,
    readonly dataset: Dataset,
  ) {
    this.datasets = new SqlDatasetStore(database);
    this.samples = new SqlSampleStore(database);
    this.labels = new SqlLabelStore(database);
    this.masks = new SqlMaskStore(database);
  }

  /** An empty dataset with these fields (name to type). */
  static async on(
    database: Database,
    fields: Readonly<Record<string, string>> = {},
    given: Partial<Dataset> = {},
  ): Promise<Stage> {
    const datasets = new SqlDatasetStore(database);
    const dataset = await database.transaction((tx) => datasets.create(tx, newDataset(given)));
    const stage = new Stage(database, dataset);
    for (const [name, type] of Object.entries(fields)) await stage.addField(name, type);
    return stage;
  }

  addField(name: string, type: string): Promise<StoredField> {
    return this.write((tx) => this.datasets.ensureField(tx, this.dataset.id, { name, type, document: null }));
  }

  async field(name: string): Promise<StoredField> {
    const found = (await this.datasets.fields(this.dataset.id)).find((field) => field.name === name);
    if (found === undefined) throw new Error(`the stage has no field ${name}`);
    return found;
  }

  write<T>(work: (tx: Transaction) => Promise<T>, operationId: number | null = null): Promise<T> {
    return this.database.transaction((tx) => {
      tx.emit({ kind: 'TEST', datasetId: this.dataset.id, operationId, detail: {} });
      return work(tx);
    });
  }

  add(...samples: readonly WholeSample[]) {
    return this.write((tx) => this.samples.insertWhole(tx, this.dataset.id, samples, []));
  }

  addFrames(...frames: readonly WholeFrame[]) {
    return this.write((tx) => this.samples.insertFrames(tx, this.dataset.id, frames, []));
  }

  /** The number of the last event. */
  async now(): Promise<number> {
    const [row] = await this.database.query<{ newest: number | null }>('SELECT max(number) AS newest FROM event');
    return row?.newest ?? 0;
  }

  async keyOf(sampleId: string): Promise<number> {
    return (await this.samples.byHex(this.dataset.id, [sampleId]))[0]?.key ?? 0;
  }

  /** Present and base of a field on one image or frame. */
  async versions(name: string, sampleKey: number, base: number, frameNumber = 0): Promise<ValueVersions | undefined> {
    const field = await this.field(name);
    const versions = await this.database.transaction((tx) => this.labels.versions(tx, field, [sampleKey], base));
    return versions.get(sampleKey)?.get(frameNumber);
  }

  /** Changes labels of one image or frame. `update` and `remove` name labels by id. */
  async change(
    name: string,
    sampleKey: number,
    what: Change,
    frameNumber = 0,
    operationId: number | null = null,
  ): Promise<void> {
    const field = await this.field(name);
    await this.write(async (tx) => {
      const versions = await this.labels.versions(tx, field, [sampleKey], 0);
      const current = versions.get(sampleKey)?.get(frameNumber)?.current ?? [];
      const keyOf = (id: string): number => current.find((other) => other.id === id)?.key ?? 0;
      const writes: LabelWrites = {
        sampleKey,
        frame: frameNumber,
        updates: (what.update ?? []).map((updated) => ({ key: keyOf(updated.id), label: updated })),
        additions: what.add ?? [],
        deletions: (what.remove ?? []).map(keyOf),
        becomesEmptyList: what.becomesEmptyList ?? false,
      };
      await this.labels.write(tx, field, [writes]);
    }, operationId);
  }

  async whole(options: Parameters<SqlSampleStore['whole']>[1] = {}): Promise<WholeSample[]> {
    const samples: WholeSample[] = [];
    for await (const { key: _key, datasetId: _dataset, ...whole } of this.samples.whole(
      this.dataset.id,
      options,
    ) as AsyncIterable<WholeSample & { key: number; datasetId: number }>)
      samples.push({ ...whole, fields: plainFields(whole.fields) });
    return samples;
  }

  async wholeFrames(options: Parameters<SqlSampleStore['wholeFrames']>[1] = {}): Promise<WholeFrame[]> {
    const frames: WholeFrame[] = [];
    for await (const whole of this.samples.wholeFrames(this.dataset.id, options))
      frames.push({ ...whole, fields: plainFields(whole.fields) });
    return frames;
  }
}

export interface Change {
  readonly update?: readonly Label[];
  readonly add?: readonly Label[];
  readonly remove?: readonly string[];
  readonly becomesEmptyList?: boolean;
}

/** A label without where it is stored. */
export const plain = ({ id, label, geometry, attributes, index, confidence, tags }: Label): Label => ({
  id,
  label,
  geometry,
  attributes,
  index,
  confidence,
  tags,
});

const plainFields = (fields: ReadonlyMap<string, FieldValue>): Map<string, FieldValue> =>
  new Map([...fields].map(([name, { labels, value }]) => [name, { labels: labels?.map(plain) ?? null, value }]));

export const newDataset = (
  given: Partial<Dataset> = {},
): Omit<Dataset, 'id' | 'sampleCount' | 'createdAt' | 'modifiedAt'> => {
  const hex = newHex();
  return {
    hex,
    name: `dataset ${hex}`,
    mediaType: 'image',
    document: null,
    persistent: true,
    maskTargets: {},
    defaultMaskTargets: null,
    groupField: null,
    groupMediaTypes: {},
    defaultGroupSlice: null,
    foreignRuns: null,
    ...given,
  };
};
