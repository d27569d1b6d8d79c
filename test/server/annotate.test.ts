import { describe, expect } from 'vitest';
import { openStorage } from '../../storage/open-storage.js';
import { box, type Gateway, street, test } from './gateway.js';

const boxes = [[box(1), box(2, { label: 'bus' })], [box(3, { occluded: true })], [box(4)]];

const annotate = `mutation Annotate($dataset: String! = "street", $annoKey: String! = "fix_boxes", $view: ViewInput, $backend: String = "folder",
  $mediaField: String! = "filepath", $labelSchema: JSON, $labelField: String, $labelType: String, $classes: JSON, $attributes: JSON = true,
  $maskTargets: JSON, $parameters: JSONObject, $credentials: JSON, $allowDeletions: Boolean! = true, $launchEditor: Boolean! = false, $idempotencyKey: String) {
  annotate(dataset: $dataset, annoKey: $annoKey, view: $view, backend: $backend, mediaField: $mediaField, labelSchema: $labelSchema,
    labelField: $labelField, labelType: $labelType, classes: $classes, attributes: $attributes, maskTargets: $maskTargets, parameters: $parameters,
    credentials: $credentials, allowDeletions: $allowDeletions, launchEditor: $launchEditor, idempotencyKey: $idempotencyKey) {
    id annoKey backend state labelSchema mediaField mediaType parameters view frozenAt sampleCount taskCount launchEditor
    dataset { name } warnings { code field } error { code } results { tasks taskStates { state count } loads { id } }
  }
}`;

const field = { labelField: 'ground_truth' };

describe('annotate', () => {
  test('records a run that is frozen, resolved and ready for the daemon', async ({ gateway }) => {
    await street(gateway.storage, boxes);
    const run = (await gateway.data(annotate, { ...field, allowDeletions: false, launchEditor: true })).annotate;
    expect(run).toMatchObject({
      annoKey: 'fix_boxes',
      backend: 'folder',
      state: 'PREPARING',
      mediaField: 'filepath',
      mediaType: 'image',
      frozenAt: 2,
      sampleCount: 3,
      taskCount: 0,
      launchEditor: true,
      dataset: { name: 'street' },
      error: null,
      results: { tasks: 0, taskStates: [], loads: [] },
    });
    expect(run.labelSchema.ground_truth).toMatchObject({
      type: 'detections',
      classes: ['bus', 'car'],
      existing_field: true,
      allow_deletions: false,
      allow_additions: true,
      attributes: { occluded: { type: 'checkbox' } },
    });
    const [event] = await gateway.storage.events.read(1, 10);
    expect(event).toMatchObject({
      number: 2,
      kind: 'RUN_CREATED',
      runId: run.id,
      detail: { annoKey: 'fix_boxes', backend: 'folder', samples: 3 },
    });
    const due = await gateway.storage.work.claimDue({ kinds: ['run'], limit: 5, leaseFor: 1_000, now: Date.now() + 1 });
    expect(due.map(({ item }) => item.id)).toEqual([run.id]);
  });

  test('takes a label schema as object or list, and a new field', async ({ gateway }) => {
    await street(gateway.storage, boxes);
    const object = {
      labelSchema: { signs: { type: 'polylines', classes: ['stop'], attributes: { state: { type: 'text' } } } },
    };
    const made = (await gateway.data(annotate, object)).annotate;
    expect(made.labelSchema.signs).toMatchObject({ type: 'polylines', classes: ['stop'], existing_field: false });
    const list = (await gateway.data(annotate, { annoKey: 'second', labelSchema: ['ground_truth'] })).annotate;
    expect(Object.keys(list.labelSchema)).toEqual(['ground_truth']);
  });

  test('on a view takes its samples', async ({ gateway }) => {
    await street(gateway.storage, boxes);
    const run = (await gateway.data(annotate, { ...field, view: { tags: ['even'], limit: 5 } })).annotate;
    expect(run).toMatchObject({ sampleCount: 2, view: { tags: ['even'], limit: 5 } });
  });

  test('answers a repeated idempotency key with the run of the first call', async ({ gateway }) => {
    await street(gateway.storage, boxes);
    const once = { ...field, idempotencyKey: 'one click' };
    const first = (await gateway.data(annotate, once)).annotate;
    expect((await gateway.data(annotate, once)).annotate.id).toBe(first.id);
    expect(await gateway.code(annotate, { ...once, annoKey: 'other' })).toBe('IDEMPOTENCY_KEY_REUSED');
  });
});

