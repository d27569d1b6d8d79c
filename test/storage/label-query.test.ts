import { describe, expect } from 'vitest';
import type { Database } from '../../storage/database.js';
import type { FoundLabel, LabelQuery, Page } from '../../storage/stores.js';
import { frame, label, list, Stage, sample } from '../support/content.js';
import { test } from '../support/database.js';

/** Three images and a video; ids of the labels end in what they are found by. */
async function stageWithLabels(database: Database) {
  const stage = await Stage.on(database, { boxes: 'Detections', lines: 'Polylines', 'frames.boxes': 'Detections' });
  const given = {
    cat: label({ confidence: 0.9, attributes: '{"colour":"red","size":1.5,"wild":true}' }),
    dog: label({ label: 'dog', confidence: 0.5, tags: '["new","odd"]' }),
    cow: label({ label: 'cow', attributes: '{"colour":"blue","a.b":[1,2],"$x":"y"}' }),
    line: label({ geometry: '{"points":[[[0,0],[1,1]]]}', confidence: 0.2 }),
    early: label({ index: 1 }),
    late: label({ index: 1, confidence: 0.7 }),
  };
  const images = [
    sample({ boxes: list(given.cat, given.dog) }),
    sample({ boxes: list(given.cow), lines: list(given.line) }),
    sample({ boxes: list() }),
  ];
  const video = sample({}, { mediaType: 'video' });
  await stage.add(...images, video);
  await stage.addFrames(
    frame(video.id, 1, { boxes: list(given.early) }),
    frame(video.id, 9, { boxes: list(given.late) }),
  );
  return { stage, given, images, video };
}

async function all(stage: Stage, query: LabelQuery, first = 100): Promise<FoundLabel[]> {
  const found: FoundLabel[] = [];
  for (let page: Page = { first }; ; ) {
    const { items, hasMore } = await stage.labels.list(stage.dataset.id, query, page);
    found.push(...items.map(({ item }) => item));
    if (!hasMore) return found;
    page = { first, after: items.at(-1)?.cursor ?? null };
  }
}

