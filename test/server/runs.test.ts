import { describe, expect } from 'vitest';
import { createRegistry } from '../../backends/registry.js';
import type { RunState, TaskState } from '../../domain/run/index.js';
import { configReader } from '../../server/annotation-config.js';
import { annotate } from '../../server/annotations/annotate.js';
import type { AnnotationContext } from '../../server/context.js';
import type { RunRecord } from '../../storage/stores.js';
import { box, type Gateway, hex, street, test } from './gateway.js';

const boxes = [[box(1), box(2, { label: 'bus' })], [box(3)], [box(4)]];
const name = 'dataset: "street", annoKey: "fix_boxes"';

/** What the functions behind the resolvers work with. */
function contextOf({ storage, folder }: Gateway): AnnotationContext {
  const config = configReader(storage, {}, folder);
  return { storage, config, registry: createRegistry({ declared: {}, baseFolder: folder }), author: null };
}

/** A run in a state, with tasks of one sample in the states that are given. */
async function runIn(
  gateway: Gateway,
  state: RunState,
  tasks: readonly TaskState[] = [],
  annoKey = 'fix_boxes',
): Promise<RunRecord> {
  const { storage } = gateway;
  if (!(await storage.datasets.byName('street'))) await street(storage, boxes);
  const request = { dataset: 'street', annoKey, backend: 'folder', labelField: 'ground_truth', attributes: true };
  const run = await annotate(contextOf(gateway), request);
  await storage.transaction(async (tx) => {
    if (tasks.length > 0) await storage.runs.planTasks(tx, run.id, 1);
    for (const [part, task] of tasks.entries()) {
      const { id } = (await storage.runs.taskByPart(run.id, part, tx)) as { id: number };
      await storage.runs.updateTask(tx, id, { state: task, editorUrl: `http://editor.example/${part}` });
    }
    await storage.runs.update(tx, run.id, { state, editorUrl: 'http://editor.example', taskCount: tasks.length });
    tx.emit({ kind: 'RUN_STATE_CHANGED', datasetId: run.datasetId, runId: run.id, detail: {} });
  });
  return (await storage.runs.byId(run.id)) as RunRecord;
}

const lastEvent = async ({ storage }: Gateway) =>
  (await storage.events.read((await storage.events.latest()) - 1, 1))[0];

describe('the list of runs', () => {
  const keys = async (gateway: Gateway, filter: string) =>
    (await gateway.data(`{ runs(filter: ${filter}) { nodes { annoKey } } }`)).runs.nodes.map(
      ({ annoKey }: { annoKey: string }) => annoKey,
    );

  test('is filtered by dataset, backend, state, key and parameters', async ({ gateway }) => {
    await runIn(gateway, 'ANNOTATING', ['ANNOTATING'], 'first');
    await runIn(gateway, 'COMPLETED', ['COMPLETED'], 'second');
    expect(await keys(gateway, '{}')).toEqual(['first', 'second']);
    expect(await keys(gateway, '{ dataset: "street", states: [COMPLETED] }')).toEqual(['second']);
    expect(await keys(gateway, '{ annoKey: "first" }')).toEqual(['first']);
    expect(await keys(gateway, '{ backend: "cvat" }')).toEqual([]);
    expect(await keys(gateway, '{ parameters: { task_size: 7 } }')).toEqual([]);
    expect(await gateway.code('{ runs(filter: { dataset: "nowhere" }) { nodes { id } } }')).toBe('NOT_FOUND');
  });

  test('of a dataset hangs on it', async ({ gateway }) => {
    await runIn(gateway, 'ANNOTATING', ['ANNOTATING']);
    const { dataset } = await gateway.data(
      '{ dataset(name: "street") { runs { nodes { annoKey dataset { name } } } } }',
    );
    expect(dataset.runs.nodes).toEqual([{ annoKey: 'fix_boxes', dataset: { name: 'street' } }]);
  });
});

