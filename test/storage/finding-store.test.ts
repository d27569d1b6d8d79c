import { describe, expect } from 'vitest';
import type { Database } from '../../storage/database.js';
import { SqlFindingStore } from '../../storage/finding-store.js';
import type { FindingStore } from '../../storage/stores.js';
import { test } from '../support/database.js';
import { addDataset, addSamples, newHex } from '../support/rows.js';

type NewFinding = Parameters<FindingStore['add']>[2][number];
type NewHeld = Parameters<FindingStore['hold']>[2][number];

const refusal = (sampleKey: number, given: Partial<NewFinding> = {}): NewFinding => ({
  sampleKey,
  field: 'boxes',
  kind: 'REFUSED',
  frame: 0,
  labelId: null,
  what: 'geometry',
  attribute: null,
  rule: 'SPATIAL_EDITS_NOT_ALLOWED',
  ours: null,
  theirs: null,
  outcome: 'kept ours',
  ...given,
});

const held = (sampleKey: number, given: Partial<NewHeld> = {}): NewHeld => ({
  sampleKey,
  field: 'boxes',
  returnType: 'detections',
  frame: 0,
  labelId: null,
  document: { label: 'cat' },
  reason: 'UNEXPECTED',
  state: 'HELD',
  ...given,
});

async function prepared(database: Database) {
  const datasetId = await addDataset(database);
  const [sample] = await addSamples(database, datasetId, 1);
  const context = { operationId: 5, runId: newHex(), datasetId };
  const store = new SqlFindingStore(database);
  const record = (findings: readonly NewFinding[], labels: readonly NewHeld[] = [], about = context) =>
    database.transaction(async (tx) => {
      await store.add(tx, about, findings);
      await store.hold(tx, about, labels);
      tx.emit({ kind: 'FINDINGS_RECORDED', detail: {} });
    });
  return { store, context, record, key: sample?.key ?? 0, sampleId: sample?.hex ?? '' };
}

describe('findings', () => {
  test('come back whole, with the public id of their sample', async ({ database }) => {
    const { store, context, record, key, sampleId } = await prepared(database);
    const labelId = newHex();
    const finding = refusal(key, {
      labelId,
      frame: 3,
      what: 'attribute',
      attribute: 'colour',
      ours: [0.1, 'ä"'],
      theirs: { x: null },
    });
    await record([finding, refusal(key)]);

    const { items } = await store.list({ first: 10 }, { operationId: 5 });
    const { sampleKey: _, ...shown } = finding;
    expect(items[0]?.item).toEqual({ ...shown, id: 1, operationId: 5, runId: context.runId, sampleId });
    expect(items[1]?.item).toMatchObject({ labelId: null, ours: null, attribute: null });
  });

  test('outlive their sample', async ({ database }) => {
    const { store, record, key, sampleId } = await prepared(database);
    await record([refusal(key)]);
    await database.transaction((tx) => tx.run('DELETE FROM sample WHERE id = ?', [key]));

    expect((await store.list({ first: 1 }, { operationId: 5 })).items[0]?.item.sampleId).toBe(sampleId);
  });

  test('are listed by load, run, kind, rule and field, and counted by rule', async ({ database }) => {
    const { store, context, record, key } = await prepared(database);
    await record([
      refusal(key),
      refusal(key, { rule: 'A' }),
      refusal(key, { kind: 'CONFLICT', rule: 'B', field: 'other' }),
    ]);
    await record([refusal(key)], [], { ...context, operationId: 6 });
    const count = async (filter: Parameters<FindingStore['list']>[1]) =>
      (await store.list({ first: 10 }, filter)).items.length;

    expect(await count({ operationId: 5 })).toBe(3);
    expect(await count({ runId: context.runId })).toBe(4);
    expect(await count({ runId: newHex() })).toBe(0);
    expect(await count({ operationId: 5, kinds: ['CONFLICT'] })).toBe(1);
    expect(await count({ operationId: 5, rules: ['A', 'B'] })).toBe(2);
    expect(await count({ operationId: 5, field: 'boxes' })).toBe(2);
    expect(await store.countByRule({ runId: context.runId })).toEqual([
      { kind: 'CONFLICT', rule: 'B', count: 1 },
      { kind: 'REFUSED', rule: 'A', count: 1 },
      { kind: 'REFUSED', rule: 'SPATIAL_EDITS_NOT_ALLOWED', count: 2 },
    ]);
  });

  test('come in pages', async ({ database }) => {
    const { store, record, key } = await prepared(database);
    await record(Array.from({ length: 5 }, (_, i) => refusal(key, { rule: `${i}` })));
    const first = await store.list({ first: 3 }, { operationId: 5 });
    const rest = await store.list({ first: 3, after: first.items.at(-1)?.cursor ?? null }, { operationId: 5 });

    expect([...first.items, ...rest.items].map(({ item }) => item.rule)).toEqual(['0', '1', '2', '3', '4']);
    expect([first.hasMore, rest.hasMore]).toEqual([true, false]);
  });
});

describe('held labels', () => {
  test('come back whole and are listed by state', async ({ database }) => {
    const { store, context, record, key, sampleId } = await prepared(database);
    const label = held(key, {
      labelId: newHex(),
      frame: 2,
      document: { bounding_box: [0.1, 0.30000000000000004, 1e-9, 1] },
    });
    await record([], [label, held(key, { state: 'RETURNED' })]);

    const { items } = await store.held({ first: 10 }, { runId: context.runId });
    const { sampleKey: _, ...shown } = label;
    expect(items[0]?.item).toEqual({ ...shown, id: 1, operationId: 5, runId: context.runId, sampleId });
    expect(items).toHaveLength(2);
    expect((await store.held({ first: 10 }, { operationId: 5, states: ['RETURNED'] })).items).toHaveLength(1);
  });

  test('that are pending show only where asked for, until they are held or done', async ({ database }) => {
    const { store, record, key } = await prepared(database);
    const deletions = Array.from({ length: 3 }, () => held(key, { labelId: newHex(), state: 'PENDING' }));
    await record([], [...deletions, held(key)]);
    const listed = async (states?: string[]) =>
      (await store.held({ first: 10 }, { operationId: 5, ...(states ? { states } : {}) })).items.map(
        ({ item }) => item.labelId,
      );

    expect(await store.countPending(5)).toBe(3);
    expect(await listed()).toEqual([null]);
    expect(await listed(['PENDING'])).toEqual(deletions.map(({ labelId }) => labelId));
    const [first] = await database.transaction((tx) => store.pending(tx, 5, 1));
    expect(first).toEqual({
      id: 1,
      field: 'boxes',
      sampleKey: key,
      frame: 0,
      labelId: deletions[0]?.labelId,
      event: 1,
    });
    await database.transaction(async (tx) => {
      await store.settlePending(tx, [first?.id ?? 0, 4]);
      await store.holdPending(tx, 5);
    });

    expect(await store.countPending(5)).toBe(0);
    expect(await listed()).toEqual([deletions[1]?.labelId, deletions[2]?.labelId, null]);
  });
});
