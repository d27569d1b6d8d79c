import { NotFoundError } from '../../domain/errors/index.js';
import type { Lease, Run, Task } from '../../domain/run/index.js';
import type { Storage } from '../../storage/stores.js';
import type { RunField } from '../content/run-fields.js';
import { runFields } from '../content/run-fields.js';
import { taskWorkFor } from '../content/task-work.js';
import { hashOfUnits } from '../content/unit-hash.js';
import { type SentUnit, sentUnits } from '../content/units.js';
import type { DaemonContext, Next } from '../context.js';
import { eventOf } from '../moves.js';
import { runWorkFor } from '../run-work.js';

/**
 * Sends one task. What the adapter read of each sample is remembered as a hash, so that what comes home untouched is
 * known at a glance. Repeated after a crash, the adapter completes what is missing and the hashes are written again.
 */
export async function uploadTask(context: DaemonContext, lease: Lease, task: Task, signal: AbortSignal): Promise<Next> {
  const { storage } = context;
  const run = await storage.runs.byId(task.runId);
  if (run === null) throw new NotFoundError('run', task.runId);
  const fields = await runFields(storage, run);
  const sent = new SentHashes(context, lease, run, fields);
  await context.adapters.call(run, signal, async (adapter) => {
    const runWork = await runWorkFor(context, lease, run, signal);
    const work = await taskWorkFor(context, lease, run, task, runWork, (unit) => sent.add(unit));
    context.crashPoint('upload:before-remote');
    await adapter.upload(work);
    context.crashPoint('upload:after-remote');
  });
  context.crashPoint('upload:before-commit');
  if (sent.samples < task.sampleCount) await readAgain(storage, run, fields, task, sent);
  await sent.write();
  await markSent(context, lease, run, task);
  context.crashPoint('upload:after-commit');
  return { dueAt: null, progressed: true };
}

/** After a crash the adapter may have found all in place and read nothing. */
async function readAgain(
  storage: Storage,
  run: Run,
  fields: readonly RunField[],
  task: Task,
  sent: SentHashes,
): Promise<void> {
  for await (const unit of sentUnits(storage, run, fields, task.part)) sent.add(unit);
}

async function markSent(context: DaemonContext, lease: Lease, run: Run, task: Task): Promise<void> {
  const { storage } = context;
  await storage.transaction(
    async (tx) => {
      await storage.runs.updateTask(tx, task.id, { state: 'SENT', error: null });
      const detail = { taskId: task.id, part: task.part, from: task.state, to: 'SENT' };
      tx.emit(eventOf('TASK_CHANGED', { datasetId: run.datasetId, runId: run.id, detail }));
    },
    { lease },
  );
}

const pageSize = 1_000;

/** Hashes of sent units by sample; 40 digits a sample until the task is sent. */
class SentHashes {
  private readonly bySample = new Map<number, string[]>();

  constructor(
    private readonly context: DaemonContext,
    private readonly lease: Lease,
    private readonly run: Run,
    private readonly fields: readonly RunField[],
  ) {}

  get samples(): number {
    return this.bySample.size;
  }

  /** An adapter may read the units more than once: each counts once. */
  add({ sampleKey, hash }: SentUnit): void {
    const hashes = this.bySample.get(sampleKey);
    if (hashes === undefined) this.bySample.set(sampleKey, [hash]);
    else if (this.run.selection.unit !== 'sample') hashes.push(hash);
  }

  async write(): Promise<void> {
    const { storage } = this.context;
    const stored = this.fields.flatMap((field) => field.stored?.id ?? []);
    const samples = [...this.bySample];
    for (let from = 0; from < samples.length; from += pageSize) {
      const page = samples.slice(from, from + pageSize);
      const items = page.flatMap(([sampleKey, hashes]) =>
        stored.map((fieldId) => ({ sampleKey, fieldId, sentHash: hashOfUnits([...new Set(hashes)]) })),
      );
      await storage.transaction((tx) => storage.runs.upsertItems(tx, this.run.id, items), { lease: this.lease });
    }
  }
}
