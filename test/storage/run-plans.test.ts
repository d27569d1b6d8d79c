import { describe, expect } from 'vitest';
import type { Database } from '../../storage/database.js';
import { SqlEventFeed } from '../../storage/event-feed.js';
import { SqlFindingStore } from '../../storage/finding-store.js';
import { createRunStore } from '../../storage/run-store.js';
import { SqlWorkStore } from '../../storage/work-store.js';
import { onPostgres, test } from '../support/database.js';
import { plansOf } from '../support/plans.js';
import { newHex } from '../support/rows.js';
import { newRun, recordRun, runOnSamples } from '../support/runs.js';

/** A step that reads a whole table (reading a list or the result of a part of the statement is none), or sorts. */
const slow = /SCAN (?!j\b|f\b|h\b|o\b|\()|TEMP B-TREE/;

/** Fails with statement and step where one is slow. */
async function expectFast(database: Database, work: (database: Database) => Promise<unknown>): Promise<void> {
  const plans = await plansOf(database, work);
  expect(plans.length).toBeGreaterThan(0);
  const found = plans.flatMap(({ sql, steps }) =>
    steps.filter((step) => slow.test(step)).map((step) => ({ step, sql })),
  );
  expect(found).toEqual([]);
}

/** A run of 2,000 samples with tasks, items and labels, with other work beside it. */
async function bigRun(database: Database) {
  const made = await runOnSamples(database, 2_000);
  const runs = createRunStore(database);
  const { run, samples, fieldId, datasetId } = made;
  for (let i = 0; i < 100; i++)
    await recordRun(database, newRun(datasetId, { annoKey: `run ${i}`, view: { limit: 1 } }));
  await database.transaction(async (tx) => {
    await runs.planTasks(tx, run.id, 20);
    await runs.upsertItems(
      tx,
      run.id,
      samples.map(({ key }) => ({ sampleKey: key, fieldId, sentHash: 'aa', loadedIn: 1 })),
    );
    const joined = samples.map(({ key }) => ({ sampleKey: key, frame: 0, id: newHex() }));
    await runs.writeRunLabels(tx, run.id, fieldId, [], joined, []);
    for (let i = 0; i < 500; i++) {
      await tx.run(
        "INSERT INTO operation(kind, state, request, created_at, due) VALUES ('LOAD', 'QUEUED', '{}', 0, ?)",
        [i % 2 ? null : i],
      );
      tx.emit({ kind: 'A', datasetId: i % 5, runId: run.id, operationId: i, detail: {} });
    }
  });
  return { ...made, page: samples.slice(500, 750).map(({ key }) => key) };
}

const withoutStatistics = async (_database: Database): Promise<void> => {};
const withStatistics = async (database: Database): Promise<void> => {
  await database.transaction((tx) => tx.run('ANALYZE'));
};

describe.skipIf(onPostgres).each([
  ['without statistics', withoutStatistics],
  ['with statistics', withStatistics],
])('on SQLite %s', (_name, prepare) => {
  test('the page of a load reads and writes by key only', async ({ database }) => {
    const { run, fieldId, page } = await bigRun(database);
    await prepare(database);

    await expectFast(database, (noted) =>
      noted.transaction(async (tx) => {
        const runs = createRunStore(noted);
        await runs.items(tx, run.id, fieldId, page);
        await runs.runLabels(tx, run.id, fieldId, page);
        await runs.members(run.id, page, tx);
        await runs.upsertItems(
          tx,
          run.id,
          page.map((sampleKey) => ({ sampleKey, fieldId, returnedHash: 'bb' })),
        );
        const left = page.map((sampleKey) => ({ sampleKey, frame: 0, id: newHex(), returned: null }));
        await runs.writeRunLabels(tx, run.id, fieldId, page, [], left);
      }),
    );
  });

  test('members and tasks of a run are read by range', async ({ database }) => {
    const { run, page } = await bigRun(database);
    await prepare(database);

    await expectFast(database, async (noted) => {
      const runs = createRunStore(noted);
      await runs.samples(run.id, { afterPosition: 700, limit: 10 });
      await runs.samples(run.id, { afterPosition: 70, part: 3, limit: 10 });
      await runs.loadedBy(run.id, 1, page);
      await runs.taskByPart(run.id, 5);
      await runs.byId(run.id);
      await runs.byKey(run.datasetId, 'boxes');
    });
  });

  test('work is found by when it is due', async ({ database }) => {
    await bigRun(database);
    await prepare(database);

    await expectFast(database, async (noted) => {
      const work = new SqlWorkStore(noted);
      const kinds = ['run', 'task', 'operation'] as const;
      await work.nextDue(kinds);
      const [lease] = await work.claimDue({ kinds, limit: 5, leaseFor: 10, now: 100 });
      if (lease) await work.renew(lease, 10, 105);
      if (lease) await work.finish(lease, { dueAt: 900, progressed: true });
      await work.claimDue({ kinds, limit: 5, leaseFor: 10, now: 200 });
    });
  });

  test('events and findings are read by range', async ({ database }) => {
    const { run } = await bigRun(database);
    await prepare(database);

    await expectFast(database, async (noted) => {
      const feed = new SqlEventFeed(noted);
      for (const filter of [{}, { datasetId: 2 }, { runId: run.id }, { operationId: 7 }])
        await feed.read(100, 10, filter);
      await feed.latest();
      const findings = new SqlFindingStore(noted);
      await findings.list({ first: 10 }, { operationId: 1 });
      await findings.held({ first: 10 }, { operationId: 1 });
      await findings.countPending(1);
    });
  });
});
