import type { Json, JsonObject } from '../domain/labels/index.js';
import type { Operation } from '../domain/run/index.js';
import type { Storage, Transaction } from '../storage/stores.js';
import { eventOf } from './moves.js';

/** The shortest time between two events of progress, in milliseconds: pages may follow one another twenty times a second. */
const betweenEvents = 500;

/** Writes how far an operation is: with each page into its row, now and then as an event. */
export class Progress {
  private toldAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly storage: Storage,
    private readonly operation: Operation,
    private readonly clock: () => number,
  ) {}

  /** Inside the page's own transaction, so that cursor and page are kept or lost together. */
  async write(tx: Transaction, progress: JsonObject, cursor?: Json): Promise<void> {
    const { id: operationId, datasetId, runId, kind } = this.operation;
    await this.storage.operations.update(tx, operationId, { progress, ...(cursor === undefined ? {} : { cursor }) });
    if (this.clock() - this.toldAt < betweenEvents) return;
    this.toldAt = this.clock();
    tx.emit(eventOf('OPERATION_PROGRESS', { datasetId, runId, operationId, detail: { kind, ...progress } }));
  }
}