describe('bad input', () => {
  const cases: readonly (readonly [string, Record<string, unknown>, string])[] = [
    ['an unknown dataset', { ...field, dataset: 'nowhere' }, 'NOT_FOUND'],
    ['a key with a dash', { ...field, annoKey: 'fix-boxes' }, 'INVALID_ANNO_KEY'],
    ['an empty key', { ...field, annoKey: '' }, 'INVALID_ANNO_KEY'],
    ['a key that begins with a digit', { ...field, annoKey: '1st' }, 'INVALID_ANNO_KEY'],
    ['an unknown backend', { ...field, backend: 'nothing' }, 'UNKNOWN_BACKEND'],
    ['a backend that has no adapter yet', { ...field, backend: 'labelbox' }, 'BACKEND_NOT_AVAILABLE'],
    ['a view without samples', { ...field, view: { tags: ['none'] } }, 'EMPTY_VIEW'],
    ['a view with an unknown field', { ...field, view: { where: [{ field: 'nothing', equals: 1 }] } }, 'UNKNOWN_FIELD'],
    [
      'a condition that no value can have',
      { ...field, view: { where: [{ field: 'weather', equals: [1] }] } },
      'INVALID_ARGUMENT',
    ],
    ['nothing to annotate', {}, 'LABEL_SCHEMA_REQUIRED'],
    ['a new field without type', { labelField: 'signs', classes: ['stop'] }, 'LABEL_TYPE_REQUIRED'],
    ['a new field without classes', { labelField: 'signs', labelType: 'polylines' }, 'CLASSES_REQUIRED'],
    ['a type that there is not', { labelField: 'signs', labelType: 'blobs', classes: ['a'] }, 'UNSUPPORTED_LABEL_TYPE'],
    ['another type than the field has', { ...field, labelType: 'keypoints' }, 'LABEL_TYPE_CONFLICT'],
    ['classes as a text', { ...field, classes: 'car' }, 'CLASSES_INVALID'],
    [
      'an attribute of an unknown type',
      { ...field, attributes: { a: { type: 'dial' } } },
      'UNSUPPORTED_ATTRIBUTE_TYPE',
    ],
    ['a select without values', { ...field, attributes: { a: { type: 'select' } } }, 'ATTRIBUTE_VALUES_REQUIRED'],
    [
      'a default that is not among the values',
      { ...field, attributes: { a: { type: 'select', values: ['x'], default: 'y' } } },
      'ATTRIBUTE_DEFAULT_NOT_IN_VALUES',
    ],
    ['a media field that there is not', { ...field, mediaField: 'nothing' }, 'MEDIA_FIELD_NOT_FOUND'],
    ['a label schema that is a text', { labelSchema: 'ground_truth' }, 'LABEL_SCHEMA_INVALID'],
    ['a task size of nothing', { ...field, parameters: { task_size: 0 } }, 'INVALID_ARGUMENT'],
    ['a misspelt parameter', { ...field, parameters: { taks_size: 3 } }, 'UNKNOWN_PARAMETER'],
    ['credentials that are a text', { ...field, credentials: 'hunter2' }, 'INVALID_ARGUMENT'],
  ];
  for (const [what, variables, code] of cases) {
    test(`${what} is ${code}, and leaves nothing behind`, async ({ gateway }) => {
      await street(gateway.storage, boxes);
      const { errors, data } = await gateway.ask(annotate, variables);
      expect(errors?.map(({ extensions }) => extensions.code)).toEqual([code]);
      expect(data).toBeNull();
      expect(errors?.[0]?.message).not.toContain('hunter2');
      expect((await gateway.data('{ runs { nodes { id } } }')).runs.nodes).toEqual([]);
      expect(await gateway.storage.events.latest()).toBe(1);
    });
  }

  test('a key in use is ANNO_KEY_IN_USE', async ({ gateway }) => {
    await street(gateway.storage, boxes);
    await gateway.data(annotate, field);
    expect(await gateway.code(annotate, field)).toBe('ANNO_KEY_IN_USE');
  });

  test('a key of letters of any script is fine', async ({ gateway }) => {
    await street(gateway.storage, boxes);
    for (const annoKey of ['größe_1', '_x', 'def', '箱'])
      expect((await gateway.data(annotate, { ...field, annoKey })).annotate.annoKey).toBe(annoKey);
  });

  test('of two calls at once with one key, one wins', async ({ gateway }) => {
    await street(gateway.storage, boxes);
    const answers = await Promise.all([1, 2, 3].map(() => gateway.ask(annotate, field)));
    expect(answers.map(({ errors }) => errors?.[0]?.extensions.code ?? 'made').sort()).toEqual([
      'ANNO_KEY_IN_USE',
      'ANNO_KEY_IN_USE',
      'made',
    ]);
  });
});

