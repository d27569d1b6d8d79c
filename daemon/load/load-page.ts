import type { JsonObject } from '../../domain/labels/index.js';
import { addCounts, emptyCounts, mergeRuleCodes } from '../../domain/merge/index.js';
import type { MergeCounts } from '../../domain/merge/types.js';
import type { Lease } from '../../domain/run/index.js';
import type { HeldLabel, RunItem, Storage, Transaction } from '../../storage/stores.js';
import { hashOfUnits } from '../content/unit-hash.js';
import type { DaemonContext } from '../context.js';
import type { LoadPlan, Target } from './load-plan.js';
import { mergeUnit, TargetMerge } from './merge-target.js';
import { type ClipPlaces, type PlacedPage, type PlacedUnit, placeUnits } from './page-units.js';
import { PageRepeats } from './repeats.js';
import type { ReturnedUnit } from './returned-units.js';
import { unexpectedLabels } from './unexpected.js';
import { type PageStates, readItems, readStates } from './versions.js';

/** What a page needs beside its units. */
export interface PageContext {
  readonly context: DaemonContext;
  readonly lease: Lease;
  readonly plan: LoadPlan;
  readonly clips: ClipPlaces;
  /** Finds or makes the targets of what came back; called inside the transaction. */
  targetsOf(tx: Transaction, units: readonly ReturnedUnit[]): Promise<readonly Target[]>;
  readonly progress: LoadProgress;
}

/** Counts of a load, kept in the operation's row and added to page by page. */
export interface LoadProgress {
  readonly counts: MergeCounts;
  units: number;
  pages: number;
  /** Units that are not in the dataset (any more), and the first of their ids. */
  strangers: number;
  strangerExamples: readonly string[];
  /** Units whose id is no id at all. */
  malformed: number;
  /** The task in hand, and how many of its sent labels were met so far. */
  task: number | null;
  taskSent: number;
}

/**
 * One page: lock the samples, read the three versions, merge, write labels, history, findings, what the run remembers,
 * events and progress: all in one transaction, or nothing. Returns the progress after it.
 */
export async function loadPage(page: PageContext, units: readonly ReturnedUnit[]): Promise<LoadProgress> {
  const { context, lease } = page;
  context.crashPoint('load:before-page-commit');
  const progress = await context.storage.transaction((tx) => writePage(page, tx, units), { lease });
  context.crashPoint('load:after-page-commit');
  return progress;
}

async function writePage(page: PageContext, tx: Transaction, units: readonly ReturnedUnit[]): Promise<LoadProgress> {
  const { storage } = page.context;
  const placed = await placeUnits(storage, tx, page.plan, page.clips, units);
  const keys = [...placed.samples.keys()].sort((a, b) => a - b);
  await storage.samples.lock(tx, keys);
  const work = new PageWork(page, tx, placed, keys, units.length);
  for (const target of await page.targetsOf(tx, units)) await work.merge(target);
  return work.write();
}

interface MergedTarget {
  readonly target: Target;
  readonly merge: TargetMerge;
  /** Samples of which something may have changed. */
  readonly keys: readonly number[];
}

class PageWork {
  private readonly merges: MergedTarget[] = [];
  private readonly counts = emptyCounts();
  private readonly storage: Storage;
  private readonly repeats: PageRepeats;

  constructor(
    private readonly page: PageContext,
    private readonly tx: Transaction,
    private readonly placed: PlacedPage,
    private readonly keys: readonly number[],
    private readonly unitCount: number,
  ) {
    this.storage = page.context.storage;
    this.repeats = new PageRepeats(placed);
  }

