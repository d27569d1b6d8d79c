import { canonicalJson, type JsonObject } from '../domain/labels/index.js';
import {
  type EventKind,
  mayMove,
  type Operation,
  type OperationState,
  operationMoves,
  type Run,
  type RunState,
  runMoves,
  type WorkError,
} from '../domain/run/index.js';
import type { NewEvent, Storage, Transaction } from '../storage/stores.js';

/** An event of a known kind. */
export const eventOf = (kind: EventKind, about: Omit<NewEvent, 'kind'>): NewEvent => ({ kind, ...about });

const errorJson = (error: WorkError): JsonObject => ({
  code: error.code,
  message: error.message,
  retryable: error.retryable,
});
const errorDetail = (error: WorkError | null): JsonObject => (error === null ? {} : { error: errorJson(error) });

/** The change that a move of a run makes beside its state. */
type RunChange = Omit<Parameters<Storage['runs']['update']>[2], 'state' | 'error'>;

/**
 * Moves a run to another state, with its event. Staying where it is says nothing. A move that the table of states does
 * not allow is a bug and throws a RangeError.
 */
export async function moveRun(
  storage: Storage,
  tx: Transaction,
  run: Run,
  to: RunState,
  error: WorkError | null = null,
  change: RunChange = {},
): Promise<void> {
  if (!mayMove(runMoves, run.state, to)) throw new RangeError(`run ${run.id} cannot move from ${run.state} to ${to}`);
  await storage.runs.update(tx, run.id, { ...change, state: to, error });
  if (run.state === to) return;
  const detail = { annoKey: run.annoKey, from: run.state, to, ...errorDetail(error) };
  tx.emit(eventOf('RUN_STATE_CHANGED', { datasetId: run.datasetId, runId: run.id, detail }));
}

type OperationChange = Omit<Parameters<Storage['operations']['update']>[2], 'state' | 'error'>;

/** Moves an operation to another state, with its event. As `moveRun`. */
export async function moveOperation(
  storage: Storage,
  tx: Transaction,
  operation: Operation,
  to: OperationState,
  error: WorkError | null = null,
  change: OperationChange = {},
): Promise<void> {
  if (!mayMove(operationMoves, operation.state, to))
    throw new RangeError(`operation ${operation.id} cannot move from ${operation.state} to ${to}`);
  await storage.operations.update(tx, operation.id, { ...change, state: to, error });
  if (operation.state === to) return;
  const detail = { kind: operation.kind, from: operation.state, to, ...errorDetail(error) };
  const { datasetId, runId, id: operationId } = operation;
  tx.emit(eventOf('OPERATION_STATE_CHANGED', { datasetId, runId, operationId, detail }));
}

/** Whether two errors tell the same, so that nobody needs to be told again. */
export const isSameError = (a: WorkError | null, b: WorkError | null): boolean =>
  canonicalJson(a === null ? null : errorJson(a)) === canonicalJson(b === null ? null : errorJson(b));
