import { once } from 'node:events';
import { describe, expect } from 'vitest';
import { BackendError, LeaseLostError } from '../../domain/errors/index.js';
import { test } from './daemon-stage.js';

const unavailable = (retryAfter: number | null = null) =>
  new BackendError('scripted', 'make the project', 'it is being restarted', { retryable: true, retryAfter });
const refused = new BackendError('scripted', 'make the project', 'the project is read-only', { retryable: false });

describe('a run', () => {
  test('goes from wish to COMPLETED by itself', async ({ stage }) => {
    const run = await stage.run(await stage.dataset(5), { task_size: 2 });
    await stage.start();
    await stage.untilRun(run, 'ANNOTATING');
    expect(stage.backend.calls[0]).toBe('prepare');
    expect(stage.backend.calls.filter((call) => call.startsWith('upload')).sort()).toEqual([
      'upload 0',
      'upload 1',
      'upload 2',
    ]);

    stage.backend.tell('COMPLETED', 0, 1, 2);
    const done = await stage.untilRun(run, 'COMPLETED');
    expect(done).toMatchObject({
      remote: { project: 1 },
      editorUrl: 'http://editor.example/1',
      taskCount: 3,
      error: null,
    });
    const moves = (await stage.events('RUN_STATE_CHANGED')).map(({ detail }) => `${detail.from} ${detail.to}`);
    expect(moves).toEqual(['PREPARING UPLOADING', 'UPLOADING ANNOTATING', 'ANNOTATING COMPLETED']);
  });

  test('goes back to ANNOTATING when a task is reopened', async ({ stage }) => {
    const run = await stage.run(await stage.dataset(2), { task_size: 1 });
    await stage.start();
    stage.backend.tell('COMPLETED', 0, 1);
    await stage.untilRun(run, 'COMPLETED');
    stage.backend.tell('REJECTED', 1);
    await stage.untilRun(run, 'ANNOTATING');
    expect((await stage.storage.runs.taskByPart(run.id, 1))?.state).toBe('REJECTED');
  });

  test('is given the secrets of config and call, the call first, and keeps none of them', async ({ stage }) => {
    const run = await stage.run(await stage.dataset(1), { color: 'red' });
    await stage.storage.transaction((tx) =>
      stage.storage.secrets.put(tx, { runId: run.id }, { token: 'from the call' }),
    );
    await stage.start();
    await stage.untilRun(run, 'ANNOTATING');
    expect(stage.backend.parameters).toMatchObject({ color: 'red', token: 'from the call' });
    expect(JSON.stringify(await stage.storage.runs.byId(run.id))).not.toContain('from the call');
  });

  test('shows why it waits, tries again, and forgets the trouble when it is over', async ({ stage }) => {
    const run = await stage.run(await stage.dataset(1));
    stage.backend
      .once('prepare', () => Promise.reject(unavailable()))
      .once('prepare', () => Promise.reject(unavailable()));
    await stage.start();
    const ready = await stage.untilRun(run, 'ANNOTATING');
    expect(stage.backend.calls.filter((call) => call === 'prepare')).toHaveLength(3);
    expect(ready.error).toBeNull();
    const troubles = (await stage.events('RUN_PROGRESS')).filter(({ detail }) => detail.trouble);
    expect(troubles.map(({ detail }) => detail.trouble)).toEqual([expect.objectContaining({ code: 'BACKEND_ERROR' })]);
  });

  test('is looked at again at a whole millisecond, whatever fraction the pace comes to', async ({ stage }) => {
    const run = await stage.run(await stage.dataset(1));
    await stage.start({ leaseFor: 10_000, watchFastest: 60_000.5, watchSlowest: 60_000.5 });
    await stage.untilRun(run, 'ANNOTATING');
    const due = await stage.until('it waits', async () => {
      const next = await stage.storage.work.nextDue(['run']);
      return stage.backend.calls.includes('changes') && next !== null && next > Date.now() + 55_000 && next;
    });

    expect(Number.isInteger(due)).toBe(true);
  });

  test('fails with the reason when the attempts are used up', async ({ stage }) => {
    const run = await stage.run(await stage.dataset(1));
    for (let i = 0; i < 3; i++) stage.backend.once('prepare', () => Promise.reject(unavailable()));
    await stage.start();
    const failed = await stage.untilRun(run, 'FAILED');
    expect(failed.error).toMatchObject({ code: 'BACKEND_ERROR', retryable: true });
    expect(stage.backend.calls).toEqual(['prepare', 'prepare', 'prepare']);
  });

  test('fails at once where trying again cannot help', async ({ stage }) => {
    const run = await stage.run(await stage.dataset(1));
    stage.backend.once('prepare', () => Promise.reject(refused));
    await stage.start();
    await stage.untilRun(run, 'FAILED');
    const [event] = await stage.events('RUN_STATE_CHANGED');
    expect(event?.detail).toMatchObject({
      to: 'FAILED',
      error: { code: 'BACKEND_ERROR', message: refused.message, retryable: false },
    });
  });

  test('is told as a bug, without its insides, where the adapter throws anything else', async ({ stage }) => {
    const run = await stage.run(await stage.dataset(1));
    for (let i = 0; i < 3; i++) stage.backend.once('prepare', () => Promise.reject(new TypeError('x is undefined')));
    await stage.start();
    const failed = await stage.untilRun(run, 'FAILED');
    expect(failed.error).toMatchObject({ code: 'INTERNAL' });
    expect(failed.error?.message).not.toContain('undefined');
  });

  test('fails when a task cannot be sent, and says which and why', async ({ stage }) => {
    const run = await stage.run(await stage.dataset(2), { task_size: 1 });
    stage.backend.once('upload', () => Promise.reject(refused));
    await stage.start({ concurrency: 1 });
    const failed = await stage.untilRun(run, 'FAILED');
    expect(failed.error?.message).toMatch(/^Task \d could not be sent\. .*read-only/);
    expect(await stage.storage.runs.taskCounts(run.id)).toEqual({ FAILED: 1, SENT: 1 });
  });

  test('that is started again sends what could not be sent, and nothing else', async ({ stage }) => {
    const run = await stage.run(await stage.dataset(2), { task_size: 1 });
    stage.backend.once('upload', () => Promise.reject(refused));
    await stage.start({ concurrency: 1 });
    await stage.untilRun(run, 'FAILED');
    stage.backend.calls.length = 0;
    await stage.storage.transaction(async (tx) => {
      await stage.storage.runs.update(tx, run.id, { state: 'PREPARING', error: null, dueAt: Date.now() });
      tx.emit({ kind: 'RUN_STATE_CHANGED', runId: run.id, detail: {} });
    });
    await stage.untilRun(run, 'ANNOTATING');
    expect(stage.backend.calls.filter((call) => call.startsWith('upload'))).toHaveLength(1);
    expect(await stage.storage.runs.taskCounts(run.id)).toEqual({ SENT: 2 });
    const moves = (await stage.events('TASK_CHANGED')).map(({ detail }) => `${detail.from} ${detail.to}`);
    expect(moves).toContain('FAILED PLANNED');
  });

  test('is COMPLETED when what is not completed is gone', async ({ stage }) => {
    const run = await stage.run(await stage.dataset(2), { task_size: 1 });
    await stage.start();
    stage.backend.tell('COMPLETED', 0);
    stage.backend.tell('GONE', 1);
    await stage.untilRun(run, 'COMPLETED');
  });

  test('waits for its backend without end while people annotate', async ({ stage }) => {
    const run = await stage.run(await stage.dataset(1));
    for (let i = 0; i < 8; i++) stage.backend.once('changes', () => Promise.reject(unavailable()));
    await stage.start();
    await stage.until('trouble shows', async () => (await stage.storage.runs.byId(run.id))?.error);
    await stage.until('it is over', async () => (await stage.storage.runs.byId(run.id))?.error === null);
    expect((await stage.storage.runs.byId(run.id))?.state).toBe('ANNOTATING');
  });

  test('is refused what its backend says against the contract', async ({ stage }) => {
    const run = await stage.run(await stage.dataset(1));
    stage.backend.tell('COMPLETED', 5);
    await stage.start();
    expect((await stage.untilRun(run, 'FAILED')).error).toMatchObject({ code: 'BACKEND_CONTRACT_BROKEN' });
  });

  test('that is cancelled sends no task', async ({ stage }) => {
    const run = await stage.run(await stage.dataset(1));
    const daemon = await stage.start();
    stage.backend.once('prepare', () => daemon.stop('test'));
    await daemon.finished;
    await stage.storage.transaction(async (tx) => {
      await stage.storage.runs.update(tx, run.id, { state: 'CANCELLED' });
      tx.emit({ kind: 'RUN_STATE_CHANGED', runId: run.id, detail: {} });
    });
    const next = await stage.start();
    await stage.until(
      'nothing is due',
      async () => (await next.context.storage.work.nextDue(['run', 'task'])) === null,
    );
    expect(stage.backend.calls).toEqual(['prepare']);
  });

  test('that is cancelled while it is prepared stays cancelled', async ({ stage }) => {
    const run = await stage.run(await stage.dataset(1));
    stage.backend.once('prepare', () =>
      stage.storage.transaction(async (tx) => {
        await stage.storage.runs.update(tx, run.id, { state: 'CANCELLED' });
        tx.emit({ kind: 'RUN_STATE_CHANGED', runId: run.id, detail: {} });
      }),
    );
    const daemon = await stage.start();
    await once(daemon.context.events, 'stepDone');
    expect((await stage.storage.runs.byId(run.id))?.state).toBe('CANCELLED');
  });

  test('is not touched by a daemon that slept through its lease', async ({ stage }) => {
    const run = await stage.run(await stage.dataset(1));
    const { work } = stage.storage;
    stage.backend.once('prepare', async () => {
      const later = Date.now() + 3_600_000;
      expect(await work.claimDue({ kinds: ['run'], limit: 1, leaseFor: 3_600_000, now: later })).toHaveLength(1);
    });
    const daemon = await stage.start();
    const [, error] = (await once(daemon.context.events, 'workDropped')) as [unknown, unknown];
    expect(error).toBeInstanceOf(LeaseLostError);
    expect(await stage.storage.runs.byId(run.id)).toMatchObject({ state: 'PREPARING', remote: null });
  });
});

