import { OperationCancelledError } from '../domain/errors/index.js';
import type { JsonObject } from '../domain/labels/index.js';
import type { Lease, Operation, OperationKind, WorkError } from '../domain/run/index.js';
import type { DaemonContext, Next, Step } from './context.js';
import { crashedTooOften, type FailureHandling, handleFailure, workErrorOf } from './failures.js';
import { eventOf, isSameError, moveOperation } from './moves.js';
import { type Ending, endOperation, isOver } from './operation-end.js';
import { atRest } from './run-states.js';
import { cleanUpRun } from './steps/cleanup.js';
import { deleteDataset } from './steps/delete-dataset.js';
import { exportDataset } from './steps/export.js';
import { importStep, undoImport } from './steps/import.js';
import { loadOperation } from './steps/load.js';
import { revertLoad } from './steps/revert.js';

interface OperationWork {
  readonly step: Step<Operation>;
  /** Takes back what a failed or cancelled operation left behind; may be repeated. */
  readonly undo?: (context: DaemonContext, lease: Lease, operation: Operation, ending: Ending) => Promise<void>;
}

const works: Readonly<Record<OperationKind, OperationWork>> = {
  IMPORT: { step: importStep, undo: undoImport },
  EXPORT: { step: exportDataset },
  LOAD: { step: loadOperation },
  CLEANUP: { step: cleanUpRun },
  REVERT: { step: revertLoad },
  DELETE_DATASET: { step: deleteDataset },
};

/** Moves an operation one step on; begins it where it was only asked for. */
export async function advanceOperation(context: DaemonContext, lease: Lease, signal: AbortSignal): Promise<Next> {
  const found = await context.storage.operations.byId(Number(lease.item.id));
  if (found === null || isOver(found)) return atRest;
  try {
    const crashed = crashedTooOften(context, lease);
    if (crashed !== null) throw crashed;
    await throwIfCancelled(context, found);
    const operation = await begin(context, lease, found);
    return await works[operation.kind].step(context, lease, operation, signal);
  } catch (error) {
    if (error instanceof OperationCancelledError && !signal.aborted) return cancel(context, lease, found, error);
    return handleFailure(context, lease, signal, error, handlingOf(context, lease, found));
  }
}

async function throwIfCancelled(context: DaemonContext, { id }: Operation): Promise<void> {
  if (await context.storage.operations.isCancelRequested(id)) throw new OperationCancelledError(id);
}

async function begin(context: DaemonContext, lease: Lease, operation: Operation): Promise<Operation> {
  const { storage } = context;
  if (operation.state === 'RUNNING' && operation.error === null) return operation;
  await storage.transaction((tx) => moveOperation(storage, tx, operation, 'RUNNING'), { lease });
  return { ...operation, state: 'RUNNING', error: null };
}

async function cancel(context: DaemonContext, lease: Lease, operation: Operation, error: unknown): Promise<Next> {
  await end(context, lease, operation, { state: 'CANCELLED', error: workErrorOf(error) });
  return atRest;
}

function handlingOf(context: DaemonContext, lease: Lease, operation: Operation): FailureHandling {
  return {
    patient: false,
    note: (error) => noteTrouble(context, lease, operation, error),
    giveUp: (error) => end(context, lease, operation, { state: 'FAILED', error }),
  };
}

async function end(context: DaemonContext, lease: Lease, operation: Operation, ending: Ending): Promise<void> {
  await works[operation.kind].undo?.(context, lease, operation, ending);
  await endOperation(context, lease, operation.id, ending);
}

async function noteTrouble(
  context: DaemonContext,
  lease: Lease,
  operation: Operation,
  error: WorkError,
): Promise<void> {
  if (isSameError(operation.error, error)) return;
  const { storage } = context;
  const { datasetId, runId, id: operationId, kind } = operation;
  const detail: JsonObject = { kind, trouble: { code: error.code, message: error.message } };
  await storage.transaction(
    async (tx) => {
      await storage.operations.update(tx, operationId, { error });
      tx.emit(eventOf('OPERATION_PROGRESS', { datasetId, runId, operationId, detail }));
    },
    { lease },
  );
}
