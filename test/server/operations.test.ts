import { describe, expect } from 'vitest';
import type { OperationState } from '../../domain/run/index.js';
import { box, type Gateway, hex, street, test } from './gateway.js';

const boxes = [[box(1), box(2, { label: 'bus' })], [box(3)]];
const name = 'dataset: "street", annoKey: "fix_boxes"';

/** The dataset with a run whose two tasks are with the annotators. */
async function sentRun(gateway: Gateway, what = 'labelField: "ground_truth"'): Promise<readonly number[]> {
  const { storage } = gateway;
  await street(storage, boxes);
  const { annotate } = await gateway.data(
    `mutation { annotate(${name}, backend: "folder", ${what}, parameters: { task_size: 1 }) { id } }`,
  );
  await storage.transaction(async (tx) => {
    const tasks = await storage.runs.planTasks(tx, annotate.id, 1);
    for (let part = 0; part < tasks; part++) {
      const task = await storage.runs.taskByPart(annotate.id, part, tx);
      await storage.runs.updateTask(tx, task?.id ?? 0, { state: 'ANNOTATING' });
    }
    await storage.runs.update(tx, annotate.id, { state: 'ANNOTATING', taskCount: 2 });
    tx.emit({ kind: 'RUN_STATE_CHANGED', runId: annotate.id, detail: {} });
  });
  return (await storage.runs.tasks(annotate.id, { first: 10 })).items.map(({ item }) => item.id);
}

const load = (args = '') => `mutation { loadAnnotations(${name} ${args}) { id kind state dataset request } }`;

async function over(gateway: Gateway, id: string, state: OperationState): Promise<void> {
  const { storage } = gateway;
  await storage.transaction((tx) => storage.operations.update(tx, Number(id), { state, dueAt: null }));
}

describe('loadAnnotations', () => {
  test('asks for a load with the defaults of the API', async ({ gateway }) => {
    await sentRun(gateway);
    const { loadAnnotations } = await gateway.data(load());
    expect(loadAnnotations).toMatchObject({
      kind: 'LOAD',
      state: 'QUEUED',
      dataset: 'street',
      request: {
        destField: null,
        unexpected: 'HOLD',
        tasks: 'FINISHED',
        view: null,
        cleanup: false,
        policy: 'HOLD',
        compatible: false,
      },
    });
    const events = await gateway.storage.events.read(0, 100, { operationId: Number(loadAnnotations.id) });
    expect(events.map(({ kind }) => kind)).toEqual(['OPERATION_CREATED']);
  });

  test('takes every form of its arguments', async ({ gateway }) => {
    const [first] = await sentRun(gateway);
    const request = async (args: string) => (await gateway.data(load(args))).loadAnnotations.request;
    expect(await request('destField: "corrected", tasks: "ALL", policy: THEIRS, cleanup: true')).toMatchObject({
      destField: 'corrected',
      tasks: 'ALL',
      policy: 'THEIRS',
      cleanup: true,
    });
    expect(await request('destField: { ground_truth: "corrected" }')).toMatchObject({
      destField: { ground_truth: 'corrected' },
    });
    expect(await request(`tasks: ["${first}"]`)).toMatchObject({ tasks: [first] });
    expect(await request('unexpected: ["polylines"]')).toMatchObject({ unexpected: ['polylines'] });
    expect(await request('unexpected: { polylines: "lines" }')).toMatchObject({ unexpected: { polylines: 'lines' } });
    expect(await request('view: { tags: ["even"] }')).toMatchObject({ view: { tags: ['even'] } });
  });

  const refused: readonly (readonly [string, string, string])[] = [
    ['an unknown field', 'destField: { nothing: "x" }', 'INVALID_ARGUMENT'],
    ['a destination that is no name', 'destField: 5', 'INVALID_ARGUMENT'],
    ['a destination that holds something else', 'destField: "weather"', 'FIELD_TYPE_CONFLICT'],
    ['a destination on another level', 'destField: "frames.boxes"', 'INVALID_ARGUMENT'],
    ['an unknown word for unexpected labels', 'unexpected: "prompt"', 'INVALID_ARGUMENT'],
    ['an unknown type of unexpected labels', 'unexpected: ["blobs"]', 'INVALID_ARGUMENT'],
    ['a task of no run', 'tasks: [12345]', 'NOT_FOUND'],
    ['no tasks', 'tasks: []', 'INVALID_ARGUMENT'],
    ['an unknown word for tasks', 'tasks: "SOME"', 'INVALID_ARGUMENT'],
    ['a view without samples', 'view: { tags: ["none"] }', 'EMPTY_VIEW'],
    ['an unknown policy', 'policy: MINE', 'GRAPHQL_VALIDATION_FAILED'],
  ];
  for (const [what, args, code] of refused) {
    test(`refuses ${what} with ${code}`, async ({ gateway }) => {
      await sentRun(gateway);
      expect(await gateway.code(load(args))).toBe(code);
      expect((await gateway.data('{ operations { nodes { id } } }')).operations.nodes).toEqual([]);
    });
  }

  test('refuses one destination for several fields', async ({ gateway }) => {
    await sentRun(gateway, 'labelSchema: { ground_truth: {}, signs: { type: "polylines", classes: ["stop"] } }');
    expect(await gateway.code(load('destField: "corrected"'))).toBe('INVALID_ARGUMENT');
  });

  test('refuses a run of which nothing was sent yet', async ({ gateway }) => {
    await street(gateway.storage, boxes);
    await gateway.data(`mutation { annotate(${name}, backend: "folder", labelField: "ground_truth") { id } }`);
    expect(await gateway.code(load())).toBe('RUN_STATE');
  });

  test('repeated with one idempotency key is one load', async ({ gateway }) => {
    await sentRun(gateway);
    const once = 'idempotencyKey: "one click"';
    const first = (await gateway.data(load(once))).loadAnnotations;
    expect((await gateway.data(load(once))).loadAnnotations).toEqual(first);
    expect(await gateway.code(load(`${once}, tasks: "ALL"`))).toBe('IDEMPOTENCY_KEY_REUSED');
    expect((await gateway.data('{ operations { nodes { id } } }')).operations.nodes).toHaveLength(1);
  });
});

