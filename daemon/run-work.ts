import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunWork } from '../backends/backend.js';
import { resolveBackendParameters } from '../config/index.js';
import { NotFoundError } from '../domain/errors/index.js';
import type { Json, JsonObject } from '../domain/labels/index.js';
import type { Lease, Run } from '../domain/run/index.js';
import { storedNameOf } from './content/run-fields.js';
import type { DaemonContext } from './context.js';

/**
 * The run as its adapter sees it. Public parameters are those frozen at `annotate`; secrets are resolved now, from the
 * annotation config, then the run, then the operation that the lease is on. Throws what the config throws,
 * CREDENTIALS_NEEDED, and NOT_FOUND when the dataset is gone.
 */
export async function runWorkFor(
  context: DaemonContext,
  lease: Lease,
  run: Run,
  signal: AbortSignal,
): Promise<RunWork> {
  const { storage } = context;
  const dataset = await storage.datasets.byId(run.datasetId);
  if (dataset === null) throw new NotFoundError('dataset', String(run.datasetId), 'It was deleted; so is this work.');
  const dataFolder = join(context.dataFolder, 'backends', run.backend);
  await mkdir(dataFolder, { recursive: true });
  return {
    runId: run.id,
    annoKey: run.annoKey,
    datasetName: dataset.name,
    mediaType: run.mediaType,
    labelSchema: run.labelSchema,
    fieldTypes: await fieldTypesOf(context, run),
    parameters: { ...run.parameters, ...(await secretsOf(context, lease, run)) },
    taskCount: run.taskCount,
    state: run.remote,
    checkpoint: (state, shown) => save(context, lease, run, state, shown?.editorUrl),
    signal,
    dataFolder,
    log: (message, nouns = {}) => {
      context.events.emit('backendSaid', message, { ...nouns, run: run.id, backend: run.backend });
    },
  };
}

async function fieldTypesOf(context: DaemonContext, run: Run): Promise<Record<string, string>> {
  const stored = await context.storage.datasets.fields(run.datasetId);
  const types = new Map(stored.map((field) => [field.name, field.type]));
  const named = Object.keys(run.labelSchema).map((name) => [name, types.get(storedNameOf(run, name))] as const);
  return Object.fromEntries(named.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

async function secretsOf(context: DaemonContext, { item }: Lease, run: Run): Promise<Readonly<Record<string, Json>>> {
  const { storage } = context;
  const ofRun = await storage.secrets.get({ runId: run.id });
  const ofOperation = item.kind === 'operation' ? await storage.secrets.get({ operationId: Number(item.id) }) : {};
  const credentials: JsonObject = { ...ofRun, ...ofOperation };
  const descriptor = await context.registry.descriptorOf(run.backend);
  const config = await context.config();
  return withoutNulls(resolveBackendParameters({ config, backend: run.backend, descriptor, credentials }).secrets);
}

const withoutNulls = (values: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));

async function save(
  context: DaemonContext,
  lease: Lease,
  run: Run,
  state: JsonObject,
  editorUrl: string | undefined,
): Promise<void> {
  const { storage } = context;
  context.crashPoint('checkpoint:before-commit');
  const change = { remote: state, ...(editorUrl === undefined ? {} : { editorUrl }) };
  await storage.transaction((tx) => storage.runs.update(tx, run.id, change), { lease });
  context.crashPoint('checkpoint:after-commit');
}
