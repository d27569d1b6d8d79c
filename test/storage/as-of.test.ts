import fc from 'fast-check';
import { describe, expect } from 'vitest';
import type { FieldValue, Label } from '../../domain/labels/index.js';
import type { StoredField, ValueVersions } from '../../storage/stores.js';
import { label, list, plain, Stage, sample, scalar } from '../support/content.js';
import { onPostgres, test } from '../support/database.js';
import { newHex } from '../support/rows.js';

const plainOf = (labels: readonly Label[] | null | undefined): Label[] | null => labels?.map(plain) ?? null;

describe('what was there at an event', () => {
  test('is the same array as the present where nothing changed since', async ({ database }) => {
    const stage = await Stage.on(database, { boxes: 'Detections' });
    await stage.add(sample({ boxes: list(label()) }), sample({ boxes: list(label()) }));
    const base = await stage.now();
    const [a, b] = await stage.samples.byKeys([1, 2]);
    await stage.change('boxes', a?.key ?? 0, { add: [label()] });
    const changed = await stage.versions('boxes', a?.key ?? 0, base);
    expect([changed?.current?.length, changed?.base?.length]).toEqual([2, 1]);
    const same = await stage.versions('boxes', b?.key ?? 0, base);
    expect(same?.base).toBe(same?.current);
  });

  test('differs between null and an empty list', async ({ database }) => {
    const stage = await Stage.on(database, { boxes: 'Detections' });
    await stage.add(sample(), sample({ boxes: list() }));
    const start = await stage.now();
    const [nothing, empty] = (await stage.samples.byKeys([1, 2])).map(({ key }) => key);
    expect((await stage.versions('boxes', nothing ?? 0, start))?.current).toBeNull();
    expect((await stage.versions('boxes', empty ?? 0, start))?.current).toEqual([]);
    await stage.change('boxes', nothing ?? 0, { becomesEmptyList: true });
    const versions = await stage.versions('boxes', nothing ?? 0, start);
    expect([versions?.current, versions?.base]).toEqual([[], null]);
    const values = await stage.labels.values(await stage.field('boxes'), [nothing ?? 0, empty ?? 0], start);
    expect([...(values.get(empty ?? 0)?.values() ?? [])]).toEqual([{ labels: [], value: null }]);
    expect(values.get(nothing ?? 0)?.size ?? 0).toBe(0);
  });

  test('is looked up by sample where samples have bases of their own', async ({ database }) => {
    const stage = await Stage.on(database, { boxes: 'Detections' });
    const boxes = [label({ label: 'first' }), label({ label: 'first' })];
    await stage.add(...boxes.map((box) => sample({ boxes: list(box) })));
    const field = await stage.field('boxes');
    const edit = async (name: string) => {
      for (const [i, box] of boxes.entries()) await stage.change('boxes', i + 1, { update: [{ ...box, label: name }] });
      return stage.now();
    };
    const first = await stage.now();
    const second = await edit('second');
    await edit('third');
    const bases = new Map([
      [1, first],
      [2, second],
    ]);
    const versions = await database.transaction((tx) => stage.labels.versions(tx, field, [1, 2], bases));
    expect(
      [1, 2].map((key) =>
        versions
          .get(key)
          ?.get(0)
          ?.base?.map((one) => one.label),
      ),
    ).toEqual([['first'], ['second']]);
  });

  test('is null in between, however often a list comes and goes', async ({ database }) => {
    const stage = await Stage.on(database, { boxes: 'Detections' });
    await stage.add(sample({ boxes: list() }));
    const field = await stage.field('boxes');
    const erased: number[] = [];
    for (let i = 0; i < 3; i++) {
      await stage.write((tx) => stage.samples.setValue(tx, 1, field, 0, null));
      erased.push(await stage.now());
      await stage.change('boxes', 1, { add: [label()] });
      expect((await stage.versions('boxes', 1, await stage.now()))?.base).toHaveLength(1);
    }
    for (const event of erased) expect((await stage.versions('boxes', 1, event))?.base).toBeNull();
  });

  test('is null again for a single label that was removed', async ({ database }) => {
    const stage = await Stage.on(database, { box: 'Detection' });
    const only = label();
    await stage.add(sample({ box: list(only) }));
    const before = await stage.now();
    await stage.change('box', 1, { remove: [only.id] });
    const versions = await stage.versions('box', 1, before);
    expect([versions?.current, plainOf(versions?.base)]).toEqual([null, [only]]);
    expect((await stage.field('box')).labelCount).toBe(0);
  });

  test('keeps confidences that the merge does not write, to the last bit', async ({ database }) => {
    const stage = await Stage.on(database, { boxes: 'Detections' });
    const confidences = [0.1 + 0.2, 1 / 3, 2 ** -11 + 2 ** -60, 1.9999999999999998, 2, 1e-300, 0];
    const labels = confidences.map((confidence) => label({ confidence, tags: '["x"]' }));
    await stage.add(sample({ boxes: list(...labels) }));
    const base = await stage.now();
    await stage.change('boxes', 1, {
      update: labels.map((one) => ({ ...one, label: 'dog', confidence: null, tags: null })),
    });
    const versions = await stage.versions('boxes', 1, base);
    expect(plainOf(versions?.current)).toEqual(labels.map((one) => ({ ...one, label: 'dog' })));
    expect(plainOf(versions?.base)).toEqual(labels);
  });

  test('leaves no trace of a version that began with the same event', async ({ database }) => {
    const stage = await Stage.on(database, { boxes: 'Detections', weather: 'string' });
    const [boxes, weather] = [await stage.field('boxes'), await stage.field('weather')];
    const box = label();
    await stage.write(async (tx) => {
      await stage.samples.insertWhole(tx, stage.dataset.id, [sample({ boxes: list(box), weather: scalar('"a"') })], []);
      await stage.samples.setValue(tx, 1, boxes, 0, list(label({ ...box, label: 'dog' })));
      await stage.samples.setValue(tx, 1, boxes, 0, null);
      await stage.samples.setValue(tx, 1, weather, 0, scalar('"b"'));
    });
    const rows = await database.query<{ count: number }>(
      'SELECT (SELECT count(*) FROM label_history) + (SELECT count(*) FROM value_history) AS count',
    );
    expect(rows[0]?.count).toBe(0);
    expect((await stage.whole())[0]?.fields).toEqual(new Map([['weather', scalar('"b"')]]));
  });
});

