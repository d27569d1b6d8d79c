import type { ImportRequest, Lease, Operation } from '../../domain/run/index.js';
import type { Transaction } from '../../storage/stores.js';
import type { DaemonContext } from '../context.js';
import { goOn } from '../operation-end.js';
import { PageBudget } from '../pages.js';
import { Progress } from '../progress.js';
import { cursorJson, type ImportCursor, type ImportTotals, totalsJson } from './cursor.js';

/** One import as it runs: what was asked, what it must remember, and how it writes its pages. */
export class ImportJob<R extends ImportRequest = ImportRequest> {
  readonly budget = new PageBudget();
  /** What this attempt has read, also what was there already. */
  readonly seen = { samples: 0, frames: 0 };
  private readonly progress: Progress;

  constructor(
    readonly context: DaemonContext,
    readonly lease: Lease,
    readonly operation: Operation,
    readonly request: R,
    readonly signal: AbortSignal,
    public cursor: ImportCursor,
  ) {
    this.progress = new Progress(context.storage, operation, () => context.clock());
  }

  /** Keeps what must be remembered, in the caller's transaction. */
  async remember(tx: Transaction, change: Partial<ImportCursor>): Promise<void> {
    this.cursor = { ...this.cursor, ...change };
    await this.context.storage.operations.update(tx, this.operation.id, { cursor: cursorJson(this.cursor) });
  }

  /**
   * Writes one page in a transaction of its own, with what it adds to the totals. Between two pages an import can be
   * cancelled or taken over.
   */
  async page(write: (tx: Transaction) => Promise<Partial<ImportTotals>>): Promise<void> {
    await goOn(this.context, this.operation, this.signal);
    const { storage } = this.context;
    this.cursor = await this.budget.page(
      () =>
        storage.transaction(
          async (tx) => {
            const cursor = { ...this.cursor, totals: sum(this.cursor.totals, await write(tx)) };
            await this.progress.write(tx, { ...totalsJson(cursor.totals), read: { ...this.seen } }, cursorJson(cursor));
            return cursor;
          },
          { lease: this.lease },
        ),
      this.signal,
    );
    this.context.crashPoint('import:after-page');
  }
}

const sum = (totals: ImportTotals, more: Partial<ImportTotals>): ImportTotals => ({
  samples: totals.samples + (more.samples ?? 0),
  frames: totals.frames + (more.frames ?? 0),
  labels: totals.labels + (more.labels ?? 0),
  updated: totals.updated + (more.updated ?? 0),
});