  /** Only samples that were touched are read; the others are known by their hash. */
  async merge(target: Target): Promise<void> {
    const { plan } = this.page;
    const items = await readItems(this.storage, this.tx, plan.run, target, this.keys);
    const touched = this.keys.filter((key) => !this.isUntouched(items.get(key), this.placed.samples.get(key) ?? []));
    let states = await readStates(this.storage, this.tx, plan.run, target, touched, items);
    let made = this.mergeSamples(target, states, touched);
    const elsewhere = await this.repeats.foundElsewhere(this.storage, this.tx, target, this.keys);
    if (states.missedOrigin && touched.length < this.keys.length) {
      states = await readStates(this.storage, this.tx, plan.run, target, this.keys, items);
      made = this.mergeSamples(target, states, touched);
      // Some new label has the id of a label on another sample: only now that it is known can it be given its own.
    } else if (elsewhere) made = this.mergeSamples(target, states, touched);
    addCounts(this.counts, made.merge.counts);
    this.merges.push(made);
  }

  private mergeSamples(target: Target, states: PageStates, touched: readonly number[]): MergedTarget {
    const merge = new TargetMerge(target, emptyCounts());
    const some = new Set(touched);
    for (const key of this.keys) {
      const units = this.placed.samples.get(key) ?? [];
      if (some.has(key)) for (const unit of units) this.mergeUnit(states, merge, unit);
      else countUntouched(merge.counts, units, target);
    }
    return { target, merge, keys: touched };
  }

  private isUntouched(item: RunItem | undefined, units: readonly PlacedUnit[]): boolean {
    if (item === undefined || this.page.plan.request.compatible || !units.every(({ unit }) => unit.complete))
      return false;
    return (item.returnedHash ?? item.sentHash) === hashOf(units);
  }

  private mergeUnit(states: PageStates, merge: TargetMerge, placed: PlacedUnit): void {
    const { payloadField, type } = merge.target;
    const part = placed.unit.parts.find((candidate) => candidate.field === payloadField && candidate.type === type);
    const { context, plan } = this.page;
    mergeUnit(merge, states, placed, part, this.repeats, () => context.newId(), !plan.request.compatible);
  }

  async write(): Promise<LoadProgress> {
    const { plan, progress } = this.page;
    const scope = { operationId: plan.operationId, runId: plan.run.id, datasetId: plan.datasetId };
    const unexpected = unexpectedLabels(plan, this.placed);
    addCounts(this.counts, unexpected.counts);
    const findings = [...this.merges.flatMap(({ merge }) => merge.findings), ...unexpected.findings];
    const masks = [...this.placed.samples.values()].flatMap((units) => units.flatMap(({ unit }) => unit.masks));
    if (masks.length > 0) await this.storage.masks.put(this.tx, masks);
    const at = await this.tx.eventNumber();
    for (const { target, merge, keys } of this.merges) await this.writeTarget(target, merge, keys, at);
    if (findings.length > 0) await this.storage.findings.add(this.tx, scope, findings);
    const held = [...unexpected.held, ...this.pendingDeletions()];
    if (held.length > 0) await this.storage.findings.hold(this.tx, scope, held);
    return this.tell(progress, findings.length);
  }

  private async writeTarget(target: Target, merge: TargetMerge, keys: readonly number[], at: number): Promise<void> {
    const { plan } = this.page;
    const { labels, runs } = this.storage;
    if (merge.labels.length > 0) await labels.write(this.tx, target.field, merge.labels);
    if (merge.scalars.length > 0) await labels.writeScalars(this.tx, target.field, merge.scalars);
    if (keys.length === 0) return;
    await runs.writeRunLabels(this.tx, plan.run.id, target.field.id, keys, merge.joined, merge.leftBehind);
    await runs.upsertItems(
      this.tx,
      plan.run.id,
      keys.map((sampleKey) => this.itemOf(target, merge, sampleKey, at)),
    );
  }

