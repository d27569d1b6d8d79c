import { NotFoundError, UnknownFieldError } from '../../domain/errors/index.js';
import type { Dataset, RunRecord, Storage, StoredField, Transaction } from '../../storage/stores.js';
import { hintOf } from './close-names.js';

/** Names looked at for a suggestion. */
const mostNames = 500;

/** The dataset of that name. Throws NOT_FOUND with names that were perhaps meant. */
export async function datasetNamed(storage: Storage, name: string, tx?: Transaction): Promise<Dataset> {
  const found = await storage.datasets.byName(name, tx);
  if (found) return found;
  const { items } = await storage.datasets.list({ first: mostNames });
  throw new NotFoundError(
    'dataset',
    name,
    hintOf(
      name,
      items.map(({ item }) => item.name),
    ),
  );
}

/** The run of that key in the dataset of that name. Throws NOT_FOUND. */
export async function runNamed(
  storage: Storage,
  dataset: string,
  annoKey: string,
): Promise<{ readonly dataset: Dataset; readonly run: RunRecord }> {
  const found = await datasetNamed(storage, dataset);
  const run = await storage.runs.byKey(found.id, annoKey);
  if (run) return { dataset: found, run };
  const { items } = await storage.runs.list({ first: mostNames }, { datasetId: found.id });
  throw new NotFoundError(
    'run',
    annoKey,
    hintOf(
      annoKey,
      items.map(({ item }) => item.annoKey),
    ),
  );
}

/** The field of that name in the dataset. Throws UNKNOWN_FIELD. */
export async function fieldOf(storage: Storage, datasetId: number, name: string): Promise<StoredField> {
  const fields = await storage.datasets.fields(datasetId);
  const found = fields.find((field) => field.name === name);
  if (found) return found;
  throw new UnknownFieldError(
    name,
    fields.map((field) => field.name),
  );
}
