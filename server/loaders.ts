import DataLoader from 'dataloader';
import type { FieldValue } from '../domain/labels/index.js';
import type { Dataset, Storage, StoredField, StoredSample } from '../storage/stores.js';

/** What a field holds on a sample, by frame (0 for images). */
type ValuesByFrame = ReadonlyMap<number, FieldValue>;

/** Reads that many nodes of one answer ask for, put together into few. */
export interface Loaders {
  readonly dataset: DataLoader<number, Dataset | null>;
  readonly fields: DataLoader<number, readonly StoredField[]>;
  readonly sample: DataLoader<number, StoredSample | null>;
  /** One loader per field and moment (null: now). */
  readonly values: (field: StoredField, asOf: number | null) => DataLoader<number, ValuesByFrame>;
  /** Labels that a run names one by one, per sample: `<frame> <id>`. One loader per run and field. */
  readonly listed: (runId: string, field: StoredField) => DataLoader<number, ReadonlySet<string>>;
}

/** Samples read at once: their labels are held together for a moment. */
const samplesAtOnce = 100;

export function makeLoaders(storage: Storage): Loaders {
  const values = new Map<string, DataLoader<number, ValuesByFrame>>();
  const listed = new Map<string, DataLoader<number, ReadonlySet<string>>>();
  return {
    dataset: new DataLoader((ids) => Promise.all(ids.map((id) => storage.datasets.byId(id)))),
    fields: new DataLoader((ids) => Promise.all(ids.map((id) => storage.datasets.fields(id)))),
    sample: new DataLoader((keys) => samplesInOrder(storage, keys)),
    values: (field, asOf) => kept(values, `${field.id} ${asOf}`, () => valuesLoader(storage, field, asOf)),
    listed: (runId, field) => kept(listed, `${runId} ${field.id}`, () => listedLoader(storage, runId, field)),
  };
}

function kept<L>(loaders: Map<string, L>, key: string, make: () => L): L {
  const loader = loaders.get(key) ?? make();
  loaders.set(key, loader);
  return loader;
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

const listedLoader = (storage: Storage, runId: string, field: StoredField): DataLoader<number, ReadonlySet<string>> =>
  new DataLoader(
    async (keys) => {
      const found = await storage.runs.runLabels(null, runId, field.id, keys);
      return keys.map((key) => new Set((found.get(key) ?? []).filter(({ kind }) => kind === 1).map(listedKey)));
    },
    { maxBatchSize: samplesAtOnce },
  );

/** How a label is named in the sets of `listed`. */
export const listedKey = ({ frame, id }: { readonly frame: number; readonly id: string }): string => `${frame} ${id}`;