describe('operations', () => {
  const revert = (id: string) => `mutation { revertLoad(id: "${id}") { kind request } }`;
  const cancel = (id: string) => `mutation { cancelOperation(id: "${id}") { state } }`;

  test('are listed by dataset, run, kind and state', async ({ gateway }) => {
    await sentRun(gateway);
    const { loadAnnotations: made } = await gateway.data(load());
    await gateway.data('mutation { importMedia(dataset: "pictures", paths: ["/pictures"]) { id } }');
    const kinds = async (filter: string) =>
      (await gateway.data(`{ operations(filter: ${filter}) { nodes { kind } } }`)).operations.nodes.map(
        ({ kind }: { kind: string }) => kind,
      );
    expect(await kinds('{}')).toEqual(['LOAD', 'IMPORT']);
    expect(await kinds('{ dataset: "street" }')).toEqual(['LOAD']);
    expect(await kinds('{ kinds: [IMPORT], states: [QUEUED] }')).toEqual(['IMPORT']);
    expect(await kinds('{ states: [FAILED] }')).toEqual([]);
    const { run } = await gateway.data(`{ run(${name}) { results { loads { id } } } }`);
    expect(run.results.loads).toEqual([{ id: made.id }]);
    expect(await gateway.code('{ operation(id: "99") { id } }')).toBe('NOT_FOUND');
    expect(await gateway.code('{ operation(id: "x") { id } }')).toBe('INVALID_ARGUMENT');
  });

  test('can be cancelled until they are over', async ({ gateway }) => {
    await sentRun(gateway);
    const { id } = (await gateway.data(load())).loadAnnotations;
    await gateway.data(cancel(id));
    expect(await gateway.storage.operations.isCancelRequested(Number(id))).toBe(true);
    await over(gateway, id, 'CANCELLED');
    expect(await gateway.code(cancel(id))).toBe('OPERATION_OVER');
  });

  test('of a load that is over can be taken back; others cannot', async ({ gateway }) => {
    await sentRun(gateway);
    const { id } = (await gateway.data(load())).loadAnnotations;
    expect(await gateway.code(revert(id))).toBe('NOT_REVERTIBLE');
    await over(gateway, id, 'SUCCEEDED');
    expect((await gateway.data(revert(id))).revertLoad).toEqual({
      kind: 'REVERT',
      request: { operationId: Number(id) },
    });
    const { importMedia } = await gateway.data(
      'mutation { importMedia(dataset: "pictures", paths: ["/pictures"]) { id } }',
    );
    expect(await gateway.code(revert(importMedia.id))).toBe('NOT_REVERTIBLE');
  });

  test('tell their findings by page and counted by rule', async ({ gateway }) => {
    await sentRun(gateway);
    const { id } = (await gateway.data(load())).loadAnnotations;
    const { storage } = gateway;
    const run = await storage.runs.byKey((await storage.datasets.byName('street'))?.id ?? 0, 'fix_boxes');
    const [sample] = await storage.samples.byHex(run?.datasetId ?? 0, [hex('a', 0)]);
    const about = { operationId: Number(id), runId: run?.id ?? '', datasetId: run?.datasetId ?? 0 };
    const at = { field: 'ground_truth', sampleKey: sample?.key ?? 0, frame: 0, labelId: hex('b', 1) };
    await storage.transaction(async (tx) => {
      tx.emit({ kind: 'FINDINGS_RECORDED', detail: {} });
      await storage.findings.add(tx, about, [
        {
          ...at,
          kind: 'REFUSED',
          what: 'geometry',
          attribute: null,
          rule: 'SPATIAL_EDITS_NOT_ALLOWED',
          ours: [1],
          theirs: [2],
          outcome: 'kept ours',
        },
        {
          ...at,
          kind: 'CONFLICT',
          what: 'label',
          attribute: null,
          rule: 'CHANGED_ON_BOTH_SIDES',
          ours: 'car',
          theirs: 'bus',
          outcome: 'held',
        },
      ]);
      await storage.findings.hold(tx, about, [
        {
          ...at,
          returnType: 'polylines',
          document: { label: 'lane' },
          reason: 'not in the label schema',
          state: 'HELD',
        },
      ]);
    });
    const answer = await gateway.data(`{
      all: findings(filter: { operationId: "${id}" }) { nodes { kind rule field sampleId labelId what ours theirs outcome operationId } }
      some: findings(filter: { runId: "${run?.id}", kinds: [CONFLICT] }) { nodes { rule } }
      findingCounts(operationId: "${id}") { kind rule count }
      heldLabels(filter: { operationId: "${id}" }) { nodes { returnType sampleId document state reason } }
    }`);
    expect(answer.all.nodes[0]).toEqual({
      ...{
        kind: 'REFUSED',
        rule: 'SPATIAL_EDITS_NOT_ALLOWED',
        field: 'ground_truth',
        sampleId: hex('a', 0),
        labelId: hex('b', 1),
      },
      ...{ what: 'geometry', ours: [1], theirs: [2], outcome: 'kept ours', operationId: id },
    });
    expect(answer.some.nodes).toEqual([{ rule: 'CHANGED_ON_BOTH_SIDES' }]);
    expect(answer.findingCounts).toEqual(
      expect.arrayContaining([{ kind: 'CONFLICT', rule: 'CHANGED_ON_BOTH_SIDES', count: 1 }]),
    );
    expect(answer.heldLabels.nodes).toMatchObject([
      { returnType: 'polylines', sampleId: hex('a', 0), document: { label: 'lane' }, state: 'HELD' },
    ]);
    expect(await gateway.code('{ findings(filter: {}) { nodes { id } } }')).toBe('INVALID_ARGUMENT');
  });
});

