import { NotFoundError, NotRevertibleError, OperationOverError } from '../../domain/errors/index.js';
import { type Operation, requestJson } from '../../domain/run/index.js';
import type { AnnotationContext } from '../context.js';
import { requestOperation } from './operations.js';

/** The operation of that number. Throws NOT_FOUND. */
export async function operationNumbered({ storage }: AnnotationContext, id: number): Promise<Operation> {
  const operation = await storage.operations.byId(id);
  if (operation) return operation;
  throw new NotFoundError('operation', String(id));
}

/**
 * Asks the daemon to end an operation at its next page; what it did up to there stays, except where it says otherwise.
 * Throws NOT_FOUND, OPERATION_OVER.
 */
export async function cancelOperation(context: AnnotationContext, id: number): Promise<Operation> {
  const { storage } = context;
  const operation = await operationNumbered(context, id);
  const asked = await storage.transaction((tx) => storage.operations.requestCancel(tx, id));
  if (!asked) throw new OperationOverError(String(id), (await operationNumbered(context, id)).state);
  return operation;
}

/**
 * Asks the daemon to take back what a load changed. Labels changed since stay and are counted. Throws NOT_FOUND,
 * NOT_REVERTIBLE.
 */
export async function revertLoad(context: AnnotationContext, id: number): Promise<Operation> {
  const load = await operationNumbered(context, id);
  const { kind, state, datasetId, runId } = load;
  if (kind !== 'LOAD') throw new NotRevertibleError(String(id), kind, state, 'only a LOAD can be');
  if (state === 'QUEUED' || state === 'RUNNING') {
    throw new NotRevertibleError(String(id), kind, state, 'it is not over; wait for it or cancel it first');
  }
  if (!runId || !(await context.storage.runs.byId(runId))) {
    throw new NotRevertibleError(String(id), kind, state, 'the record of its run was deleted');
  }
  return requestOperation(context, { kind: 'REVERT', datasetId, runId, request: requestJson({ operationId: id }) });
}
