import { NotFoundError } from '../../domain/errors/index.js';
import {
  type FieldValue,
  framePrefix,
  type JsonObject,
  type WholeFrame,
  type WholeSample,
} from '../../domain/labels/index.js';
import type { ImportLabelsRequest } from '../../domain/run/index.js';
import type { DatasetReader, ReportLine } from '../../formats/format.js';
import type { Dataset, StoredField, Transaction } from '../../storage/stores.js';
import { eventOf } from '../moves.js';
import { goOn } from '../operation-end.js';
import { type ItemPage, pagesOf } from '../pages.js';
import type { ImportTotals } from './cursor.js';
import { ensureFields } from './find-dataset.js';
import type { ImportJob } from './import-job.js';
import { type GivenLabels, labelWrites } from './label-writes.js';
import { SampleMatcher } from './match-samples.js';
import { openSource } from './open-source.js';
import { targetFields } from './target-fields.js';

type Job = ImportJob<ImportLabelsRequest>;

/**
 * Merges the labels of a file into samples that are there. The changes are part of the history, so open runs keep what
 * they were sent. Samples that the dataset does not have are counted and named, and add nothing. Everything is read
 * once before anything is written. Throws NOT_FOUND, SEVERAL_LABEL_FIELDS, FIELD_TYPE_CONFLICT and what the format throws.
 */
export async function importLabels(job: Job): Promise<JsonObject> {
  const { context, request } = job;
  const dataset = await context.storage.datasets.byName(request.dataset);
  if (dataset === null) throw new NotFoundError('dataset', request.dataset);
  if (!job.cursor.checked) await readThrough(job);
  const reader = await openSource(job, request);
  try {
    const merging = new LabelMerging(job, dataset, reader);
    await merging.start();
    await merging.samples();
    await merging.frames();
    return merging.result();
  } finally {
    await reader.close();
  }
}

async function readThrough(job: Job): Promise<void> {
  const { context, operation, lease, signal, request } = job;
  const reader = await openSource(job, request);
  try {
    targetFields(reader.header, request);
    for await (const _page of pagesOf(reader.samples(), job.budget)) await goOn(context, operation, signal);
    for await (const _page of pagesOf(reader.frames(), job.budget)) await goOn(context, operation, signal);
  } finally {
    await reader.close();
  }
  await context.storage.transaction((tx) => job.remember(tx, { checked: true }), { lease });
}

class LabelMerging {
  private readonly matcher: SampleMatcher;
  /** Keys of the videos that the file speaks of, for their frames. */
  private readonly videos = new Map<string, number>();
  private stored: ReadonlyMap<string, StoredField> = new Map();

  constructor(
    private readonly job: Job,
    private readonly dataset: Dataset,
    private readonly reader: DatasetReader,
  ) {
    const { match, mediaRoot } = job.request;
    this.matcher = new SampleMatcher(job.context.storage, dataset.id, match, mediaRoot);
  }

  /** Makes the fields that are missing. */
  async start(): Promise<void> {
    const { context, lease, request } = this.job;
    const targets = targetFields(this.reader.header, request);
    const fields = [...targets.values()];
    await context.storage.transaction((tx) => ensureFields(context, tx, this.dataset, fields), { lease });
    const byName = new Map(
      (await context.storage.datasets.fields(this.dataset.id)).map((field) => [field.name, field]),
    );
    this.stored = new Map(
      [...targets].flatMap(([name, { name: target }]) => {
        const field = byName.get(target);
        return field === undefined ? [] : [[name, field] as const];
      }),
    );
  }

  async samples(): Promise<void> {
    for await (const page of pagesOf(this.reader.samples(), this.job.budget)) {
      this.job.seen.samples += page.items.length;
      const found = await this.matcher.match(page.items);
      for (const [id, sample] of found) if (sample.mediaType === 'video') this.videos.set(id, sample.key);
      const items = page.items.filter(({ id }) => found.has(id));
      if (items.length === 0) continue;
      await this.write(
        page,
        items,
        ({ id }) => found.get(id)?.key,
        () => 0,
        '',
      );
    }
  }

