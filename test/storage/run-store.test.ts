import { describe, expect } from 'vitest';
import type { Label } from '../../domain/labels/index.js';
import type { Database } from '../../storage/database.js';
import { createRunStore } from '../../storage/run-store.js';
import { SqlWorkStore } from '../../storage/work-store.js';
import { test } from '../support/database.js';
import { addDataset, addField, addSamples, newHex } from '../support/rows.js';
import { newRun, recordRun, runOnSamples } from '../support/runs.js';

const label: Label = {
  id: newHex(),
  label: 'cat',
  geometry: '{"bounding_box":[0.1,0.2,0.30000000000000004,1e-7]}',
  attributes: null,
  index: null,
  confidence: 0.1234567890123456,
  tags: null,
};

async function addLabels(
  database: Database,
  fieldId: number,
  sampleKey: number,
  ids: readonly string[],
): Promise<void> {
  await database.transaction(async (tx) => {
    for (const [i, id] of ids.entries()) {
      await tx.run('INSERT INTO label(id, sample_id, field_id, hex, position, valid_from) VALUES (?, ?, ?, ?, ?, 0)', [
        sampleKey * 4_194_304 + i,
        sampleKey,
        fieldId,
        Buffer.from(id, 'hex'),
        i,
      ]);
    }
  });
}

describe('a new run', () => {
  test('comes back as it was given, due at once, frozen at its own event', async ({ database }) => {
    const datasetId = await addDataset(database);
    await addSamples(database, datasetId, 3);
    const given = newRun(datasetId, {
      parameters: { project_name: 'x', task_size: 2, flag: false },
      warnings: [{ code: 'W', message: 'm', field: null }],
      launchEditor: true,
      view: { limit: 2 },
      author: 'me',
    });
    const run = await recordRun(database, given);

    const { author: _, ...expected } = given;
    expect(run).toMatchObject({
      ...expected,
      state: 'PREPARING',
      sampleCount: 2,
      taskCount: 0,
      frozenAt: 1,
      error: null,
    });
    const runs = createRunStore(database);
    expect(await runs.byId(given.id)).toEqual(run);
    expect(await runs.byKey(datasetId, 'boxes')).toEqual(run);
    expect(await runs.byKey(datasetId, 'other')).toBeNull();
    expect(await new SqlWorkStore(database).nextDue(['run'])).toBeLessThanOrEqual(Date.now());
  });

  test('takes the samples of its view, in the order of the view', async ({ database }) => {
    const datasetId = await addDataset(database);
    const samples = await addSamples(database, datasetId, 5);
    const wanted = [3, 0, 4].map((i) => samples[i]);
    const view = { samples: wanted.map((sample) => sample?.hex ?? '') };
    const run = await recordRun(database, newRun(datasetId, { view }));

    const members = await createRunStore(database).samples(run.id, { limit: 10 });
    expect(members.map(({ sampleKey }) => sampleKey)).toEqual(wanted.map((sample) => sample?.key));
    expect(members.map(({ position }) => position)).toEqual([0, 1, 2]);
  });

  test('keeps its samples when the dataset grows or they go', async ({ database }) => {
    const { run, datasetId, samples } = await runOnSamples(database, 3);
    await addSamples(database, datasetId, 2);
    await database.transaction((tx) => tx.run('DELETE FROM sample WHERE id = ?', [samples[1]?.key ?? 0]));

    expect(await createRunStore(database).samples(run.id, { limit: 10 })).toHaveLength(3);
  });

  test('takes labels named one by one, on its samples and in their field only', async ({ database }) => {
    const datasetId = await addDataset(database);
    const samples = await addSamples(database, datasetId, 3);
    const [fieldId, otherField] = [
      await addField(database, datasetId, 'boxes'),
      await addField(database, datasetId, 'other'),
    ];
    const [first = 0, second = 0, third = 0] = samples.map(({ key }) => key);
    const [a, b, c, d] = [newHex(), newHex(), newHex(), newHex()];
    await addLabels(database, fieldId, first, [a, b]);
    await addLabels(database, otherField, second, [c]);
    await addLabels(database, fieldId, third, [d]);
    const filter = { ids: [a, c, d] };
    const run = await recordRun(
      database,
      newRun(datasetId, {
        view: { samples: samples.slice(0, 2).map(({ hex }) => hex), labels: [{ field: 'boxes', filter }] },
        selection: { unit: 'sample', fields: { boxes: { classes: null, geometry: null, filter, listed: true } } },
      }),
    );

    const listed = await createRunStore(database).runLabels(null, run.id, fieldId, [first, second, third]);
    expect([...listed]).toEqual([[first, [{ frame: 0, id: a, kind: 1, returned: null }]]]);
  });

  test('takes the clips of its samples', async ({ database }) => {
    const datasetId = await addDataset(database);
    const samples = await addSamples(database, datasetId, 2);
    const events = await addField(database, datasetId, 'events');
    const [id, key] = [newHex(), samples[1]?.key ?? 0];
    await database.transaction(async (tx) => {
      await tx.run("UPDATE field SET type = 'TemporalDetections' WHERE id = ?", [events]);
      await tx.run(
        'INSERT INTO sample_field(sample_id, field_id, state, value, labels, valid_from) VALUES (?, ?, 1, ?, 0, 0)',
        [key, events, JSON.stringify({ detections: [{ _id: { $oid: id }, support: [3, 9] }] })],
      );
    });
    const run = await recordRun(
      database,
      newRun(datasetId, { view: { clips: 'events' }, selection: { unit: 'clip', fields: {} } }),
    );

    const members = await createRunStore(database).samples(run.id, { limit: 10 });
    expect(members).toEqual([{ sampleKey: key, position: 0, part: null, clips: [{ id, first: 3, last: 9 }] }]);
  });

  test('is refused with ANNO_KEY_IN_USE where the dataset has the key', async ({ database }) => {
    const { datasetId } = await runOnSamples(database, 1);

    await expect(recordRun(database, newRun(datasetId))).rejects.toMatchObject({
      code: 'ANNO_KEY_IN_USE',
      annoKey: 'boxes',
    });
    await recordRun(database, newRun(await addDataset(database)));
  });
});

