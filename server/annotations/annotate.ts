import { createHash, randomBytes } from 'node:crypto';
import { builtInBackends } from '../../backends/registry.js';
import { AnnoKeyInUseError, BackendNotAvailableError, IdempotencyKeyReusedError } from '../../domain/errors/index.js';
import type { RunRecord, Transaction } from '../../storage/stores.js';
import type { AnnotationContext } from '../context.js';
import { eventOf } from '../events.js';
import { datasetNamed } from './find.js';
import { type AnnotateRequest, type PreparedRun, prepareRun } from './prepare.js';

/**
 * Records an annotation run: its membership is frozen as of one event, its secrets are stored encrypted beside it, and
 * the daemon takes it from there. All in one transaction, so a request that fails leaves nothing behind. A repeated
 * `idempotencyKey` gives the run of the first call.
 */
export async function annotate(context: AnnotationContext, request: AnnotateRequest): Promise<RunRecord> {
  const before = await madeBefore(context, request);
  if (before) return before;
  const prepared = await prepareRun(context, request);
  if (prepared.descriptor.load === null) throw new BackendNotAvailableError(prepared.backend.backend, available);
  await checkKeyIsFree(context, request, prepared);
  return context.storage.transaction((tx) => record(context, tx, request, prepared));
}

const available = Object.keys(builtInBackends).filter((name) => builtInBackends[name]?.load !== null);

async function checkKeyIsFree(
  { storage }: AnnotationContext,
  { annoKey }: AnnotateRequest,
  { dataset }: PreparedRun,
): Promise<void> {
  if (await storage.runs.byKey(dataset.id, annoKey)) throw new AnnoKeyInUseError(annoKey);
}

async function record(
  { storage, author }: AnnotationContext,
  tx: Transaction,
  request: AnnotateRequest,
  { dataset, backend, facts, resolved, mediaField, mediaType, secrets, warnings }: PreparedRun,
): Promise<RunRecord> {
  const run = await storage.runs.create(tx, {
    id: runIdOf(dataset.hex, request.idempotencyKey),
    datasetId: dataset.id,
    annoKey: request.annoKey,
    backend: backend.backend,
    labelSchema: resolved.labelSchema,
    mediaField,
    mediaType,
    parameters: backend.publicParameters,
    view: request.view ?? null,
    selection: { unit: facts.unit, fields: resolved.selection },
    warnings,
    launchEditor: request.launchEditor ?? false,
    author,
  });
  if (Object.keys(secrets).length > 0) await storage.secrets.put(tx, { runId: run.id }, secrets);
  const detail = { annoKey: run.annoKey, backend: run.backend, samples: run.sampleCount };
  tx.emit(eventOf('RUN_CREATED', { datasetId: dataset.id, runId: run.id, detail }));
  return run;
}

/** The run that an earlier call with the same idempotency key made. Throws IDEMPOTENCY_KEY_REUSED for another annoKey. */
async function madeBefore(
  { storage }: AnnotationContext,
  { dataset: name, annoKey, idempotencyKey }: AnnotateRequest,
): Promise<RunRecord | null> {
  if (!idempotencyKey) return null;
  const dataset = await datasetNamed(storage, name);
  const run = await storage.runs.byId(runIdOf(dataset.hex, idempotencyKey));
  if (run && run.annoKey !== annoKey) throw new IdempotencyKeyReusedError(`run "${run.annoKey}"`);
  return run;
}

/** Random; with an idempotency key derived from it, so that the table of runs itself tells a repetition. */
function runIdOf(datasetHex: string, idempotencyKey: string | null | undefined): string {
  if (!idempotencyKey) return randomBytes(12).toString('hex');
  return createHash('sha256').update(`${datasetHex}\n${idempotencyKey}`).digest('hex').slice(0, 24);
}