describe('labels are found', () => {
  test('by each condition, alone and together, and counted alike', async ({ database }) => {
    const { stage, given, images, video } = await stageWithLabels(database);
    type Name = keyof typeof given;
    const names = new Map(Object.entries(given).map(([name, { id }]) => [id, name]));
    const cases: [LabelQuery, Name[]][] = [
      [{}, ['cat', 'dog', 'cow', 'line', 'early', 'late']],
      [{ field: 'boxes' }, ['cat', 'dog', 'cow']],
      [{ labelClass: 'Polyline' }, ['line']],
      [{ labelClass: 'Detection', classes: ['cat'] }, ['cat', 'early', 'late']],
      [{ classes: ['cow', 'dog', 'unheard of'] }, ['dog', 'cow']],
      [{ classes: [] }, []],
      [{ attribute: { name: 'colour', equals: 'red' } }, ['cat']],
      [{ attribute: { name: 'size', equals: 1.5 } }, ['cat']],
      [{ attribute: { name: 'wild', equals: true } }, ['cat']],
      [{ attribute: { name: 'wild', equals: 1 } }, []],
      [{ attribute: { name: 'a.b', equals: [1, 2] } }, ['cow']],
      [{ attribute: { name: '$x', equals: 'y' } }, ['cow']],
      [{ field: 'boxes', attribute: { name: 'colour', equals: null } }, ['dog']],
      [{ confidence: { atLeast: 0.5 } }, ['dog', 'late', 'cat']],
      [{ confidence: { atMost: 0.5 } }, ['line', 'dog']],
      [{ classes: ['cat'], confidence: { atLeast: 0.8 } }, ['cat']],
      [{ tags: ['odd', 'other'] }, ['dog']],
      [{ samples: [images[0]?.id ?? ''] }, ['cat', 'dog']],
      [{ samples: [video.id], frames: { from: 2, to: 9 } }, ['late']],
      [{ ids: [given.line.id, given.dog.id, 'f'.repeat(24)] }, ['dog', 'line']],
      [{ ids: [given.line.id], field: 'boxes' }, []],
    ];
    for (const [query, expected] of cases) {
      const found = (await all(stage, query)).map((one) => names.get(one.label.id));
      expect({ query, found }).toEqual({ query, found: expected });
      expect({ query, count: await stage.labels.count(stage.dataset.id, query) }).toEqual({
        query,
        count: expected.length,
      });
    }
  });

  test('with the field and the sample they are on', async ({ database }) => {
    const { stage, given, video } = await stageWithLabels(database);
    const [found] = await all(stage, { ids: [given.late.id] });
    expect(found?.field.name).toBe('frames.boxes');
    expect(found?.sampleKey).toBe(await stage.keyOf(video.id));
    expect(found?.label).toMatchObject({ ...given.late, frame: 9 });
  });

  test('only in their own dataset', async ({ database }) => {
    const { stage, given } = await stageWithLabels(database);
    const other = await Stage.on(database, { boxes: 'Detections' });
    for (const query of [{}, { classes: ['cat'] }, { ids: [given.cat.id] }, { confidence: {} }])
      expect(await all(other, query)).toEqual([]);
    await expect(all(stage, { field: 'missing' })).rejects.toMatchObject({ code: 'UNKNOWN_FIELD' });
  });

  test('page by page without one lost or repeated, while others are added', async ({ database }) => {
    const stage = await Stage.on(database, { boxes: 'Detections', more: 'Detections' });
    const labels = Array.from({ length: 12 }, (_, i) =>
      label({ label: i % 3 === 0 ? 'dog' : 'cat', confidence: i % 2 ? 0.5 : i / 20 }),
    );
    await stage.add(
      ...[0, 4, 8].map((from) =>
        sample({ boxes: list(...labels.slice(from, from + 3)), more: list(...labels.slice(from + 3, from + 4)) }),
      ),
    );
    const queries: LabelQuery[] = [
      {},
      { classes: ['cat', 'dog'] },
      { confidence: { atLeast: 0 } },
      { ids: labels.map(({ id }) => id) },
      { field: 'boxes' },
    ];
    for (const query of queries) {
      const expected = (await all(stage, query)).map((one) => one.label.id);
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof stage.labels.list>> = await stage.labels.list(stage.dataset.id, query, {
          first: 2,
          after,
        });
        seen.push(...page.items.map(({ item }) => item.label.id));
        after = page.hasMore ? (page.items.at(-1)?.cursor ?? null) : null;
        if (seen.length < 8) await stage.change('boxes', 1, { add: [label({ label: 'cat', confidence: 0.1 })] });
      } while (after !== null);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.filter((id) => expected.includes(id))).toEqual(expected);
    }
  });

  test('not with a cursor of another list', async ({ database }) => {
    const { stage } = await stageWithLabels(database);
    const { items } = await stage.labels.list(stage.dataset.id, { classes: ['cat'] }, { first: 1 });
    for (const after of [items[0]?.cursor ?? '', 'nonsense', ''])
      await expect(stage.labels.list(stage.dataset.id, { confidence: {} }, { first: 1, after })).rejects.toMatchObject({
        code: 'CURSOR_INVALID',
      });
  });
});

