import { IdempotencyKeyReusedError } from '../../domain/errors/index.js';
import { canonicalJson, type JsonObject } from '../../domain/labels/index.js';
import type { Operation, OperationKind } from '../../domain/run/index.js';
import type { Transaction } from '../../storage/stores.js';
import type { AnnotationContext } from '../context.js';
import { eventOf } from '../events.js';

export interface NewOperation {
  readonly kind: OperationKind;
  /** Null while the dataset is not made yet. */
  readonly datasetId: number | null;
  readonly runId: string | null;
  readonly request: JsonObject;
  readonly idempotencyKey?: string | null | undefined;
  /** For this operation alone; stored encrypted. */
  readonly secrets?: JsonObject;
}

/** Asks the daemon for a long piece of work. A repeated idempotency key gives the operation of the first call. */
export const requestOperation = (context: AnnotationContext, wanted: NewOperation): Promise<Operation> =>
  context.storage.transaction((tx) => createOperation(context, tx, wanted));

async function createOperation(
  { storage, author }: AnnotationContext,
  tx: Transaction,
  { kind, datasetId, runId, request, idempotencyKey, secrets = {} }: NewOperation,
): Promise<Operation> {
  const wanted = { kind, datasetId, runId, request, author, idempotencyKey: idempotencyKey ?? null };
  const operation = await storage.operations.create(tx, wanted);
  // Every operation has an event from the start: one with events was made by an earlier call.
  if (operation.firstEvent !== null) return sameAs(operation, wanted);
  const { id: operationId } = operation;
  if (Object.keys(secrets).length > 0) await storage.secrets.put(tx, { operationId }, secrets);
  tx.emit(eventOf('OPERATION_CREATED', { datasetId, runId, operationId, detail: { kind } }));
  return operation;
}

function sameAs(made: Operation, wanted: Pick<NewOperation, 'kind' | 'runId' | 'request'>): Operation {
  const same =
    made.kind === wanted.kind &&
    made.runId === wanted.runId &&
    canonicalJson(made.request) === canonicalJson(wanted.request);
  if (!same) throw new IdempotencyKeyReusedError(`operation ${made.id} (${made.kind})`);
  return made;
}
