import { OperationCancelledError } from '../domain/errors/index.js';
import type { JsonObject } from '../domain/labels/index.js';
import type { Lease, Operation, WorkError } from '../domain/run/index.js';
import type { Transaction } from '../storage/stores.js';
import type { DaemonContext } from './context.js';
import { moveOperation } from './moves.js';

/** How an operation ends that does not succeed. */
export interface Ending {
  readonly state: 'FAILED' | 'CANCELLED';
  readonly error: WorkError;
}

/** Whether nothing more is to be done. */
export const isOver = ({ state }: Operation): boolean =>
  state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELLED';

/** Ends an operation without success, unless it has ended already. Secrets given with it go. */
export async function endOperation(context: DaemonContext, lease: Lease, id: number, ending: Ending): Promise<void> {
  const { storage } = context;
  await storage.transaction(
    async (tx) => {
      const operation = await storage.operations.byId(id, tx);
      if (operation === null || isOver(operation)) return;
      await moveOperation(storage, tx, operation, ending.state, ending.error);
      await storage.secrets.delete(tx, { operationId: id });
    },
    { lease },
  );
}

/** Ends an operation with success, inside the caller's transaction. Secrets given with it go. */
export async function succeed(
  context: DaemonContext,
  tx: Transaction,
  operation: Operation,
  result: JsonObject,
): Promise<void> {
  const { storage } = context;
  await moveOperation(storage, tx, operation, 'SUCCEEDED', null, { result });
  await storage.secrets.delete(tx, { operationId: operation.id });
}

/** Throws OPERATION_CANCELLED where someone asked for it: call it between two pages. Also gives up when the signal aborts. */
export async function goOn(context: DaemonContext, operation: Operation, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (await context.storage.operations.isCancelRequested(operation.id)) throw new OperationCancelledError(operation.id);
}
