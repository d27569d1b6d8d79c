import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ExportTargetNotEmptyError, NotFoundError } from '../../domain/errors/index.js';
import type { Json, JsonObject } from '../../domain/labels/index.js';
import type { ExportRequest, Lease, Operation } from '../../domain/run/index.js';
import type { DatasetWriter, ReportLine } from '../../formats/format.js';
import { formatFor } from '../../formats/registry.js';
import type { Dataset } from '../../storage/stores.js';
import type { DaemonContext, Step } from '../context.js';
import { headerOf } from '../export/header.js';
import { writablePath } from '../folders.js';
import { goOn, succeed } from '../operation-end.js';
import { labelsIn } from '../pages.js';
import { Progress } from '../progress.js';
import { atRest } from '../run-states.js';

/** What an export must remember. */
interface ExportCursor {
  /** The event number that the export shows, however long it takes. */
  readonly asOf: number;
  /** Set when all is written and about to be moved to its name, with what was counted. */
  readonly moving: Counts | null;
}

type Counts = { samples: number; frames: number; labels: number };

/**
 * Writes a dataset, or a view of it, into a folder, as it was when the export began. The folder appears under its name
 * when all is written. Killed midway, it starts again; killed right after the move, it finds the folder and is done.
 * Throws UNKNOWN_FORMAT, EXPORT_OUTSIDE_ROOTS, EXPORT_TARGET_NOT_EMPTY.
 */
export const exportDataset: Step<Operation> = async (context, lease, operation, signal) => {
  const request = operation.request as unknown as ExportRequest;
  const dataset = await datasetOf(context, operation);
  const path = await writablePath(context, request.path);
  const cursor = await startingFrom(context, lease, operation);
  await removeLeftovers(path);
  const isOccupied = !(await isEmpty(path));
  if (isOccupied && cursor.moving === null) throw new ExportTargetNotEmptyError(path);
  const job = new ExportJob(context, lease, operation, { ...request, path }, signal, cursor);
  const done = isOccupied ? { ...(cursor.moving as Counts), report: [reportLost] } : await job.write(dataset);
  const result: JsonObject = { path, asOf: cursor.asOf, ...done, report: done.report.map((line) => ({ ...line })) };
  await context.storage.transaction((tx) => succeed(context, tx, operation, result), { lease });
  return atRest;
};

/** The process ended between the move and the record of it. */
const reportLost: ReportLine = {
  code: 'REPORT_LOST',
  message:
    'The export is complete, but the daemon ended before it could keep the report of what the format cannot hold.',
  field: null,
  count: 1,
};

async function datasetOf({ storage }: DaemonContext, { datasetId }: Operation): Promise<Dataset> {
  const dataset = datasetId === null ? null : await storage.datasets.byId(datasetId);
  if (dataset === null) throw new NotFoundError('dataset', String(datasetId));
  return dataset;
}

async function startingFrom({ storage }: DaemonContext, lease: Lease, operation: Operation): Promise<ExportCursor> {
  const kept = (await storage.operations.cursor(operation.id)) as unknown as ExportCursor | null;
  if (kept !== null) return kept;
  const cursor: ExportCursor = { asOf: await storage.events.latest(), moving: null };
  await storage.transaction(
    (tx) => storage.operations.update(tx, operation.id, { cursor: cursor as unknown as Json }),
    { lease },
  );
  return cursor;
}

/** What an attempt that was killed had written beside the target: nobody will finish it. */
async function removeLeftovers(path: string): Promise<void> {
  const beside = await readdir(dirname(path)).catch(() => []);
  const parts = beside.filter((name) => name.startsWith(`.${basename(path)}.`) && name.endsWith('.part'));
  for (const name of parts) await rm(join(dirname(path), name), { recursive: true, force: true });
}

async function isEmpty(path: string): Promise<boolean> {
  try {
    return (await readdir(path)).length === 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

const samplesBetweenTells = 200;

class ExportJob {
  private readonly counts: Counts = { samples: 0, frames: 0, labels: 0 };
  private readonly progress: Progress;

  constructor(
    private readonly context: DaemonContext,
    private readonly lease: Lease,
    private readonly operation: Operation,
    private readonly request: ExportRequest,
    private readonly signal: AbortSignal,
    private readonly cursor: ExportCursor,
  ) {
    this.progress = new Progress(context.storage, operation, () => context.clock());
  }

  async write(dataset: Dataset): Promise<Counts & { report: readonly ReportLine[] }> {
    const writer = await this.open(dataset);
    try {
      await this.writeAll(dataset, writer);
      await this.tell({ moving: this.counts });
      this.context.crashPoint('export:before-finish');
      const report = await writer.finish();
      this.context.crashPoint('export:after-finish');
      return { ...this.counts, report };
    } catch (error) {
      await writer.abandon();
      throw error;
    }
  }

  private async open(dataset: Dataset): Promise<DatasetWriter> {
    const { storage } = this.context;
    const { format, path: folder, fields, mediaRoot, options } = this.request;
    const header = headerOf(dataset, await storage.datasets.fields(dataset.id));
    const write = formatFor(format, 'write').write as NonNullable<ReturnType<typeof formatFor>['write']>;
    return write({ folder, header, fields, mediaRoot, options, mask: (hash) => this.mask(hash), signal: this.signal });
  }

  private async mask(hash: string): Promise<Uint8Array> {
    const bytes = await this.context.storage.masks.get(hash);
    if (bytes === null) throw new NotFoundError('mask', hash);
    return bytes;
  }

  private async writeAll(dataset: Dataset, writer: DatasetWriter): Promise<void> {
    const { samples } = this.context.storage;
    const { view, fields } = this.request;
    const chosen = { view, fields, asOf: this.cursor.asOf };
    for await (const sample of samples.whole(dataset.id, chosen)) {
      await writer.sample(sample);
      this.counts.labels += labelsIn(sample);
      if (++this.counts.samples % samplesBetweenTells === 0) await this.tell({});
    }
    for await (const frame of samples.wholeFrames(dataset.id, chosen)) {
      await writer.frame(frame);
      this.counts.labels += labelsIn(frame);
      if (++this.counts.frames % samplesBetweenTells === 0) await this.tell({});
    }
  }

  /** Keeps how far the export is; between two of these it can be cancelled or taken over. */
  private async tell(change: Partial<ExportCursor>): Promise<void> {
    await goOn(this.context, this.operation, this.signal);
    const cursor = { ...this.cursor, ...change } as unknown as Json;
    await this.context.storage.transaction((tx) => this.progress.write(tx, { ...this.counts }, cursor), {
      lease: this.lease,
    });
  }
}
