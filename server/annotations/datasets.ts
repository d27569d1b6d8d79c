import { InvalidArgumentError } from '../../domain/errors/index.js';
import {
  type ExportRequest,
  type ImportDatasetRequest,
  type ImportLabelsRequest,
  type ImportMediaRequest,
  type ImportRequest,
  type Operation,
  requestJson,
} from '../../domain/run/index.js';
import type { AnnotationContext } from '../context.js';
import { datasetNamed, fieldOf } from './find.js';
import { requestOperation } from './operations.js';

interface Once {
  readonly idempotencyKey?: string | null | undefined;
}

/** Asks the daemon to make a dataset of a file. What is wrong with the file, the operation tells. */
export async function importDataset(
  context: AnnotationContext,
  { idempotencyKey, ...request }: Omit<ImportDatasetRequest, 'what'> & Once,
): Promise<Operation> {
  checkFilled('path', request.path);
  if (request.name !== null) checkFilled('name', request.name);
  return requestImport(context, null, { what: 'dataset', ...request }, idempotencyKey);
}

/** Asks the daemon to add images and videos to a dataset, which is made if it does not exist. */
export async function importMedia(
  context: AnnotationContext,
  { idempotencyKey, ...request }: Omit<ImportMediaRequest, 'what'> & Once,
): Promise<Operation> {
  checkFilled('dataset', request.dataset);
  if (request.paths.length === 0) throw new InvalidArgumentError('paths', 'Name at least one file or folder.');
  const dataset = await context.storage.datasets.byName(request.dataset);
  return requestImport(context, dataset?.id ?? null, { what: 'media', ...request }, idempotencyKey);
}

/** Asks the daemon to merge the labels of a file into a dataset. Throws NOT_FOUND for the dataset. */
export async function importLabels(
  context: AnnotationContext,
  { idempotencyKey, ...request }: Omit<ImportLabelsRequest, 'what'> & Once,
): Promise<Operation> {
  checkFilled('path', request.path);
  const dataset = await datasetNamed(context.storage, request.dataset);
  return requestImport(context, dataset.id, { what: 'labels', ...request }, idempotencyKey);
}

const requestImport = (
  context: AnnotationContext,
  datasetId: number | null,
  request: ImportRequest,
  idempotencyKey: string | null | undefined,
): Promise<Operation> =>
  requestOperation(context, { kind: 'IMPORT', datasetId, runId: null, request: requestJson(request), idempotencyKey });

/** Asks the daemon to write a dataset to a folder. Throws NOT_FOUND, UNKNOWN_FIELD, VIEW_INVALID. */
export async function exportDataset(
  context: AnnotationContext,
  { dataset, idempotencyKey, ...request }: ExportRequest & Once & { readonly dataset: string },
): Promise<Operation> {
  const { storage } = context;
  checkFilled('path', request.path);
  const { id: datasetId } = await datasetNamed(storage, dataset);
  for (const field of request.fields ?? []) await fieldOf(storage, datasetId, field);
  if (request.view) await storage.samples.count(datasetId, { view: request.view });
  return requestOperation(context, {
    kind: 'EXPORT',
    datasetId,
    runId: null,
    request: requestJson(request),
    idempotencyKey,
  });
}

/** Asks the daemon to delete a dataset with all that hangs on it. Remote work of its runs stays. Throws NOT_FOUND. */
export async function deleteDataset(context: AnnotationContext, name: string): Promise<Operation> {
  const { id: datasetId } = await datasetNamed(context.storage, name);
  return requestOperation(context, { kind: 'DELETE_DATASET', datasetId, runId: null, request: {} });
}

function checkFilled(argument: string, value: string): void {
  if (value.trim() === '') throw new InvalidArgumentError(argument, `"${argument}" is empty.`);
}
