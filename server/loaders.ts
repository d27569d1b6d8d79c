import DataLoader from 'dataloader';
import type { Field, FieldValue } from '../domain/labels/index.js';
import type { Dataset, Storage, StoredField, StoredSample } from '../storage/stores.js';

/** What a field holds on a sample, by frame (0 for images). */
export type ValuesByFrame = ReadonlyMap<number, FieldValue>;

/** Reads that many nodes of one answer ask for, put together into few. */
export interface Loaders {
  readonly dataset: DataLoader<number, Dataset | null>;
  readonly fields: DataLoader<number, readonly StoredField[]>;
  readonly sample: DataLoader<number, StoredSample | null>;
  /** One loader per field and moment (null: now). */
  readonly values: (field: StoredField, asOf: number | null) => DataLoader<number, ValuesByFrame>;
}

/** Samples read at once: their labels are held together for a moment. */
const samplesAtOnce = 100;

export function makeLoaders(storage: Storage): Loaders {
  const values = new Map<string, DataLoader<number, ValuesByFrame>>();
  return {
    dataset: new DataLoader((ids) => Promise.all(ids.map((id) => storage.datasets.byId(id)))),
    fields: new DataLoader((ids) => Promise.all(ids.map((id) => storage.datasets.fields(id)))),
    sample: new DataLoader((keys) => samplesInOrder(storage, keys)),
    values: (field, asOf) => {
      const key = `${field.id} ${asOf}`;
      const loader = values.get(key) ?? valuesLoader(storage, field, asOf);
      values.set(key, loader);
      return loader;
    },
  };
}

async function samplesInOrder(storage: Storage, keys: readonly number[]): Promise<(StoredSample | null)[]> {
  const found = new Map((await storage.samples.byKeys(keys)).map((sample) => [sample.key, sample]));
  return keys.map((key) => found.get(key) ?? null);
}

const valuesLoader = (storage: Storage, field: StoredField, asOf: number | null): DataLoader<number, ValuesByFrame> =>
  new DataLoader(
    async (keys) => {
      const found = await storage.labels.values(field, keys, asOf);
      return keys.map((key) => found.get(key) ?? new Map());
    },
    { maxBatchSize: samplesAtOnce },
  );

/** A field by name among those of a dataset. */
export const fieldNamed = <F extends Field>(fields: readonly F[], name: string): F | null =>
  fields.find((field) => field.name === name) ?? null;