describe('imports and exports', () => {
  test('are written down as the daemon reads them', async ({ gateway }) => {
    await street(gateway.storage, boxes);
    const request = async (mutation: string) =>
      Object.values(await gateway.data(`mutation { ${mutation} { request dataset } }`))[0];
    expect(
      await request('importDataset(format: "coco", path: "/x/y", name: "new", options: { labelField: "boxes" })'),
    ).toEqual({
      dataset: null,
      request: {
        what: 'dataset',
        format: 'coco',
        path: '/x/y',
        name: 'new',
        mediaRoot: null,
        extend: false,
        options: { labelField: 'boxes' },
      },
    });
    expect(await request('importMedia(dataset: "street", paths: ["/x"], tags: ["new"])')).toEqual({
      dataset: 'street',
      request: { what: 'media', dataset: 'street', paths: ['/x'], tags: ['new'] },
    });
    expect(
      await request('importLabels(dataset: "street", format: "fiftyone", path: "/x", field: "theirs", match: ID)'),
    ).toEqual({
      dataset: 'street',
      request: {
        what: 'labels',
        dataset: 'street',
        format: 'fiftyone',
        path: '/x',
        field: 'theirs',
        match: 'ID',
        mediaRoot: null,
        options: {},
      },
    });
    expect(
      await request(
        'exportDataset(dataset: "street", format: "fiftyone", path: "/x", view: { limit: 1 }, fields: ["weather"])',
      ),
    ).toEqual({
      dataset: 'street',
      request: {
        format: 'fiftyone',
        path: '/x',
        view: { limit: 1 },
        fields: ['weather'],
        mediaRoot: null,
        options: {},
      },
    });
  });

  test('refuse at once what can be seen at once', async ({ gateway }) => {
    await street(gateway.storage, boxes);
    expect(await gateway.code('mutation { importDataset(format: "coco", path: " ") { id } }')).toBe('INVALID_ARGUMENT');
    expect(await gateway.code('mutation { importMedia(dataset: "x", paths: []) { id } }')).toBe('INVALID_ARGUMENT');
    expect(await gateway.code('mutation { importLabels(dataset: "x", format: "coco", path: "/x") { id } }')).toBe(
      'NOT_FOUND',
    );
    expect(
      await gateway.code(
        'mutation { exportDataset(dataset: "street", format: "coco", path: "/x", fields: ["nothing"]) { id } }',
      ),
    ).toBe('UNKNOWN_FIELD');
    expect(await gateway.code('mutation { deleteDataset(name: "x") { id } }')).toBe('NOT_FOUND');
  });
});
