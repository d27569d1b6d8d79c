import { InvalidArgumentError, NotFoundError } from '../../domain/errors/index.js';
import type { JsonObject } from '../../domain/labels/index.js';
import type { Lease, Operation, RevertRequest } from '../../domain/run/index.js';
import type { StoredField, Transaction } from '../../storage/stores.js';
import type { DaemonContext, Step } from '../context.js';
import { eventOf } from '../moves.js';
import { goOn, succeed } from '../operation-end.js';
import { PageBudget } from '../pages.js';
import { Progress } from '../progress.js';
import { atRest } from '../run-states.js';

/** What a revert must remember: the position in the run that it has reached, and its counts. */
interface RevertCursor {
  readonly afterPosition: number;
  readonly reverted: number;
  readonly changedSince: number;
}

const start: RevertCursor = { afterPosition: -1, reverted: 0, changedSince: 0 };
const labelsPerSample = 20;
const fewest = 10;

/**
 * Takes back what a load changed, page by page of the run's samples. Labels that were changed since stay and are
 * counted. For later loads this is an edit made here: they bring what the annotators change from then on, and what was
 * taken back stays so.
 */
export const revertLoad: Step<Operation> = async (context, lease, operation, signal) => {
  const load = await revertible(context, operation);
  const fields = await context.storage.datasets.fields(load.datasetId);
  const job = new RevertJob(context, lease, operation, load, fields, signal);
  const { reverted, changedSince } = await job.run();
  const result: JsonObject = { operationId: load.id, reverted, changedSince };
  await context.storage.transaction((tx) => succeed(context, tx, operation, result), { lease });
  return atRest;
};

/** A load with what a revert needs of it. */
interface RevertibleLoad {
  readonly id: number;
  readonly datasetId: number;
  readonly runId: string;
  /** The events of the load; null where it changed nothing. */
  readonly events: readonly [first: number, last: number] | null;
}

async function revertible({ storage }: DaemonContext, operation: Operation): Promise<RevertibleLoad> {
  const { operationId } = operation.request as unknown as RevertRequest;
  const load = await storage.operations.byId(operationId);
  if (load === null) throw new NotFoundError('operation', String(operationId));
  const { id, kind, datasetId, runId, firstEvent, lastEvent } = load;
  if (kind !== 'LOAD' || datasetId === null || runId === null)
    throw new InvalidArgumentError('operationId', `Operation ${id} is a ${kind}; only a LOAD can be taken back.`);
  if ((await storage.runs.byId(runId)) === null)
    throw new NotFoundError('run', runId, 'Its record was deleted, so what its loads changed is not known any more.');
  const events = firstEvent === null || lastEvent === null ? null : ([firstEvent, lastEvent] as const);
  return { id, datasetId, runId, events };
}

class RevertJob {
  private readonly budget = new PageBudget();
  private readonly progress: Progress;

  constructor(
    private readonly context: DaemonContext,
    private readonly lease: Lease,
    private readonly operation: Operation,
    private readonly load: RevertibleLoad,
    private readonly fields: readonly StoredField[],
    private readonly signal: AbortSignal,
  ) {
    this.progress = new Progress(context.storage, operation, () => context.clock());
  }

  async run(): Promise<RevertCursor> {
    const { storage } = this.context;
    let cursor = ((await storage.operations.cursor(this.operation.id)) as unknown as RevertCursor | null) ?? start;
    if (this.load.events === null) return cursor;
    for (;;) {
      await goOn(this.context, this.operation, this.signal);
      const limit = Math.max(fewest, Math.round(this.budget.labels / labelsPerSample));
      const samples = await storage.runs.samples(this.load.runId, { afterPosition: cursor.afterPosition, limit });
      const last = samples.at(-1);
      if (last === undefined) return cursor;
      const keys = samples.map(({ sampleKey }) => sampleKey).sort((a, b) => a - b);
      cursor = await this.page(keys, { ...cursor, afterPosition: last.position });
      this.context.crashPoint('revert:after-page');
    }
  }

  private page(keys: readonly number[], cursor: RevertCursor): Promise<RevertCursor> {
    const { storage } = this.context;
    const work = async (tx: Transaction): Promise<RevertCursor> => {
      await storage.samples.lock(tx, keys);
      let next = cursor;
      for (const field of this.fields) next = await this.field(tx, field, keys, next);
      const { reverted, changedSince } = next;
      await this.progress.write(tx, { reverted, changedSince }, { ...next });
      return next;
    };
    return this.budget.page(() => storage.transaction(work, { lease: this.lease }), this.signal);
  }

  private async field(
    tx: Transaction,
    field: StoredField,
    keys: readonly number[],
    cursor: RevertCursor,
  ): Promise<RevertCursor> {
    const [first, last] = this.load.events as readonly [number, number];
    const { reverted, changedSince } = await this.context.storage.labels.revertPage(tx, field, keys, first, last);
    if (reverted > 0) {
      const { datasetId, runId } = this.load;
      const detail = { field: field.name, reverted, samples: keys.length };
      tx.emit(eventOf('LABELS_CHANGED', { datasetId, runId, operationId: this.operation.id, detail }));
    }
    return { ...cursor, reverted: cursor.reverted + reverted, changedSince: cursor.changedSince + changedSince };
  }
}