/** Steps of a history: on sample (0, 1), do something with the label list or the scalar. */
type Step =
  | { readonly kind: 'add'; readonly on: number; readonly count: number }
  | { readonly kind: 'edit' | 'remove'; readonly on: number; readonly which: number }
  | { readonly kind: 'replace'; readonly on: number; readonly keep: number; readonly turned: boolean }
  | { readonly kind: 'erase' | 'empty' | 'nothing'; readonly on: number }
  | { readonly kind: 'scalar'; readonly on: number; readonly value: string | null };

const on = fc.integer({ min: 0, max: 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), on, count: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constantFrom('edit' as const, 'remove' as const), on, which: fc.nat(5) }),
  fc.record({ kind: fc.constant('replace' as const), on, keep: fc.nat(3), turned: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('erase' as const, 'empty' as const, 'nothing' as const), on }),
  fc.record({
    kind: fc.constant('scalar' as const),
    on,
    value: fc.option(fc.constantFrom('"a"', '"b"'), { nil: null }),
  }),
);

/** The state that a history must give, kept in memory: label lists (or null) and scalars of two samples. */
interface Model {
  readonly labels: (Label[] | null)[];
  readonly scalars: (string | null)[];
}

const copied = (model: Model): Model => ({
  labels: model.labels.map((list) => list && [...list]),
  scalars: [...model.scalars],
});

class History {
  readonly model: Model = { labels: [null, []], scalars: [null, '"a"'] };
  readonly states = new Map<number, Model>();

  private constructor(
    readonly stage: Stage,
    readonly keys: readonly number[],
    readonly boxes: StoredField,
    readonly weather: StoredField,
  ) {}

  static async start(stage: Stage): Promise<History> {
    const [a, b] = [sample(), sample({ boxes: list(), weather: scalar('"a"') })];
    await stage.add(a, b);
    const keys = [await stage.keyOf(a.id), await stage.keyOf(b.id)];
    const history = new History(stage, keys, await stage.field('boxes'), await stage.field('weather'));
    history.states.set(await stage.now(), copied(history.model));
    return history;
  }

  async take(step: Step): Promise<void> {
    const key = this.keys[step.on] ?? 0;
    const before = this.model.labels[step.on] ?? null;
    if (step.kind === 'scalar') {
      await this.stage.write((tx) =>
        this.stage.labels.writeScalars(tx, this.weather, [{ sampleKey: key, frame: 0, value: step.value }]),
      );
      this.model.scalars[step.on] = step.value;
    } else if (step.kind === 'replace' || step.kind === 'erase' || step.kind === 'empty') {
      const after = replaced(step, before ?? []);
      await this.stage.write((tx) => this.stage.samples.setValue(tx, key, this.boxes, 0, after));
      this.model.labels[step.on] = after === null ? null : [...(after.labels ?? [])];
    } else await this.edit(step, key, before);
    this.states.set(await this.stage.now(), copied(this.model));
  }

