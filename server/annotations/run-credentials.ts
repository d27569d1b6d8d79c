import { CredentialsNeededError, InvalidArgumentError } from '../../domain/errors/index.js';
import type { Json, JsonObject } from '../../domain/labels/index.js';
import type { Operation } from '../../domain/run/index.js';
import type { RunRecord, Storage, Transaction } from '../../storage/stores.js';
import type { AnnotationContext } from '../context.js';
import { runNamed } from './find.js';
import { credentialsOf } from './parse-json.js';
import type { RunName } from './runs.js';

/**
 * Stores credentials of a run, encrypted; those of other names stay where they can still be read. Work that waits for
 * them is taken up again. Throws NOT_FOUND, INVALID_ARGUMENT.
 */
export async function setRunCredentials(
  { storage }: AnnotationContext,
  { dataset, annoKey }: RunName,
  credentials: Json,
): Promise<RunRecord> {
  const given = credentialsOf(credentials);
  if (Object.keys(given).length === 0) throw new InvalidArgumentError('credentials', 'No credentials were given.');
  const { run } = await runNamed(storage, dataset, annoKey);
  const kept = await readable(storage, run);
  const operations = await openOperations(storage, run);
  await storage.transaction(async (tx) => {
    await storage.secrets.put(tx, { runId: run.id }, { ...kept, ...given });
    await wakeAll(storage, tx, run, operations);
  });
  return run;
}

async function readable(storage: Storage, run: RunRecord): Promise<JsonObject> {
  try {
    return { ...(await storage.secrets.get({ runId: run.id })) };
  } catch (error) {
    if (error instanceof CredentialsNeededError) return {};
    throw error;
  }
}

async function openOperations(storage: Storage, { id: runId }: RunRecord): Promise<readonly Operation[]> {
  const { items } = await storage.operations.list({ first: 500 }, { runId, states: ['QUEUED', 'RUNNING'] });
  return items.map(({ item }) => item);
}

/** What an operation was given for itself would overrule what is given now, so it goes. */
async function wakeAll(
  storage: Storage,
  tx: Transaction,
  run: RunRecord,
  operations: readonly Operation[],
): Promise<void> {
  const now = Date.now();
  if (run.state !== 'FAILED' && run.state !== 'CANCELLED')
    await storage.work.wake(tx, { kind: 'run', id: run.id }, now);
  for (const { id } of operations) {
    await storage.secrets.delete(tx, { operationId: id });
    await storage.work.wake(tx, { kind: 'operation', id: String(id) }, now);
  }
}
