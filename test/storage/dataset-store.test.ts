import { describe, expect } from 'vitest';
import { packMask } from '../../storage/mask-codec.js';
import { frame, label, list, newDataset, Stage, sample, scalar } from '../support/content.js';
import { onPostgres, test } from '../support/database.js';
import { runOnSamples } from '../support/runs.js';

describe('datasets', () => {
  test('keep everything that is known of them', async ({ database }) => {
    const given = newDataset({
      name: 'street',
      mediaType: 'group',
      document: { info: { a: [1, null] } },
      persistent: false,
      maskTargets: { seg: { '1': 'cat' } },
      defaultMaskTargets: { '#ff0000': 'dog' },
      groupField: 'group',
      groupMediaTypes: { left: 'image' },
      defaultGroupSlice: 'left',
      foreignRuns: { evaluations: {} },
    });
    const { datasets, dataset, write } = await Stage.on(database, {}, given);
    expect(dataset).toMatchObject({ ...given, sampleCount: 0 });
    expect(await datasets.byName('street')).toEqual(dataset);
    expect(await datasets.byId(dataset.id)).toEqual(dataset);
    await database.transaction((tx) =>
      datasets.update(tx, dataset.id, { name: 'road', defaultMaskTargets: null, persistent: true }),
    );
    expect(await datasets.byName('street')).toBeNull();
    expect(await datasets.byId(dataset.id)).toMatchObject({
      ...given,
      name: 'road',
      defaultMaskTargets: null,
      persistent: true,
    });
    expect(write).toBeTypeOf('function');
  });

  test('have names of their own', async ({ database }) => {
    const one = await Stage.on(database, {}, { name: 'one' });
    const two = await Stage.on(database, {}, { name: 'two' });
    await expect(Stage.on(database, {}, { name: 'one' })).rejects.toMatchObject({
      code: 'DATASET_EXISTS',
      dataset: 'one',
    });
    await expect(
      database.transaction((tx) => two.datasets.update(tx, two.dataset.id, { name: 'one' })),
    ).rejects.toMatchObject({ code: 'DATASET_EXISTS' });
    expect(one.dataset.name).toBe('one');
  });

  test('are listed page by page', async ({ database }) => {
    const names = ['a%', 'b', 'c%', 'd'];
    for (const name of names) await Stage.on(database, {}, { name, mediaType: name === 'd' ? 'video' : 'image' });
    const { datasets } = await Stage.on(database, {}, { name: 'e' });
    const first = await datasets.list({ first: 3 });
    const second = await datasets.list({ first: 3, after: first.items.at(-1)?.cursor ?? null });
    expect([...first.items, ...second.items].map(({ item }) => item.name)).toEqual([...names, 'e']);
    expect([first.hasMore, second.hasMore]).toEqual([true, false]);
    expect((await datasets.list({ first: 9 }, { nameContains: '%' })).items).toHaveLength(2);
    expect((await datasets.list({ first: 9 }, { mediaType: 'video' })).items.map(({ item }) => item.name)).toEqual([
      'd',
    ]);
  });

  test('know their sizes', async ({ database }) => {
    const stage = await Stage.on(database, { boxes: 'Detections', 'frames.boxes': 'Detections', weather: 'string' });
    const video = sample({ weather: scalar('"sun"') }, { mediaType: 'video' });
    await stage.add(sample({ boxes: list(label(), label()) }), video);
    await stage.addFrames(frame(video.id, 1, { boxes: list(label()) }), frame(video.id, 2));
    const stats = await stage.datasets.stats(stage.dataset.id);
    expect(stats).toMatchObject({ samples: 2, frames: 2, labels: 3 });
    expect(stats.fields.map(({ field, labels }) => [field.name, labels])).toEqual([
      ['boxes', 2],
      ['frames.boxes', 1],
      ['weather', 0],
    ]);
    expect(stats.estimatedLabelBytes).toBeGreaterThan(300);
    await expect(stage.datasets.stats(99)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('fields', () => {
  test('are made once and keep their type', async ({ database }) => {
    const stage = await Stage.on(database);
    const field = { name: 'boxes', type: 'Detections', document: { ftype: 'x' } };
    const made = await stage.write((tx) => stage.datasets.ensureField(tx, stage.dataset.id, field));
    expect(made).toMatchObject({ ...field, datasetId: stage.dataset.id, labelCount: 0 });
    expect(await stage.addField('boxes', 'Detections')).toEqual(made);
    await expect(stage.addField('boxes', 'Polylines')).rejects.toMatchObject({
      code: 'FIELD_TYPE_CONFLICT',
      existing: 'Detections',
      wanted: 'Polylines',
    });
  });

  test('can be renamed, with all they hold', async ({ database }) => {
    const stage = await Stage.on(database, { boxes: 'Detections', other: 'Detections', 'frames.boxes': 'Detections' });
    const one = label();
    await stage.add(sample({ boxes: list(one) }));
    const rename = (name: string, newName: string) =>
      stage.write((tx) => stage.datasets.renameField(tx, stage.dataset.id, name, newName));
    await rename('boxes', 'objects');
    expect((await stage.whole())[0]?.fields).toEqual(new Map([['objects', list(one)]]));
    await expect(rename('objects', 'other')).rejects.toMatchObject({ code: 'FIELD_NAME_NOT_POSSIBLE' });
    await expect(rename('objects', 'frames.objects')).rejects.toMatchObject({ code: 'FIELD_NAME_NOT_POSSIBLE' });
    await expect(rename('missing', 'x')).rejects.toMatchObject({ code: 'NOT_FOUND', kind: 'field' });
  });

  test('can be deleted; a new one of the name starts empty', async ({ database }) => {
    const stage = await Stage.on(database, { boxes: 'Detections', other: 'Detections' });
    const kept = label();
    await stage.add(sample({ boxes: list(label()), other: list(kept) }));
    await stage.write((tx) => stage.datasets.deleteField(tx, stage.dataset.id, 'boxes'));
    expect((await stage.whole())[0]?.fields).toEqual(new Map([['other', list(kept)]]));
    await stage.addField('boxes', 'Polylines');
    expect(await stage.labels.count(stage.dataset.id, { field: 'boxes' })).toBe(0);
    expect((await database.query('SELECT 1 FROM label_history')).length).toBe(1);
  });
});

describe('deleted samples', () => {
  test('are gone with their labels, which the history keeps', async ({ database }) => {
    const stage = await Stage.on(database, { boxes: 'Detections', weather: 'string' });
    const [a, b] = [
      sample({ boxes: list(label(), label()), weather: scalar('"sun"') }),
      sample({ boxes: list(label()) }),
    ];
    await stage.add(a, b);
    const before = await stage.now();
    const key = await stage.keyOf(a.id);
    await stage.write((tx) => stage.samples.delete(tx, stage.dataset.id, [key]));
    expect(await stage.whole()).toEqual([b]);
    expect((await stage.datasets.byId(stage.dataset.id))?.sampleCount).toBe(1);
    expect((await stage.field('boxes')).labelCount).toBe(1);
    const past = await stage.labels.values(await stage.field('boxes'), [key], before);
    expect(past.get(key)?.get(0)?.labels).toHaveLength(2);
    await stage.add(sample({ boxes: list(label()) }));
    expect((await stage.samples.list(stage.dataset.id, { first: 9 })).items.every(({ item }) => item.key !== key)).toBe(
      true,
    );
  });
});

describe('a dataset that is deleted', () => {
  test('goes piece by piece, out of sight from the first, and leaves others alone', async ({ database }) => {
    const stage = await Stage.on(database, { boxes: 'Detections', 'frames.boxes': 'Detections' }, { name: 'doomed' });
    const other = await Stage.on(database, { boxes: 'Detections' }, { name: 'other' });
    const kept = sample({ boxes: list(label()) });
    await other.add(kept);
    const samples = Array.from({ length: 5 }, () => sample({ boxes: list(label(), label()) }));
    await stage.add(...samples);
    await stage.addFrames(frame(samples[4]?.id ?? '', 1, { boxes: list(label()) }));
    await stage.change('boxes', await stage.keyOf(samples[0]?.id ?? ''), { add: [label()] });
    const deleteSome = () => database.transaction((tx) => stage.datasets.deleteSome(tx, stage.dataset.id, 2));
    expect(await deleteSome()).toBe(false);
    expect(await stage.datasets.byName('doomed')).toBeNull();
    expect((await stage.datasets.list({ first: 9 })).items.map(({ item }) => item.name)).toEqual(['other']);
    const again = await Stage.on(database, {}, { name: 'doomed' });
    expect([await deleteSome(), await deleteSome()]).toEqual([false, true]);
    expect(await stage.datasets.byId(stage.dataset.id)).toBeNull();
    expect(await other.whole()).toEqual([kept]);
    expect(await again.whole()).toEqual([]);
    for (const table of ['label', 'sample', 'sample_field'])
      expect(await database.query(`SELECT 1 FROM ${table}`)).toHaveLength(1);
    for (const table of ['label_history', 'value_history', 'frame'])
      expect(await database.query(`SELECT 1 FROM ${table}`)).toHaveLength(0);
  });

  test('takes its runs with it', async ({ database }) => {
    const { datasetId } = await runOnSamples(database, 2);
    const { datasets } = await Stage.on(database);
    expect(await database.transaction((tx) => datasets.deleteSome(tx, datasetId, 10))).toBe(true);
    for (const table of ['run', 'run_sample', 'task', 'run_item'])
      expect(await database.query(`SELECT 1 FROM ${table}`)).toHaveLength(0);
  });
});

describe('tags and values', () => {
  test('of samples can be set', async ({ database }) => {
    const stage = await Stage.on(database, { boxes: 'Detections' });
    await stage.add(sample({}, { tags: ['old'] }), sample());
    await stage.write((tx) => stage.samples.setTags(tx, stage.dataset.id, [1], ['a', 'b']));
    expect((await stage.whole()).map(({ tags }) => tags)).toEqual([['a', 'b'], []]);
    await stage.write((tx) => stage.samples.setTags(tx, stage.dataset.id, [1, 2], []));
    expect((await stage.whole()).map(({ tags }) => tags)).toEqual([[], []]);
    const twice = label();
    const field = await stage.field('boxes');
    await expect(
      stage.write((tx) => stage.samples.setValue(tx, 1, field, 0, list(twice, twice))),
    ).rejects.toMatchObject({ code: 'DUPLICATE_LABEL_ID' });
  });
});

describe('masks', () => {
  const masks = [0, 1, 2, 3, 4].map((value) => packMask({ shape: [1, 1], element: '|u1', data: [value] }));
  const withMask = (i: number) => label({ geometry: `{"mask":"${masks[i]?.hash}"}` });

  test('that nobody names are collected, a few at a time', async ({ database }) => {
    const stage = await Stage.on(database, { seg: 'Segmentation', boxes: 'Detections' });
    const [now, past, held, left] = [withMask(0), withMask(1), withMask(2), withMask(3)];
    await stage.write((tx) =>
      stage.samples.insertWhole(tx, stage.dataset.id, [sample({ seg: list(now), boxes: list(past) })], masks),
    );
    await stage.change('boxes', 1, { update: [{ ...past, geometry: null }] });
    await database.transaction(async (tx) => {
      await tx.run(
        "INSERT INTO held_label(operation_id, run_hex, dataset_id, field, return_type, sample_hex, label, reason, state, event) VALUES (1, ?1, 1, 'x', 'x', ?1, ?2, 'x', 'HELD', 1)",
        [Buffer.from('00'.repeat(12), 'hex'), JSON.stringify({ mask: masks[2]?.hash, id: held.id })],
      );
      await tx.run(
        'INSERT INTO run_label(run_id, field_id, sample_id, frame, hex, kind, returned) VALUES (1, 1, 1, 0, ?, 3, ?)',
        [Buffer.from(left.id, 'hex'), JSON.stringify(left)],
      );
    });
    const collect = () => database.transaction((tx) => stage.masks.collect(tx, 2));
    const collected = [await collect(), await collect(), await collect()];
    expect(collected.reduce((sum, count) => sum + count, 0)).toBe(1);
    const there = await Promise.all(masks.map(async ({ hash }) => (await stage.masks.get(hash)) !== null));
    expect(there).toEqual([true, true, true, true, false]);
  });

  test('of a deleted dataset are collected', async ({ database }) => {
    const stage = await Stage.on(database, { seg: 'Segmentation' });
    await stage.write((tx) =>
      stage.samples.insertWhole(tx, stage.dataset.id, [sample({ seg: list(withMask(0)) })], masks.slice(0, 1)),
    );
    expect(await database.transaction((tx) => stage.masks.collect(tx, 10))).toBe(0);
    await database.transaction((tx) => stage.datasets.deleteSome(tx, stage.dataset.id, 10));
    expect(await database.transaction((tx) => stage.masks.collect(tx, 10))).toBe(1);
    expect(await database.query('SELECT 1 FROM mask_use')).toHaveLength(0);
  });
});

test.skipIf(!onPostgres)('two loads on one sample follow one another on PostgreSQL', async ({ database }) => {
  const stage = await Stage.on(database, { boxes: 'Detections' });
  await stage.add(sample({ boxes: list() }), sample({ boxes: list() }));
  const order: string[] = [];
  let letGo = (): void => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let locked = (): void => {};
  const isLocked = new Promise<void>((resolve) => {
    locked = resolve;
  });
  const first = stage.write(async (tx) => {
    await stage.samples.lock(tx, [1, 2]);
    locked();
    await held;
    order.push('first');
  });
  await isLocked;
  const second = stage.write(async (tx) => {
    await stage.samples.lock(tx, [2]);
    order.push('second');
  });
  const waiting = async (): Promise<boolean> =>
    (await database.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")).length > 0;
  while (!(await waiting())) await new Promise((resolve) => setImmediate(resolve));
  letGo();
  await Promise.all([first, second]);
  expect(order).toEqual(['first', 'second']);
});