describe('a cleanup', () => {
  test('deletes the remote work; the run is not looked at any more', async ({ stage }) => {
    const run = await stage.run(await stage.dataset(2), { task_size: 1 });
    const daemon = await stage.start();
    await stage.untilRun(run, 'ANNOTATING');
    const cleanup = await stage.ask('CLEANUP', {}, { datasetId: run.datasetId, runId: run.id });
    expect(await stage.untilOver(cleanup)).toMatchObject({ state: 'SUCCEEDED', result: { tasks: 2 } });
    expect(await stage.storage.runs.taskCounts(run.id)).toEqual({ GONE: 2 });
    expect((await stage.storage.runs.byId(run.id))?.state).toBe('COMPLETED');
    expect(await stage.events('RUN_CLEANED_UP')).toHaveLength(1);
    await stage.until(
      'nothing is due',
      async () => (await daemon.context.storage.work.nextDue(['run', 'task', 'operation'])) === null,
    );
  });

  test('that fails says why and leaves the tasks as they are', async ({ stage }) => {
    const run = await stage.run(await stage.dataset(1));
    await stage.start();
    await stage.untilRun(run, 'ANNOTATING');
    stage.backend.once('cleanup', () => Promise.reject(refused));
    const cleanup = await stage.untilOver(await stage.ask('CLEANUP', {}, { datasetId: run.datasetId, runId: run.id }));
    expect(cleanup).toMatchObject({ state: 'FAILED', error: { code: 'BACKEND_ERROR' } });
    expect(await stage.storage.runs.taskCounts(run.id)).toEqual({ SENT: 1 });
  });
});

describe('a daemon that stops', () => {
  test('finishes what it has in hand and takes no more', async ({ stage }) => {
    const run = await stage.run(await stage.dataset(1));
    const daemon = await stage.start();
    stage.backend.once('upload', () => daemon.stop('test'));
    await daemon.finished;
    expect(await stage.storage.runs.taskCounts(run.id)).toEqual({ SENT: 1 });
    expect((await stage.storage.runs.byId(run.id))?.state).toBe('UPLOADING');
  });

  test('hands back what it has in hand when the grace period is over, without counting the attempt', async ({
    stage,
  }) => {
    const run = await stage.run(await stage.dataset(1));
    const daemon = await stage.start({ gracePeriod: 0 });
    stage.backend.once('prepare', ({ signal }) => {
      daemon.stop('test');
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
    });
    await daemon.finished;
    const [lease] = await stage.storage.work.claimDue({ kinds: ['run'], limit: 1, leaseFor: 1_000, now: Date.now() });
    expect(lease?.item).toEqual({ kind: 'run', id: run.id, attempts: 1 });
  });
});