  async frames(): Promise<void> {
    for await (const page of pagesOf(this.reader.frames(), this.job.budget)) {
      this.job.seen.frames += page.items.length;
      const items = page.items.filter(({ sampleId }) => this.videos.has(sampleId));
      if (items.length === 0) continue;
      await this.write(
        page,
        items,
        ({ sampleId }) => this.videos.get(sampleId),
        ({ number }) => number,
        framePrefix,
      );
    }
  }

  result(): JsonObject {
    const { count, examples } = this.matcher.missing;
    const { labels, updated } = this.job.cursor.totals;
    const message = `Samples that dataset "${this.dataset.name}" does not have were passed over: ${examples.join(', ')}${count > examples.length ? ', ...' : ''}.`;
    const missing: ReportLine[] = count === 0 ? [] : [{ code: 'SAMPLE_NOT_FOUND', message, field: null, count }];
    return {
      datasetId: this.dataset.id,
      dataset: this.dataset.name,
      samples: this.job.seen.samples - count,
      unmatched: count,
      labels,
      updated,
      report: [...this.reader.report(), ...missing].map((line) => ({ ...line })),
    };
  }

  /** Writes what the items of a page give to each field, in one transaction. */
  private async write<T extends WholeSample | WholeFrame>(
    page: ItemPage<T>,
    items: readonly T[],
    keyOf: (item: T) => number | undefined,
    frameOf: (item: T) => number,
    prefix: string,
  ): Promise<void> {
    const { storage } = this.job.context;
    const keys = [...new Set(items.flatMap((item) => keyOf(item) ?? []))].sort((a, b) => a - b);
    await this.job.page(async (tx) => {
      await storage.samples.lock(tx, keys);
      await storage.masks.put(tx, page.masks);
      const totals = { labels: 0, updated: 0 };
      for (const [name, field] of this.stored) {
        if (!name.startsWith(prefix) || (prefix === '' && name.startsWith(framePrefix))) continue;
        const slot = name.slice(prefix.length);
        const given = items.flatMap((item) => givenBy(keyOf(item), frameOf(item), item.fields.get(slot)));
        const written = await this.writeField(tx, field, keys, given);
        totals.labels += written.labels ?? 0;
        totals.updated += written.updated ?? 0;
      }
      return totals;
    });
  }

  private async writeField(
    tx: Transaction,
    field: StoredField,
    keys: readonly number[],
    given: readonly GivenLabels[],
  ): Promise<Partial<ImportTotals>> {
    if (given.length === 0) return {};
    const { storage } = this.job.context;
    const versions = await storage.labels.versions(tx, field, keys, Number.MAX_SAFE_INTEGER);
    const writes = given.flatMap(
      (labels) => labelWrites(field, labels, versions.get(labels.sampleKey)?.get(labels.frame)?.current ?? null) ?? [],
    );
    if (writes.length === 0) return {};
    await storage.labels.write(tx, field, writes);
    const added = writes.reduce((sum, { additions }) => sum + additions.length, 0);
    const edited = writes.reduce((sum, { updates }) => sum + updates.length, 0);
    const deleted = writes.reduce((sum, { deletions }) => sum + deletions.length, 0);
    const detail = {
      field: field.name,
      added,
      edited,
      deleted,
      samples: new Set(writes.map(({ sampleKey }) => sampleKey)).size,
    };
    tx.emit(eventOf('LABELS_CHANGED', { datasetId: this.dataset.id, operationId: this.job.operation.id, detail }));
    return { labels: added, updated: edited };
  }
}

/** A field that is null in the file gives nothing. */
function givenBy(sampleKey: number | undefined, frame: number, value: FieldValue | undefined): GivenLabels[] {
  const labels = value?.labels ?? null;
  return sampleKey === undefined || labels === null ? [] : [{ sampleKey, frame, labels }];
}