  private itemOf(
    target: Target,
    merge: TargetMerge,
    sampleKey: number,
    at: number,
  ): Parameters<Storage['runs']['upsertItems']>[2][number] {
    // What was refused is refused again by the next load: only a sample without findings is known by its hash.
    const clean = !merge.findings.some((finding) => finding.sampleKey === sampleKey);
    const returnedHash = clean ? hashOf(this.placed.samples.get(sampleKey) ?? []) : noHash;
    return { sampleKey, fieldId: target.field.id, returnedHash, loadedAt: at, loadedIn: this.page.plan.operationId };
  }

  private pendingDeletions(): (Omit<HeldLabel, 'id' | 'operationId' | 'runId' | 'sampleId'> & {
    readonly sampleKey: number;
  })[] {
    return this.merges.flatMap(({ target, merge }) =>
      merge.pending.map(({ sampleKey, frame, id }) => ({
        field: target.field.name,
        returnType: target.type,
        sampleKey,
        frame,
        labelId: id,
        document: {},
        reason: mergeRuleCodes.MANY_DELETIONS,
        state: 'PENDING' as const,
      })),
    );
  }

  private async tell(progress: LoadProgress, findings: number): Promise<LoadProgress> {
    const { plan } = this.page;
    const after = this.after(progress);
    const common = { datasetId: plan.datasetId, runId: plan.run.id, operationId: plan.operationId };
    for (const { target, merge } of this.merges) {
      const detail = writtenCounts(merge);
      if (detail.samples > 0)
        this.tx.emit({ ...common, kind: 'LABELS_CHANGED', detail: { field: target.field.name, ...detail } });
    }
    if (findings > 0)
      this.tx.emit({ ...common, kind: 'FINDINGS_RECORDED', detail: { operation: plan.operationId, findings } });
    this.tx.emit({
      ...common,
      kind: 'OPERATION_PROGRESS',
      detail: { kind: 'LOAD', units: after.units, counts: { ...after.counts } },
    });
    await this.storage.operations.update(this.tx, plan.operationId, { progress: progressJson(after) });
    return after;
  }

  private after(progress: LoadProgress): LoadProgress {
    const { strangers } = this.placed;
    const after: LoadProgress = {
      counts: { ...progress.counts },
      units: progress.units + this.unitCount,
      pages: progress.pages + 1,
      strangers: progress.strangers + strangers.length,
      strangerExamples: [...progress.strangerExamples, ...strangers.map((unit) => unit.id)].slice(0, 20),
      malformed: progress.malformed + strangers.filter((unit) => !/^[0-9a-f]{24}$/.test(unit.id)).length,
      task: progress.task,
      taskSent: progress.taskSent + this.counts.sent,
    };
    addCounts(after.counts, this.counts);
    return after;
  }
}

const noHash = '0'.repeat(40);

const hashOf = (units: readonly PlacedUnit[]): string => hashOfUnits(units.map(({ unit }) => unit.hash));

/** The progress as the operation's row holds it. */
export const progressJson = (progress: LoadProgress): JsonObject => ({
  ...progress,
  counts: { ...progress.counts },
  strangerExamples: [...progress.strangerExamples],
});

function countUntouched(counts: MergeCounts, units: readonly PlacedUnit[], target: Target): void {
  const { payloadField, type } = target;
  for (const { unit } of units)
    for (const part of unit.parts) {
      if (part.field !== payloadField || part.type !== type) continue;
      let size = 0;
      for (const labels of part.labels.values()) size += labels.length;
      for (const value of part.values.values()) size += value === null ? 0 : 1;
      counts.returned += size;
      counts.sent += size;
      counts.matched += size;
      counts.unchanged += size;
    }
}

function writtenCounts(merge: TargetMerge): { added: number; edited: number; deleted: number; samples: number } {
  const counts = {
    added: 0,
    edited: merge.scalars.length,
    deleted: 0,
    samples: new Set([...merge.labels, ...merge.scalars].map((write) => write.sampleKey)).size,
  };
  for (const { updates, additions, deletions } of merge.labels) {
    counts.added += additions.length;
    counts.edited += updates.length;
    counts.deleted += deletions.length;
  }
  return counts;
}