describe('a run', () => {
  test('tells its tasks and their states', async ({ gateway }) => {
    await runIn(gateway, 'ANNOTATING', ['COMPLETED', 'ANNOTATING', 'COMPLETED']);
    const { run, hasRun } = await gateway.data(`{ hasRun(${name}) run(${name}) {
      taskCount results { tasks taskStates { state count } }
      tasks(first: 2, states: [COMPLETED]) { nodes { part state sampleCount editorUrl updatedAt } pageInfo { hasNextPage } }
    } }`);
    expect(hasRun).toBe(true);
    expect(run.results.taskStates).toEqual(
      expect.arrayContaining([
        { state: 'COMPLETED', count: 2 },
        { state: 'ANNOTATING', count: 1 },
      ]),
    );
    expect(run.tasks.nodes).toMatchObject([{ part: 0, sampleCount: 1 }, { part: 2 }]);
  });

  test('that does not exist is NOT_FOUND, with the key that was perhaps meant', async ({ gateway }) => {
    await runIn(gateway, 'ANNOTATING');
    const { errors } = await gateway.ask('{ run(dataset: "street", annoKey: "fix_box") { id } }');
    expect(errors?.[0]).toMatchObject({
      extensions: { code: 'NOT_FOUND' },
      message: expect.stringContaining('"fix_boxes"'),
    });
    expect((await gateway.data('{ hasRun(dataset: "street", annoKey: "fix_box") }')).hasRun).toBe(false);
  });

  test('tells where to annotate it, a task or a sample', async ({ gateway }) => {
    const run = await runIn(gateway, 'ANNOTATING', ['ANNOTATING', 'ANNOTATING', 'ANNOTATING']);
    const task = await gateway.storage.runs.taskByPart(run.id, 2);
    const { whole, ofTask, ofSample } = await gateway.data(
      `{ whole: editorUrl(${name}) ofTask: editorUrl(${name}, taskId: "${task?.id}") ofSample: editorUrl(${name}, sampleId: "${hex('a', 1)}") }`,
    );
    expect([whole, ofTask, ofSample]).toEqual([
      'http://editor.example',
      'http://editor.example/2',
      'http://editor.example/1',
    ]);
    expect(await gateway.code(`{ editorUrl(${name}, taskId: "999") }`)).toBe('NOT_FOUND');
    expect(await gateway.code(`{ editorUrl(${name}, sampleId: "${hex('a', 99)}") }`)).toBe('NOT_FOUND');
  });
});

describe('the view of a run', () => {
  const view = (selectFields: boolean) => `{ loadAnnotationView(${name}, selectFields: ${selectFields}) {
    frozenAt sampleCount fields samples { nodes { id labels { field labels { id label } value } } }
  } }`;

  test('is exactly what was taken, whatever was edited since', async ({ gateway }) => {
    await street(gateway.storage, boxes);
    const request = {
      dataset: 'street',
      annoKey: 'fix_boxes',
      backend: 'folder',
      labelField: 'ground_truth',
      classes: ['car'],
    };
    await annotate(contextOf(gateway), { ...request, view: { samples: [hex('a', 1), hex('a', 0)] } });
    await gateway.data(`mutation { editLabels(dataset: "street", field: "ground_truth", edits: [
      { sampleId: "${hex('a', 0)}", labelId: "${hex('b', 1)}", delete: true },
      { sampleId: "${hex('a', 1)}", labelId: "${hex('b', 3)}", set: { label: "bus" } },
      { sampleId: "${hex('a', 1)}", add: { label: "car", bounding_box: [0, 0, 1, 1] } }
    ]) { added edited deleted } }`);
    const { loadAnnotationView } = await gateway.data(view(true));
    expect(loadAnnotationView).toMatchObject({ frozenAt: 2, sampleCount: 2, fields: ['ground_truth'] });
    expect(loadAnnotationView.samples.nodes).toEqual([
      {
        id: hex('a', 1),
        labels: [{ field: 'ground_truth', labels: [{ id: hex('b', 3), label: 'car' }], value: null }],
      },
      {
        id: hex('a', 0),
        labels: [{ field: 'ground_truth', labels: [{ id: hex('b', 1), label: 'car' }], value: null }],
      },
    ]);
  });

  test('shows the other fields too, unless only its own are asked for', async ({ gateway }) => {
    await runIn(gateway, 'ANNOTATING', ['ANNOTATING']);
    const { loadAnnotationView } = await gateway.data(view(false));
    const fields = loadAnnotationView.samples.nodes[0].labels.map(({ field }: { field: string }) => field);
    expect(fields.sort()).toEqual(['ground_truth', 'weather']);
  });
});

describe('renameRun', () => {
  const rename = (newKey: string) => `mutation { renameRun(${name}, newKey: "${newKey}") { id annoKey } }`;

  test('gives it another key and tells so', async ({ gateway }) => {
    const run = await runIn(gateway, 'ANNOTATING');
    expect((await gateway.data(rename('other'))).renameRun).toEqual({ id: run.id, annoKey: 'other' });
    expect((await gateway.data('{ hasRun(dataset: "street", annoKey: "other") }')).hasRun).toBe(true);
    expect(await lastEvent(gateway)).toMatchObject({
      kind: 'RUN_RENAMED',
      detail: { annoKey: 'fix_boxes', newKey: 'other' },
    });
  });

  test('refuses a key that is none, one in use and a run that is none', async ({ gateway }) => {
    expect(await gateway.code(rename('no-key'))).toBe('INVALID_ANNO_KEY');
    await runIn(gateway, 'ANNOTATING');
    await runIn(gateway, 'ANNOTATING', [], 'other');
    expect(await gateway.code(rename('other'))).toBe('ANNO_KEY_IN_USE');
    expect(
      await gateway.code('mutation { renameRun(dataset: "street", annoKey: "nothing", newKey: "x") { id } }'),
    ).toBe('NOT_FOUND');
  });
});