describe('planAnnotation', () => {
  const plan = `query Plan($labelField: String, $backend: String = "folder", $classes: JSON, $parameters: JSONObject, $view: ViewInput) {
    planAnnotation(dataset: "street", annoKey: "plan", labelField: $labelField, backend: $backend, classes: $classes, parameters: $parameters, view: $view) {
      tasks samples labels bytes samplesOfUnknownSize labelSchema fields { field type classes labels } warnings { code field }
    }
  }`;

  test('tells what would be sent, and stores nothing', async ({ gateway }) => {
    await street(gateway.storage, boxes);
    const variables = { ...field, classes: ['car'], parameters: { task_size: 2 } };
    const { planAnnotation } = await gateway.data(plan, variables);
    expect(planAnnotation).toMatchObject({
      tasks: 2,
      samples: 3,
      labels: 3,
      bytes: 3_000,
      samplesOfUnknownSize: 0,
      fields: [{ field: 'ground_truth', type: 'detections', classes: ['car'], labels: 3 }],
      warnings: [{ code: 'LABELS_LEFT_OUT_BY_CLASS', field: 'ground_truth' }],
    });
    expect((await gateway.data('{ runs { nodes { id } } }')).runs.nodes).toEqual([]);
    expect(await gateway.storage.events.latest()).toBe(1);
  });

  test('refuses what annotate refuses', async ({ gateway }) => {
    await street(gateway.storage, boxes);
    expect(await gateway.code(plan, { ...field, view: { tags: ['none'] } })).toBe('EMPTY_VIEW');
    expect(await gateway.code(plan, {})).toBe('LABEL_SCHEMA_REQUIRED');
  });

  test('checks a request also for a backend that is not available yet, and says so', async ({ gateway }) => {
    await street(gateway.storage, boxes);
    const { planAnnotation } = await gateway.data(plan, { ...field, backend: 'labelstudio' });
    expect(planAnnotation.warnings[0].code).toBe('BACKEND_NOT_AVAILABLE');
  });
});

describe('secrets', () => {
  const secret = 'correct horse battery staple';

  /** Everything that any query of this test file could show of a run. */
  async function everything(gateway: Gateway): Promise<string> {
    const shown = await gateway.data(`{
      runs { nodes { annoKey parameters labelSchema warnings { message } error { message } } }
      operations { nodes { request progress result error { message } } }
      events { events { kind detail } }
      annotationConfig { backends edits { path value } defaultBackend }
      backends { name parameters { name default } }
    }`);
    return JSON.stringify(shown);
  }

  test('given with annotate are kept encrypted, and nothing shows them', async ({ gateway, fresh }) => {
    await street(gateway.storage, boxes);
    const run = (await gateway.data(annotate, { ...field, credentials: { api_key: secret } })).annotate;
    expect(await everything(gateway)).not.toContain(secret);
    expect(gateway.heard.join()).not.toContain(secret);
    expect(await gateway.storage.secrets.get({ runId: run.id })).toEqual({ api_key: secret });
    const other = await openStorage({ url: fresh.url, dataFolder: gateway.folder, secretKey: 'ff'.repeat(32) });
    await expect(other.secrets.get({ runId: run.id })).rejects.toMatchObject({ code: 'CREDENTIALS_NEEDED' });
    await other.close();
  });

  test('set in the config are masked wherever it is shown', async ({ gateway }) => {
    const set = (path: string[], value: unknown) =>
      gateway.data(
        'mutation ($path: [String!]!, $value: JSON) { setConfig(path: $path, value: $value) { backends edits { path value } } }',
        { path, value },
      );
    await set(['backends', 'cvat', 'password'], secret);
    const { setConfig } = await set(['backends', 'mine'], {
      url: `https://me:${secret.replaceAll(' ', '')}@example.org`,
      api_key: secret,
    });
    expect(setConfig.backends.cvat.password).toBe('********');
    expect(JSON.stringify(setConfig)).not.toContain(secret.replaceAll(' ', ''));
    expect(await everything(gateway)).not.toContain(secret);
    expect(gateway.heard.join()).not.toContain(secret);
  });

  test('that do not fit a variable are not repeated', async ({ gateway }) => {
    const { errors } = await gateway.ask(
      'query ($p: JSONObject) { planAnnotation(dataset: "x", annoKey: "y", parameters: $p) { tasks } }',
      { p: secret },
    );
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(JSON.stringify(errors)).not.toContain('horse');
  });
});
