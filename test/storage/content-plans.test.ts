import { describe, expect } from 'vitest';
import type { Database } from '../../storage/database.js';
import { SqlDatasetStore } from '../../storage/dataset-store.js';
import { SqlLabelStore } from '../../storage/label-store.js';
import { SqlSampleStore } from '../../storage/sample-store.js';
import type { LabelQuery, Transaction } from '../../storage/stores.js';
import { label, list, Stage, sample } from '../support/content.js';
import { onPostgres, test } from '../support/database.js';
import { plansOf } from '../support/plans.js';

/** A step that walks a table, or a whole field by an index of labels. Lists of parameters (j, t) and parts of the statement are none. */
const slow = /SCAN (?!j\b|t\b|e\b|w\d|a\b|v\b|seen\b|looked_at\b|sqlite_sequence\b|\d+-ROW|\(|CONSTANT)/;

/** Two datasets of 300 images with two fields and 10 labels an image; some were changed since event `frozen`. */
async function bigStage(database: Database) {
  const stage = await Stage.on(database, { boxes: 'Detections', other: 'Detections', weather: 'string' });
  const beside = await Stage.on(database, { boxes: 'Detections' });
  const labels = () => Array.from({ length: 5 }, (_, i) => label({ label: `class ${i}`, confidence: i / 5 }));
  for (const one of [stage, beside])
    await one.add(
      ...Array.from({ length: 300 }, (_, i) =>
        sample(
          { boxes: list(...labels()), ...(one === stage ? { other: list(...labels()) } : {}) },
          { path: `/${i}.jpg` },
        ),
      ),
    );
  const frozen = await stage.now();
  for (let key = 1; key < 40; key++) await stage.change('boxes', key, { add: [label()] });
  return { stage, frozen };
}

const withoutStatistics = async (_stage: Stage): Promise<void> => {};
const withStatistics = (stage: Stage): Promise<void> => stage.write((tx) => stage.datasets.afterImport(tx));

describe.skipIf(onPostgres).each([
  ['without statistics', withoutStatistics],
  ['with statistics', withStatistics],
])('on SQLite %s', (_name, prepare) => {
  /** The plans of what is done with stores on the noting database. */
  async function steps(
    stage: Stage,
    work: (
      stores: { labels: SqlLabelStore; samples: SqlSampleStore; datasets: SqlDatasetStore },
      database: Database,
    ) => Promise<unknown>,
  ): Promise<string[]> {
    const plans = await plansOf(stage.database, (database) =>
      work(
        {
          labels: new SqlLabelStore(database),
          samples: new SqlSampleStore(database),
          datasets: new SqlDatasetStore(database),
        },
        database,
      ),
    );
    // Datasets, fields and classes are few.
    const ofMany = plans.filter(({ sql }) => !/FROM (dataset|field|class)\b/.test(sql));
    const found = ofMany.flatMap(({ sql, steps: all }) =>
      all.filter((step) => slow.test(step)).map((step) => `${step} in ${sql}`),
    );
    expect(found).toEqual([]);
    return ofMany.flatMap((plan) => plan.steps);
  }

  const transaction = (database: Database, work: (tx: Transaction) => Promise<unknown>) =>
    database.transaction(async (tx) => {
      tx.emit({ kind: 'TEST', detail: {} });
      return work(tx);
    });

  test('a page of a load looks nothing up outside of its samples', async ({ database }) => {
    const { stage, frozen } = await bigStage(database);
    await prepare(stage);
    const field = await stage.field('boxes');
    for (const keys of [Array.from({ length: 50 }, (_, i) => 30 + i), [3, 17, 90, 250]]) {
      const found = await steps(stage, ({ labels }, noting) =>
        transaction(noting, async (tx) => {
          const versions = await labels.versions(tx, field, keys, frozen);
          const writes = keys.map((sampleKey) => {
            const current = versions.get(sampleKey)?.get(0)?.current ?? [];
            return {
              sampleKey,
              frame: 0,
              updates: current.slice(0, 1).map((one) => ({ key: one.key, label: { ...one, label: 'new' } })),
              additions: [label()],
              deletions: current.slice(1, 2).map(({ key }) => key),
              becomesEmptyList: false,
            };
          });
          await labels.write(tx, field, writes);
        }),
      );
      expect(
        found.filter((step) => /ix_label_class|ix_label_confidence|ix_label_history_to|ix_value_history_to/.test(step)),
      ).toEqual([]);
      expect(found.some((step) => /SEARCH l USING INTEGER PRIMARY KEY \(rowid>\? AND rowid<\?\)/.test(step))).toBe(
        true,
      );
    }
  });

  test('a revert and an import too', async ({ database }) => {
    const { stage, frozen } = await bigStage(database);
    await prepare(stage);
    const field = await stage.field('boxes');
    const found = await steps(stage, ({ labels, samples }, noting) =>
      transaction(noting, async (tx) => {
        await labels.revertPage(tx, field, [3, 4, 5], frozen + 1, frozen + 100);
        await samples.insertWhole(
          tx,
          stage.dataset.id,
          [
            sample({ boxes: list(label()) }),
            sample({ boxes: list(label()) }, { id: (await samples.byKeys([1], tx))[0]?.id ?? '' }),
          ],
          [],
          { merge: true },
        );
      }),
    );
    expect(found.filter((step) => /ix_label_class|ix_label_confidence|ix_label_history_to/.test(step))).toEqual([]);
  });

  const queries: [string, LabelQuery, RegExp][] = [
    [
      'a class',
      { field: 'boxes', classes: ['class 1'] },
      /SEARCH l USING (COVERING )?INDEX ix_label_class \(field_id=\? AND class_id=\?( AND rowid>\?)?\)/,
    ],
    [
      'confidences',
      { field: 'boxes', confidence: { atLeast: 0.2, atMost: 0.5 } },
      /SEARCH l USING (COVERING )?INDEX ix_label_confidence \(field_id=\? AND (confidence>\? AND confidence<\?|confidence=\? AND rowid>\?)\)/,
    ],
    ['an id', { ids: ['0'.repeat(24)] }, /SEARCH l USING (COVERING )?INDEX uq_label \(hex=\?\)/],
    ['a field', { field: 'boxes' }, /SEARCH l USING INTEGER PRIMARY KEY \(rowid>\? AND rowid<\?\)/],
  ];

  test.for(queries)(
    'labels are listed by %s through its index, without sorting',
    async ([, query, plan], { database }) => {
      const { stage } = await bigStage(database);
      await prepare(stage);
      const { items } = await stage.labels.list(stage.dataset.id, query, { first: 2 });
      const start = await steps(stage, ({ labels }) => labels.list(stage.dataset.id, query, { first: 10 }));
      const after = items.at(-1)?.cursor ?? null;
      const next = await steps(stage, ({ labels }) => labels.list(stage.dataset.id, query, { first: 10, after }));
      for (const found of [start, next]) {
        const ofLabels = found.filter((step) => / l USING/.test(step));
        expect(ofLabels.length).toBeGreaterThan(0);
        for (const step of ofLabels) expect(step).toMatch(plan);
      }
      // The labels of a list of ids are sorted, and a page of each way into the confidences.
      if (query.ids === undefined) expect(start.filter((step) => /TEMP B-TREE/.test(step))).toEqual([]);
    },
  );

  test('classes are found by jumping from one to the next', async ({ database }) => {
    const { stage } = await bigStage(database);
    await prepare(stage);
    const field = await stage.field('boxes');
    const found = await steps(stage, ({ labels }) => labels.classes(field));
    expect(
      found.filter((step) =>
        /SEARCH l USING COVERING INDEX ix_label_class \(field_id=\?( AND class_id>\?)?\)/.test(step),
      ),
    ).toHaveLength(2);
  });

  test('samples are listed by an index on their dataset, without sorting', async ({ database }) => {
    const { stage } = await bigStage(database);
    await prepare(stage);
    for (const view of [{}, { sort: { by: 'PATH' as const } }, { sort: { by: 'ID' as const, descending: true } }]) {
      const { items } = await stage.samples.list(stage.dataset.id, { first: 2 }, { view });
      const found = await steps(stage, ({ samples }) =>
        samples.list(stage.dataset.id, { first: 10, after: items[1]?.cursor ?? null }, { view }),
      );
      expect(
        found.filter((step) => /SEARCH s USING INDEX ix_sample_(dataset|path) \(dataset_id=\?/.test(step)),
      ).toHaveLength(1);
      expect(found.filter((step) => /TEMP B-TREE/.test(step))).toEqual([]);
    }
  });

  test('an export and a deletion go page by page through keys', async ({ database }) => {
    const { stage, frozen } = await bigStage(database);
    await prepare(stage);
    await steps(stage, async ({ samples }, noting) => {
      for await (const _one of samples.whole(stage.dataset.id, { asOf: frozen, pageSize: 100 })) break;
      await transaction(noting, (tx) => samples.delete(tx, stage.dataset.id, [5, 6]));
    });
    await steps(stage, ({ datasets }, noting) =>
      transaction(noting, (tx) => datasets.deleteSome(tx, stage.dataset.id, 10)),
    );
  });
});