  private async edit(step: Step, key: number, before: Label[] | null): Promise<void> {
    const chosen =
      'which' in step && before !== null && before.length > 0 ? before[step.which % before.length] : undefined;
    const added = step.kind === 'add' ? Array.from({ length: step.count }, () => label()) : [];
    const edited = step.kind === 'edit' && chosen !== undefined ? { ...chosen, label: `class ${newHex()}` } : undefined;
    const removed = step.kind === 'remove' ? chosen : undefined;
    await this.stage.change('boxes', key, {
      add: added,
      update: edited ? [edited] : [],
      remove: removed ? [removed.id] : [],
    });
    if (added.length > 0 || edited || removed)
      this.model.labels[step.on] = [
        ...(before ?? []).filter((one) => one !== removed).map((one) => (edited && one === chosen ? edited : one)),
        ...added,
      ];
  }
}

function replaced(step: Step, before: readonly Label[]): FieldValue | null {
  if (step.kind === 'erase') return null;
  if (step.kind !== 'replace') return list();
  const kept = before
    .slice(0, step.keep)
    .map((one, i) => (i === 0 ? { ...one, confidence: 0.25, tags: '["new"]' } : one));
  return list(...(step.turned ? kept.reverse() : kept), label());
}

describe('whatever happens to labels and scalars', () => {
  test('each past state can be read, and the present with it', async ({ database }) => {
    const stage = await Stage.on(database, { boxes: 'Detections', weather: 'string', other: 'Detections' });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const history = await History.start(stage);
        for (const one of steps) await history.take(one);
        for (const [event, state] of history.states) await expectState(history, event, state);
        expect(await countedLabels(stage)).toEqual(await storedLabels(stage));
      }),
      { numRuns: onPostgres ? 15 : 40 },
    );
  });
});

async function expectState(
  { stage, keys, boxes, weather, model }: History,
  event: number,
  state: Model,
): Promise<void> {
  const read = (field: StoredField) => database(stage, field, keys, event);
  const [labels, scalars] = [await read(boxes), await read(weather)];
  expect(keys.map((key) => plainOf(labels.get(key)?.get(0)?.base))).toEqual(state.labels);
  expect(keys.map((key) => plainOf(labels.get(key)?.get(0)?.current))).toEqual(model.labels);
  expect(keys.map((key) => scalars.get(key)?.get(0)?.baseValue ?? null)).toEqual(state.scalars);
  const values = await stage.labels.values(boxes, keys, event);
  expect(keys.map((key) => plainOf(values.get(key)?.get(0)?.labels))).toEqual(state.labels);
}

const database = (
  stage: Stage,
  field: StoredField,
  keys: readonly number[],
  event: number,
): Promise<Map<number, Map<number, ValueVersions>>> =>
  stage.database.transaction((tx) => stage.labels.versions(tx, field, keys, event));

/** The counters of fields and of lists, against the rows. */
async function countedLabels(stage: Stage): Promise<unknown> {
  const fields = await stage.datasets.fields(stage.dataset.id);
  const [lists] = await stage.database.query(
    'SELECT CAST(coalesce(sum(labels), 0) AS bigint) AS count FROM sample_field',
  );
  return [Object.fromEntries(fields.map(({ name, labelCount }) => [name, labelCount])), lists];
}

async function storedLabels(stage: Stage): Promise<unknown> {
  const fields = await stage.datasets.fields(stage.dataset.id);
  const counts: Record<string, number> = {};
  for (const { id, name } of fields) {
    const [row] = await stage.database.query<{ count: number }>(
      'SELECT count(*) AS count FROM label WHERE field_id = ?',
      [id],
    );
    counts[name] = row?.count ?? 0;
  }
  const [all] = await stage.database.query('SELECT count(*) AS count FROM label');
  return [counts, all];
}

describe('confidence and tags', () => {
  test('change only where an update says so', async ({ database }) => {
    const stage = await Stage.on(database, { boxes: 'Detections' });
    const labels = Array.from({ length: 4 }, () => label({ confidence: 1 / 3, tags: '["x"]' }));
    await stage.add(sample({ boxes: list(...labels) }));
    const field = await stage.field('boxes');
    const current = (await stage.versions('boxes', 1, 0))?.current ?? [];
    const bare = { confidence: null, tags: null };
    await stage.write((tx) =>
      stage.labels.write(tx, field, [
        {
          sampleKey: 1,
          frame: 0,
          updates: current.map(({ key, ...one }, i) => ({
            key,
            label: { ...one, ...bare, ...(i === 3 ? { confidence: 0.1 + 0.2 } : {}) },
            ...([{}, { whole: false }, { whole: true }, { whole: 'given' }] as const)[i],
          })),
          additions: [],
          deletions: [],
          becomesEmptyList: false,
        },
      ]),
    );
    expect((await stage.versions('boxes', 1, 0))?.current?.map(({ confidence, tags }) => [confidence, tags])).toEqual([
      [1 / 3, '["x"]'],
      [1 / 3, '["x"]'],
      [null, null],
      [0.1 + 0.2, '["x"]'],
    ]);
  });
});