describe('cancelRun and retryRun', () => {
  const cancel = `mutation { cancelRun(${name}) { state } }`;
  const retry = `mutation { retryRun(${name}) { state error { code } } }`;
  const due = (gateway: Gateway) =>
    gateway.storage.work.claimDue({ kinds: ['run'], limit: 5, leaseFor: 1_000, now: Date.now() + 1 });

  test('end a run for good: nothing of it is due', async ({ gateway }) => {
    await runIn(gateway, 'ANNOTATING', ['ANNOTATING']);
    expect((await gateway.data(cancel)).cancelRun.state).toBe('CANCELLED');
    expect(await lastEvent(gateway)).toMatchObject({
      kind: 'RUN_STATE_CHANGED',
      detail: { from: 'ANNOTATING', to: 'CANCELLED' },
    });
    expect(await due(gateway)).toEqual([]);
    expect((await gateway.data(cancel)).cancelRun.state).toBe('CANCELLED');
    expect(await gateway.code(retry)).toBe('RUN_STATE');
  });

  test('start a failed run again', async ({ gateway }) => {
    const { id } = await runIn(gateway, 'FAILED', ['FAILED']);
    await gateway.storage.transaction((tx) =>
      gateway.storage.runs.update(tx, id, { dueAt: null, error: { code: 'X', message: 'x', retryable: false } }),
    );
    expect((await gateway.data(retry)).retryRun).toEqual({ state: 'PREPARING', error: null });
    expect((await due(gateway)).map(({ item }) => item.id)).toEqual([id]);
  });
});

describe('deleteRun', () => {
  test('deletes the record alone and says what remains', async ({ gateway }) => {
    const { id } = await runIn(gateway, 'ANNOTATING', ['ANNOTATING', 'COMPLETED']);
    const { deleteRun } = await gateway.data(`mutation { deleteRun(${name}) { annoKeys count remains } }`);
    expect(deleteRun).toMatchObject({ annoKeys: ['fix_boxes'], count: 1 });
    expect(deleteRun.remains.join(' ')).toMatch(new RegExp(`labels.*2 tasks at folder, named after ${id}`));
    expect(await gateway.data(`{ hasRun(${name}) dataset(name: "street") { countLabels } }`)).toEqual({
      hasRun: false,
      dataset: { countLabels: 4 },
    });
    expect(await lastEvent(gateway)).toMatchObject({ kind: 'RUN_DELETED', detail: { annoKey: 'fix_boxes' } });
  });

  test('is refused while an operation on the run is not over', async ({ gateway }) => {
    await runIn(gateway, 'ANNOTATING', ['ANNOTATING']);
    await gateway.data(`mutation { loadAnnotations(${name}) { id } }`);
    expect(await gateway.code(`mutation { deleteRun(${name}) { count } }`)).toBe('RUN_BUSY');
    expect(await gateway.code('mutation { deleteRuns(dataset: "street") { count } }')).toBe('RUN_BUSY');
  });

  test('of all deletes the records of one dataset', async ({ gateway }) => {
    await runIn(gateway, 'ANNOTATING', [], 'first');
    await runIn(gateway, 'COMPLETED', [], 'second');
    const { deleteRuns } = await gateway.data('mutation { deleteRuns(dataset: "street") { annoKeys count } }');
    expect(deleteRuns).toEqual({ annoKeys: ['first', 'second'], count: 2 });
    expect((await gateway.data('{ runs { nodes { id } } }')).runs.nodes).toEqual([]);
  });
});

describe('credentials', () => {
  test('given later join those that are there, and wake what waits', async ({ gateway }) => {
    const { id } = await runIn(gateway, 'ANNOTATING', ['ANNOTATING']);
    const { storage } = gateway;
    await storage.transaction((tx) => storage.secrets.put(tx, { runId: id }, { username: 'me' }));
    await storage.transaction((tx) => storage.runs.update(tx, id, { dueAt: null }));
    const set = (credentials: string) => `mutation { setRunCredentials(${name}, credentials: ${credentials}) { id } }`;
    await gateway.data(set('{ password: "hunter2" }'));
    expect(await storage.secrets.get({ runId: id })).toEqual({ username: 'me', password: 'hunter2' });
    const due = await storage.work.claimDue({ kinds: ['run'], limit: 5, leaseFor: 1_000, now: Date.now() + 1 });
    expect(due.map(({ item }) => item.id)).toEqual([id]);
    expect(await gateway.code(set('{}'))).toBe('INVALID_ARGUMENT');
    expect(gateway.heard.join()).not.toContain('hunter2');
  });

  test('given with a load or a clean-up go with that operation alone', async ({ gateway }) => {
    const { id } = await runIn(gateway, 'ANNOTATING', ['ANNOTATING']);
    const { storage } = gateway;
    const { cleanupRun } = await gateway.data(
      `mutation { cleanupRun(${name}, credentials: { token: "hunter2" }) { id kind runId request } }`,
    );
    expect(cleanupRun).toMatchObject({ kind: 'CLEANUP', runId: id, request: {} });
    expect(await storage.secrets.get({ operationId: Number(cleanupRun.id) })).toEqual({ token: 'hunter2' });
    expect(await storage.secrets.get({ runId: id })).toEqual({});
  });
});
