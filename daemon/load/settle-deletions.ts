import type { JsonObject } from '../../domain/labels/index.js';
import { holdsDeletions } from '../../domain/merge/index.js';
import type { Lease } from '../../domain/run/index.js';
import type { PendingRow, Storage, StoredField, Transaction } from '../../storage/stores.js';
import type { DaemonContext } from '../context.js';
import { type LoadProgress, progressJson } from './load-page.js';
import type { LoadPlan } from './load-plan.js';

const pageSize = 2_000;

/**
 * Decides about the deletions of a task once all of it was read: if too many labels would go, all of them are held for a
 * decision, else they are carried out page by page. A label that was changed here since it was judged stays, as a conflict.
 */
export async function settleDeletions(
  context: DaemonContext,
  lease: Lease,
  plan: LoadPlan,
  progress: LoadProgress,
): Promise<LoadProgress> {
  const { storage } = context;
  const deletions = await storage.findings.countPending(plan.operationId);
  if (deletions === 0) return progress;
  if (holdsDeletions({ sent: progress.taskSent, deletions }, plan.request.compatible))
    return storage.transaction((tx) => holdAll(storage, tx, plan, deletions, progress), { lease });
  for (let after = progress; ; ) {
    const page = await storage.transaction((tx) => deletePage(storage, tx, plan, after), { lease });
    if (page === null) return after;
    after = page;
    context.crashPoint('load:after-page-commit');
  }
}

async function holdAll(
  storage: Storage,
  tx: Transaction,
  plan: LoadPlan,
  deletions: number,
  progress: LoadProgress,
): Promise<LoadProgress> {
  const after = copyOf(progress);
  after.counts.deleted -= deletions;
  after.counts.heldDeletions += deletions;
  await storage.findings.holdPending(tx, plan.operationId);
  tell(tx, plan, 'FINDINGS_RECORDED', { operation: plan.operationId, heldDeletions: deletions });
  return record(storage, tx, plan, after);
}

/** One page; null when nothing is pending any more. */
async function deletePage(
  storage: Storage,
  tx: Transaction,
  plan: LoadPlan,
  progress: LoadProgress,
): Promise<LoadProgress | null> {
  const rows = await storage.findings.pending(tx, plan.operationId, pageSize);
  if (rows.length === 0) return null;
  const after = copyOf(progress);
  await deleteRows(storage, tx, plan, rows, after);
  await storage.findings.settlePending(
    tx,
    rows.map((row) => row.id),
  );
  return record(storage, tx, plan, after);
}

const copyOf = (progress: LoadProgress): LoadProgress => ({ ...progress, counts: { ...progress.counts } });

async function record(storage: Storage, tx: Transaction, plan: LoadPlan, after: LoadProgress): Promise<LoadProgress> {
  await storage.operations.update(tx, plan.operationId, { progress: progressJson(after) });
  tell(tx, plan, 'OPERATION_PROGRESS', { kind: 'LOAD', units: after.units, counts: { ...after.counts } });
  return after;
}

async function deleteRows(
  storage: Storage,
  tx: Transaction,
  plan: LoadPlan,
  rows: readonly PendingRow[],
  after: LoadProgress,
): Promise<void> {
  const fields = new Map((await storage.datasets.fields(plan.datasetId, tx)).map((field) => [field.name, field]));
  await storage.samples.lock(
    tx,
    [...new Set(rows.map((row) => row.sampleKey))].sort((a, b) => a - b),
  );
  for (const name of new Set(rows.map((row) => row.field))) {
    const own = rows.filter((row) => row.field === name);
    const field = fields.get(name);
    if (field === undefined)
      after.counts.deleted -= own.length; // the field went meanwhile, and the labels with it
    else await deleteInField(storage, tx, plan, field, own, after);
  }
}

async function deleteInField(
  storage: Storage,
  tx: Transaction,
  plan: LoadPlan,
  field: StoredField,
  rows: readonly PendingRow[],
  after: LoadProgress,
): Promise<void> {
  const places = await storage.labels.holders(
    tx,
    field,
    rows.map((row) => row.labelId),
  );
  const labels = new Map(places.map((label) => [`${label.sampleKey} ${label.frame} ${label.id}`, label]));
  const deletions = new Map<string, { sampleKey: number; frame: number; keys: number[] }>();
  const kept: PendingRow[] = [];
  for (const row of rows) {
    const place = `${row.sampleKey} ${row.frame}`;
    const label = labels.get(`${place} ${row.labelId}`);
    if (label === undefined) continue; // deleted here meanwhile as well
    if (label.validFrom > row.event) kept.push(row);
    else {
      const group = deletions.get(place) ?? { sampleKey: row.sampleKey, frame: row.frame, keys: [] };
      group.keys.push(label.key);
      deletions.set(place, group);
    }
  }
  const writes = [...deletions.values()].map(({ keys: gone, ...place }) => ({
    ...place,
    updates: [],
    additions: [],
    deletions: gone,
    becomesEmptyList: false,
  }));
  await tx.eventNumber();
  await storage.labels.write(tx, field, writes);
  if (kept.length > 0) await keep(storage, tx, plan, kept, after);
  const deleted = writes.reduce((sum, write) => sum + write.deletions.length, 0);
  tell(tx, plan, 'LABELS_CHANGED', {
    field: field.name,
    added: 0,
    edited: 0,
    deleted,
    samples: new Set(writes.map((write) => write.sampleKey)).size,
  });
}

async function keep(
  storage: Storage,
  tx: Transaction,
  plan: LoadPlan,
  rows: readonly PendingRow[],
  after: LoadProgress,
): Promise<void> {
  after.counts.deleted -= rows.length;
  after.counts.conflicting += rows.length;
  after.counts.conflictingDeletions += rows.length;
  await storage.findings.add(
    tx,
    { operationId: plan.operationId, runId: plan.run.id, datasetId: plan.datasetId },
    rows.map(({ field, sampleKey, frame, labelId }) => ({
      field,
      sampleKey,
      frame,
      labelId,
      kind: 'CONFLICT' as const,
      what: 'deletion' as const,
      attribute: null,
      rule: 'CHANGED_HERE_DELETED_THERE',
      ours: null,
      theirs: null,
      outcome: 'held' as const,
    })),
  );
}

function tell(tx: Transaction, plan: LoadPlan, kind: string, detail: JsonObject): void {
  tx.emit({ kind, datasetId: plan.datasetId, runId: plan.run.id, operationId: plan.operationId, detail });
}