describe('a run', () => {
  test('changes what is given and keeps the rest', async ({ database }) => {
    const { run } = await runOnSamples(database, 1, { parameters: { a: 1 } });
    const runs = createRunStore(database);
    const error = { code: 'X', message: 'm', retryable: true };
    await database.transaction((tx) =>
      runs.update(tx, run.id, { state: 'UPLOADING', error, remote: { id: 1 }, cursor: 'c' }),
    );
    await database.transaction((tx) => runs.update(tx, run.id, { error: null, editorUrl: 'http://x' }));

    expect(await runs.byId(run.id)).toEqual({
      ...run,
      state: 'UPLOADING',
      remote: { id: 1 },
      cursor: 'c',
      editorUrl: 'http://x',
    });
  });

  test('that is unknown cannot change or go', async ({ database }) => {
    const runs = createRunStore(database);
    const id = newHex();

    expect(await runs.byId(id)).toBeNull();
    await expect(database.transaction((tx) => runs.update(tx, id, {}))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(database.transaction((tx) => runs.delete(tx, id))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('gets another key, but not one in use', async ({ database }) => {
    const { run, datasetId } = await runOnSamples(database, 1);
    await recordRun(database, newRun(datasetId, { annoKey: 'taken' }));
    const runs = createRunStore(database);
    const rename = (key: string, newKey: string) =>
      database.transaction((tx) => runs.rename(tx, datasetId, key, newKey));

    await expect(rename('boxes', 'taken')).rejects.toMatchObject({ code: 'ANNO_KEY_IN_USE', annoKey: 'taken' });
    await expect(rename('nothing', 'new')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await rename('boxes', 'new');
    expect((await runs.byKey(datasetId, 'new'))?.id).toBe(run.id);
  });

  test('goes with everything that hangs on it, and nothing else', async ({ database }) => {
    const { run, samples, fieldId, datasetId } = await runOnSamples(database, 2);
    const other = await recordRun(database, newRun(datasetId, { annoKey: 'other' }));
    const runs = createRunStore(database);
    const key = samples[0]?.key ?? 0;
    for (const { id } of [run, other]) {
      await database.transaction(async (tx) => {
        await runs.planTasks(tx, id, 1);
        await runs.upsertItems(tx, id, [{ sampleKey: key, fieldId, sentHash: 'aa' }]);
        await runs.writeRunLabels(tx, id, fieldId, [key], [{ sampleKey: key, frame: 0, id: newHex() }], []);
      });
    }
    await database.transaction((tx) => runs.delete(tx, run.id));

    expect(await runs.byId(run.id)).toBeNull();
    for (const table of ['run_sample', 'run_item', 'run_label', 'task', 'run']) {
      const rows = await database.query<{ owner: number }>(
        `SELECT DISTINCT ${table === 'run' ? 'id' : 'run_id'} AS owner FROM ${table}`,
      );
      expect([table, rows]).toEqual([table, [{ owner: other.key }]]);
    }
    expect(await database.query('SELECT id FROM sample')).toHaveLength(2);
  });
});

describe('the list of runs', () => {
  test('comes in pages in the order in which they were made', async ({ database }) => {
    const datasetId = await addDataset(database);
    for (const annoKey of ['c', 'a', 'b']) await recordRun(database, newRun(datasetId, { annoKey }));
    const runs = createRunStore(database);
    const first = await runs.list({ first: 2 });
    const second = await runs.list({ first: 2, after: first.items.at(-1)?.cursor ?? null });

    expect(first.items.map(({ item }) => item.annoKey)).toEqual(['c', 'a']);
    expect([first.hasMore, second.hasMore]).toEqual([true, false]);
    expect(second.items.map(({ item }) => item.annoKey)).toEqual(['b']);
    await expect(runs.list({ first: 2, after: 'nonsense' })).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
  });

  test('keeps to dataset, backend, state, key and parameters', async ({ database }) => {
    const datasetId = await addDataset(database);
    const runs = createRunStore(database);
    await recordRun(
      database,
      newRun(datasetId, { annoKey: 'a', parameters: { project_name: 'p', size: 2, 'odd.name': true } }),
    );
    await recordRun(database, newRun(datasetId, { annoKey: 'b', backend: 'cvat', parameters: { project_name: 'q' } }));
    await recordRun(database, newRun(await addDataset(database), { annoKey: 'a' }));
    const keys = async (filter: Parameters<typeof runs.list>[1]) =>
      (await runs.list({ first: 10 }, filter)).items.map(({ item }) => item.annoKey);

    expect(await keys({ datasetId })).toEqual(['a', 'b']);
    expect(await keys({ datasetId, annoKey: 'a' })).toEqual(['a']);
    expect(await keys({ backend: 'cvat' })).toEqual(['b']);
    expect(await keys({ states: ['PREPARING'] })).toHaveLength(3);
    expect(await keys({ states: [] })).toEqual([]);
    expect(await keys({ parameters: { project_name: 'p', size: 2 } })).toEqual(['a']);
    expect(await keys({ parameters: { 'odd.name': true } })).toEqual(['a']);
    expect(await keys({ parameters: { project_name: 'p', size: 3 } })).toEqual([]);
  });
});

describe('tasks', () => {
  test('share the samples out in order, once', async ({ database }) => {
    const { run, samples } = await runOnSamples(database, 5);
    const runs = createRunStore(database);
    const plan = () => database.transaction((tx) => runs.planTasks(tx, run.id, 2));

    expect([await plan(), await plan()]).toEqual([3, 3]);
    const { items } = await runs.tasks(run.id, { first: 10 });
    expect(items.map(({ item }) => [item.part, item.sampleCount, item.state])).toEqual([
      [0, 2, 'PLANNED'],
      [1, 2, 'PLANNED'],
      [2, 1, 'PLANNED'],
    ]);
    const second = await runs.samples(run.id, { part: 1, limit: 10 });
    expect(second.map(({ sampleKey }) => sampleKey)).toEqual([samples[2]?.key, samples[3]?.key]);
    expect(await runs.samples(run.id, { afterPosition: 1, limit: 1 })).toMatchObject([{ position: 2, part: 1 }]);
    expect((await runs.byId(run.id))?.taskCount).toBe(3);
    expect(await new SqlWorkStore(database).nextDue(['task'])).toBeNull();
  });

  test('are one where no size is given', async ({ database }) => {
    const { run } = await runOnSamples(database, 5);
    const runs = createRunStore(database);

    expect(await database.transaction((tx) => runs.planTasks(tx, run.id, null))).toBe(1);
    expect(await runs.taskByPart(run.id, 0)).toMatchObject({ runId: run.id, sampleCount: 5 });
    expect(await runs.taskByPart(run.id, 1)).toBeNull();
  });

  test('change what is given, are counted by state and found by it', async ({ database }) => {
    const { run } = await runOnSamples(database, 3);
    const runs = createRunStore(database);
    await database.transaction((tx) => runs.planTasks(tx, run.id, 1));
    const [first] = (await runs.tasks(run.id, { first: 1 })).items;
    const id = first?.item.id ?? 0;
    const change = {
      state: 'SENT',
      remoteId: '7',
      remote: { job: 1 },
      revision: 'r',
      assignee: 'ann',
      dueAt: 5,
    } as const;
    await database.transaction((tx) => runs.updateTask(tx, id, change));

    const { dueAt: _, ...shown } = change;
    expect(await runs.task(id)).toMatchObject({ ...shown, part: 0, editorUrl: null });
    expect(await runs.taskCounts(run.id)).toEqual({ PLANNED: 2, SENT: 1 });
    expect((await runs.tasks(run.id, { first: 9 }, { states: ['PLANNED'] })).items).toHaveLength(2);
    expect((await runs.tasks(run.id, { first: 9 }, { ids: [id] })).items).toHaveLength(1);
    expect(await new SqlWorkStore(database).nextDue(['task'])).toBe(5);
    await expect(database.transaction((tx) => runs.updateTask(tx, 999, {}))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('what is noted of the samples of a run', () => {
  test('is kept where it is not given anew', async ({ database }) => {
    const { run, samples, fieldId } = await runOnSamples(database, 2);
    const runs = createRunStore(database);
    const [a = 0, b = 0] = samples.map(({ key }) => key);
    const write = (items: Parameters<typeof runs.upsertItems>[2]) =>
      database.transaction((tx) => runs.upsertItems(tx, run.id, items));
    await write([
      { sampleKey: a, fieldId, sentHash: 'aa11' },
      { sampleKey: b, fieldId, sentHash: 'bb22' },
    ]);
    await write([{ sampleKey: a, fieldId, returnedHash: 'cc33', loadedAt: 9, loadedIn: 4 }]);
    await write([]);

    const items = await database.transaction((tx) => runs.items(tx, run.id, fieldId, [a, b, 999]));
    expect([...items.values()]).toEqual([
      { sampleKey: a, fieldId, sentHash: 'aa11', returnedHash: 'cc33', loadedAt: 9 },
      { sampleKey: b, fieldId, sentHash: 'bb22', returnedHash: null, loadedAt: null },
    ]);
    expect(await runs.loadedBy(run.id, 4, [a, b])).toEqual(new Set([a]));
    expect(await runs.loadedBy(run.id, 5, [a, b])).toEqual(new Set());
  });

  test('tells the members among given samples', async ({ database }) => {
    const { run, samples, datasetId } = await runOnSamples(database, 2);
    const [stranger] = await addSamples(database, datasetId, 1);
    const keys = [stranger?.key ?? 0, samples[1]?.key ?? 0];

    const members = await createRunStore(database).members(run.id, keys);
    expect([...members]).toEqual([[keys[1], { sampleKey: keys[1], position: 1, part: null, clips: null }]]);
  });

  test('adds labels that joined and replaces those left behind, on the page only', async ({ database }) => {
    const { run, samples, fieldId } = await runOnSamples(database, 2);
    const runs = createRunStore(database);
    const [a = 0, b = 0] = samples.map(({ key }) => key);
    const [joined, gone] = [newHex(), newHex()];
    type Write = Parameters<typeof runs.writeRunLabels>;
    const write = (keys: number[], ...rest: [Write[4], Write[5]]) =>
      database.transaction((tx) => runs.writeRunLabels(tx, run.id, fieldId, keys, ...rest));
    await write(
      [a, b],
      [{ sampleKey: a, frame: 0, id: joined }],
      [
        { sampleKey: a, frame: 2, id: label.id, returned: label },
        { sampleKey: b, frame: 0, id: gone, returned: null },
      ],
    );
    await write(
      [a],
      [{ sampleKey: a, frame: 0, id: joined }],
      [{ sampleKey: a, frame: 3, id: label.id, returned: label }],
    );

    const found = await database.transaction((tx) => runs.runLabels(tx, run.id, fieldId, [a, b]));
    expect([...(found.get(a) ?? [])].sort((x, y) => x.frame - y.frame)).toEqual([
      { frame: 0, id: joined, kind: 2, returned: null },
      { frame: 3, id: label.id, kind: 3, returned: label },
    ]);
    expect(found.get(b)).toEqual([{ frame: 0, id: gone, kind: 3, returned: null }]);
  });
});