describe('the classes of a field', () => {
  test('are those of its labels, sorted by code point', async ({ database }) => {
    const stage = await Stage.on(database, { boxes: 'Detections', other: 'Detections' });
    const names = ['b', 'a', '\u{1F600}', '\uFF5E', 'B', null, 'a'];
    await stage.add(
      sample({
        boxes: list(...names.map((name) => label({ label: name }))),
        other: list(label({ label: 'elsewhere' })),
      }),
    );
    expect(await stage.labels.classes(await stage.field('boxes'))).toEqual(['B', 'a', 'b', '\uFF5E', '\u{1F600}']);
    expect(await stage.labels.countByClass(await stage.field('boxes'))).toContainEqual({ name: 'a', count: 2 });
    expect(await stage.labels.countByClass(await stage.field('boxes'))).toContainEqual({ name: null, count: 1 });
  });

  test('are none where there is no label', async ({ database }) => {
    const stage = await Stage.on(database, { boxes: 'Detections' });
    expect(await stage.labels.classes(await stage.field('boxes'))).toEqual([]);
  });

  test('that a transaction added and rolled back never stand for others', async ({ database }) => {
    const stage = await Stage.on(database, { boxes: 'Detections' });
    await stage.add(sample({ boxes: list() }));
    const failing = stage.write(async (tx) => {
      const field = await stage.field('boxes');
      await stage.labels.write(tx, field, [
        {
          sampleKey: 1,
          frame: 0,
          updates: [],
          additions: [label({ label: 'rolled back' })],
          deletions: [],
          becomesEmptyList: false,
        },
      ]);
      await stage.labels.versions(tx, field, [1], 0);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await stage.change('boxes', 1, { add: [label({ label: 'kept' })] });
    await stage.change('boxes', 1, { add: [label({ label: 'rolled back' })] });
    expect((await stage.versions('boxes', 1, 0))?.current?.map((one) => one.label)).toEqual(['kept', 'rolled back']);
  });

  test('that another process added are known here', async ({ database, fresh }) => {
    const { openDatabase } = await import('../../storage/database.js');
    const stage = await Stage.on(database, { boxes: 'Detections' });
    await stage.add(sample({ boxes: list(label()) }));
    const other = await openDatabase({ url: fresh.url });
    const { SqlLabelStore } = await import('../../storage/label-store.js');
    await other.transaction(async (tx) => {
      tx.emit({ kind: 'TEST', detail: {} });
      const writes = {
        sampleKey: 1,
        frame: 0,
        updates: [],
        additions: [label({ label: 'from afar' })],
        deletions: [],
        becomesEmptyList: false,
      };
      await new SqlLabelStore(other).write(tx, await stage.field('boxes'), [writes]);
    });
    await other.close();
    expect((await stage.versions('boxes', 1, 0))?.current?.map((one) => one.label)).toEqual(['cat', 'from afar']);
  });
});

describe('the history of a label', () => {
  test('is every version, oldest first, and survives its deletion', async ({ database }) => {
    const stage = await Stage.on(database, { boxes: 'Detections' });
    const one = label();
    await stage.add(sample({ boxes: list(one, label()) }));
    await stage.change('boxes', 1, { update: [{ ...one, label: 'dog' }] });
    await stage.change('boxes', 1, { update: [{ ...one, label: 'cow' }] });
    const history = async () =>
      (await stage.labels.history(stage.dataset.id, await stage.field('boxes'), one.id, { first: 10 })).items.map(
        ({ item }) => [item.label, item.validTo === null],
      );
    expect(await history()).toEqual([
      ['cat', false],
      ['dog', false],
      ['cow', true],
    ]);
    await stage.change('boxes', 1, { remove: [one.id] });
    expect(await history()).toEqual([
      ['cat', false],
      ['dog', false],
      ['cow', false],
    ]);
    const first = await stage.labels.history(stage.dataset.id, await stage.field('boxes'), one.id, { first: 2 });
    const second = await stage.labels.history(stage.dataset.id, await stage.field('boxes'), one.id, {
      first: 2,
      after: first.items[1]?.cursor ?? null,
    });
    expect([first.hasMore, second.hasMore, second.items.map(({ item }) => item.label)]).toEqual([true, false, ['cow']]);
  });

  test('tells which samples hold an id', async ({ database }) => {
    const stage = await Stage.on(database, { boxes: 'Detections', other: 'Detections' });
    const one = label();
    await stage.add(sample({ boxes: list(one) }), sample({ boxes: list(one), other: list(label()) }));
    const field = await stage.field('boxes');
    const holders = await database.transaction((tx) => stage.labels.holders(tx, field, [one.id, 'f'.repeat(24)]));
    expect(holders.map(({ sampleKey }) => sampleKey).sort()).toEqual([1, 2]);
  });
});
