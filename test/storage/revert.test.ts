import { describe, expect } from 'vitest';
import type { Label } from '../../domain/labels/index.js';
import type { Database } from '../../storage/database.js';
import { label, list, plain, Stage, sample, scalar } from '../support/content.js';
import { test } from '../support/database.js';

const load = 7;
const another = 8;

/** One image with three boxes, a weather and a field that is null; what happens in `load` can be reverted. */
async function stageBefore(database: Database) {
  const stage = await Stage.on(database, {
    boxes: 'Detections',
    box: 'Detection',
    nothing: 'Detections',
    weather: 'string',
  });
  const labels = [label({ confidence: 1 / 3 }), label({ tags: '["x"]' }), label()] as const;
  const single = label();
  await stage.add(sample({ boxes: list(...labels), box: list(single), weather: scalar('"sun"') }));
  return { stage, labels, single };
}

const inLoad = (stage: Stage, name: string, what: Parameters<Stage['change']>[2], operation = load) =>
  stage.change(name, 1, what, 0, operation);

/** Reverts what `load` did from event `first` to `last` (default: to the newest). */
async function revert(stage: Stage, name: string, first: number, last?: number) {
  const field = await stage.field(name);
  const end = last ?? (await stage.now());
  return stage.write((tx) => stage.labels.revertPage(tx, field, [1], first, end));
}

const present = async (stage: Stage, name: string): Promise<Label[] | null> =>
  (await stage.versions(name, 1, 0))?.current?.map(plain) ?? null;

describe('a revert', () => {
  test('undoes edits, additions and deletions, and can be repeated', async ({ database }) => {
    const { stage, labels } = await stageBefore(database);
    const first = (await stage.now()) + 1;
    const added = label();
    await inLoad(stage, 'boxes', { update: [{ ...labels[0], label: 'dog' }], add: [added], remove: [labels[1].id] });
    const last = await stage.now();
    expect(await present(stage, 'boxes')).toEqual([{ ...labels[0], label: 'dog' }, labels[2], added]);
    expect(await revert(stage, 'boxes', first, last)).toEqual({ reverted: 3, changedSince: 0 });
    expect(await present(stage, 'boxes')).toEqual(labels);
    expect((await stage.field('boxes')).labelCount).toBe(3);
    expect(await revert(stage, 'boxes', first, last)).toEqual({ reverted: 0, changedSince: 0 });
    expect((await stage.whole({ asOf: last }))[0]?.fields.get('boxes')?.labels).toEqual([
      { ...labels[0], label: 'dog' },
      labels[2],
      added,
    ]);
  });

  test('lets stay what others changed since, and says how much', async ({ database }) => {
    const { stage, labels } = await stageBefore(database);
    const first = (await stage.now()) + 1;
    const added = [label(), label()] as const;
    await inLoad(stage, 'boxes', {
      update: [
        { ...labels[0], label: 'dog' },
        { ...labels[2], label: 'dog' },
      ],
      add: added,
      remove: [labels[1].id],
    });
    const last = await stage.now();
    await stage.change('boxes', 1, {
      update: [
        { ...labels[0], label: 'cow' },
        { ...added[0], label: 'cow' },
      ],
      remove: [added[1].id],
      add: [{ ...labels[1], label: 'new' }],
    });
    expect(await revert(stage, 'boxes', first, last)).toEqual({ reverted: 1, changedSince: 3 });
    expect(await present(stage, 'boxes')).toEqual([
      { ...labels[0], label: 'cow' },
      labels[2],
      { ...added[0], label: 'cow' },
      { ...labels[1], label: 'new' },
    ]);
  });

  test('touches only what the operation wrote, though others wrote in between', async ({ database }) => {
    const { stage, labels } = await stageBefore(database);
    const first = (await stage.now()) + 1;
    await inLoad(stage, 'boxes', { update: [{ ...labels[0], label: 'by the load' }] });
    await inLoad(stage, 'boxes', { update: [{ ...labels[1], label: 'by another' }] }, another);
    await stage.change('boxes', 1, { add: [label({ label: 'by hand' })] });
    await inLoad(stage, 'boxes', { update: [{ ...labels[2], label: 'by the load' }] });
    expect(await revert(stage, 'boxes', first)).toEqual({ reverted: 2, changedSince: 0 });
    expect((await present(stage, 'boxes'))?.map((one) => one.label)).toEqual(['cat', 'by another', 'cat', 'by hand']);
  });

  test('makes a field null again that was null before', async ({ database }) => {
    const { stage } = await stageBefore(database);
    const first = (await stage.now()) + 1;
    await inLoad(stage, 'nothing', { add: [label()] });
    const last = await stage.now();
    expect(await revert(stage, 'nothing', first, last)).toEqual({ reverted: 2, changedSince: 0 });
    expect(await present(stage, 'nothing')).toBeNull();

    await inLoad(stage, 'nothing', { add: [label()] });
    const second = await stage.now();
    const kept = label();
    await stage.change('nothing', 1, { add: [kept] });
    expect(await revert(stage, 'nothing', second, second)).toEqual({ reverted: 1, changedSince: 1 });
    expect(await present(stage, 'nothing')).toEqual([kept]);
  });

  test('brings a single label back', async ({ database }) => {
    const { stage, single } = await stageBefore(database);
    const first = (await stage.now()) + 1;
    await inLoad(stage, 'box', { remove: [single.id] });
    expect(await present(stage, 'box')).toBeNull();
    expect(await revert(stage, 'box', first)).toEqual({ reverted: 1, changedSince: 0 });
    expect(await present(stage, 'box')).toEqual([single]);
  });

  test('undoes scalars unless they were changed since', async ({ database }) => {
    const { stage } = await stageBefore(database);
    const weather = await stage.field('weather');
    const set = (value: string | null, operation: number | null = load) =>
      stage.write((tx) => stage.labels.writeScalars(tx, weather, [{ sampleKey: 1, frame: 0, value }]), operation);
    const value = async () => (await stage.versions('weather', 1, 0))?.currentValue;
    await set('"rain"');
    const event = await stage.now();
    expect(await revert(stage, 'weather', event)).toEqual({ reverted: 1, changedSince: 0 });
    expect(await value()).toBe('"sun"');
    await set(null);
    const second = await stage.now();
    await set('"fog"', null);
    expect(await revert(stage, 'weather', second, second)).toEqual({ reverted: 0, changedSince: 1 });
    expect(await value()).toBe('"fog"');
  });
});
