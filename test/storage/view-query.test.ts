import { describe, expect } from 'vitest';
import type { View } from '../../domain/view/view.js';
import type { Database } from '../../storage/database.js';
import { clipsOf, viewSamplesSql } from '../../storage/view-query.js';
import { frame, label, list, Stage, sample, scalar } from '../support/content.js';
import { test } from '../support/database.js';

const fields = {
  boxes: 'Detections',
  weather: 'string',
  count: 'int',
  night: 'bool',
  events: 'TemporalDetections',
  'frames.boxes': 'Detections',
};

const events = (...clips: [string, number, number][]) =>
  scalar(
    JSON.stringify({
      _cls: 'TemporalDetections',
      detections: clips.map(([id, first, last]) => ({ _id: { $oid: id }, support: [first, last] })),
    }),
  );

const clipId = (n: number): string => `${n}`.padStart(24, 'c');

/** Samples named by letters; `paths` against the order of the keys. */
async function stageWithViews(database: Database) {
  const stage = await Stage.on(database, fields);
  const samples = {
    a: sample(
      {
        boxes: list(label({ confidence: 0.9 }), label({ label: 'dog', tags: '["odd"]' })),
        weather: scalar('"sunny"'),
        count: scalar('3'),
      },
      { path: '/z/a.jpg', tags: ['train'], group: { id: 'd'.repeat(24), slice: 'left' } },
    ),
    b: sample(
      {
        boxes: list(label({ label: 'dog', confidence: 0.2, attributes: '{"wild":true}' })),
        weather: scalar('"rain"'),
        night: scalar('true'),
      },
      { path: '/y/b.jpg', tags: ['test', 'odd'], group: { id: 'd'.repeat(24), slice: 'right' } },
    ),
    c: sample({ boxes: list() }, { path: '/x/c.jpg' }),
    d: sample(
      { events: events([clipId(1), 2, 5], [clipId(2), 7, 9]) },
      { path: '/w/d.mp4', mediaType: 'video', tags: ['train'] },
    ),
    e: sample({ events: events() }, { path: '/w/e.mp4', mediaType: 'video' }),
  };
  await stage.add(...Object.values(samples));
  await stage.addFrames(...[1, 3, 6, 9].map((number) => frame(samples.d.id, number, { boxes: list(label()) })));
  const names = new Map(Object.entries(samples).map(([name, { id }]) => [id, name]));
  const listed = async (view: View): Promise<string> => {
    const found: (string | undefined)[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof stage.samples.list>> = await stage.samples.list(
        stage.dataset.id,
        { first: 1, after },
        { view },
      );
      found.push(...page.items.map(({ item }) => names.get(item.id)));
      after = page.hasMore ? (page.items.at(-1)?.cursor ?? null) : null;
    } while (after !== null);
    return found.join('');
  };
  const selected = async (view: View): Promise<string> => {
    const { sql, params } = await viewSamplesSql(database, stage.dataset.id, view);
    const rows = await database.query<{ id: number }>(sql, params);
    const byKey = new Map(
      (await stage.samples.byKeys(rows.map(({ id }) => id))).map((one) => [one.key, names.get(one.id)]),
    );
    return rows.map(({ id }) => byKey.get(id)).join('');
  };
  return { stage, samples, listed, selected };
}

describe('a view', () => {
  test('selects its samples in its order, in one statement or by pages', async ({ database }) => {
    const { stage, samples, listed, selected } = await stageWithViews(database);
    const cases: [View, string][] = [
      [{}, 'abcde'],
      [{ samples: [samples.c.id, samples.a.id, samples.c.id, 'f'.repeat(24)] }, 'ca'],
      [{ samples: [] }, ''],
      [{ samples: [samples.c.id, samples.a.id], sort: { by: 'ID' } }, 'ac'],
      [{ sort: { by: 'ID', descending: true } }, 'edcba'],
      [{ sort: { by: 'PATH' } }, 'decba'],
      [{ sort: { by: 'PATH', descending: true }, skip: 1, limit: 3 }, 'bce'],
      [{ skip: 1, limit: 2 }, 'bc'],
      [{ skip: 3 }, 'de'],
      [{ limit: 0 }, ''],
      [{ limit: 100 }, 'abcde'],
      [{ tags: ['train'] }, 'ad'],
      [{ tags: ['odd', 'train'] }, 'abd'],
      [{ tags: [] }, ''],
      [{ pathContains: '/w/' }, 'de'],
      [{ pathContains: '%' }, ''],
      [{ where: [{ field: 'weather', equals: 'rain' }] }, 'b'],
      [
        {
          where: [
            { field: 'count', equals: 3 },
            { field: 'weather', equals: 'sunny' },
          ],
        },
        'a',
      ],
      [{ where: [{ field: 'night', equals: true }] }, 'b'],
      [{ where: [{ field: 'weather', exists: true }] }, 'ab'],
      [{ where: [{ field: 'weather', exists: false }] }, 'cde'],
      [{ where: [{ field: 'boxes', exists: true }] }, 'abc'],
      [{ slices: ['left', 'middle'] }, 'a'],
      [{ labels: [{ field: 'boxes', filter: { classes: ['dog'] } }] }, 'abcde'],
      [{ labels: [{ field: 'boxes', filter: { classes: ['dog'] }, onlyMatching: true }] }, 'ab'],
      [{ labels: [{ field: 'boxes', filter: { classes: ['dog'], tags: ['odd'] }, onlyMatching: true }] }, 'a'],
      [{ labels: [{ field: 'boxes', filter: { classes: ['cat'], tags: ['odd'] }, onlyMatching: true }] }, ''],
      [
        { labels: [{ field: 'boxes', filter: { confidence: { atLeast: 0.1, atMost: 0.5 } }, onlyMatching: true }] },
        'b',
      ],
      [{ labels: [{ field: 'boxes', filter: { confidence: {} }, onlyMatching: true }] }, 'ab'],
      [{ labels: [{ field: 'boxes', filter: { attributes: { wild: true } }, onlyMatching: true }] }, 'b'],
      [
        {
          labels: [
            {
              field: 'boxes',
              filter: { ids: [samples.b.fields.get('boxes')?.labels?.[0]?.id ?? ''] },
              onlyMatching: true,
            },
          ],
        },
        'b',
      ],
      [{ patches: 'boxes' }, 'ab'],
      [{ patches: 'boxes', labels: [{ field: 'boxes', filter: { classes: ['cat'] } }] }, 'a'],
      [{ patches: 'frames.boxes' }, 'd'],
      [{ clips: 'events' }, 'd'],
      [{ frames: true }, 'd'],
      [{ frames: true, patches: 'boxes' }, 'd'],
    ];
    for (const [view, expected] of cases) {
      expect({ view, samples: await listed(view) }).toEqual({ view, samples: expected });
      expect({ view, samples: await selected(view) }).toEqual({ view, samples: expected });
      expect({ view, count: await stage.samples.count(stage.dataset.id, { view }) }).toEqual({
        view,
        count: expected.length,
      });
    }
  });

  test('and a filter hold together', async ({ database }) => {
    const { stage, samples } = await stageWithViews(database);
    const found = async (options: Parameters<typeof stage.samples.list>[2]) => ({
      ids: (await stage.samples.list(stage.dataset.id, { first: 10 }, options)).items.map(({ item }) => item.id),
      count: await stage.samples.count(stage.dataset.id, options),
    });
    const only = ({ id }: { id: string }) => ({ ids: [id], count: 1 });
    expect(await found({ view: { tags: ['train'] }, filter: { mediaType: 'video' } })).toEqual(only(samples.d));
    expect(
      await found({ view: { limit: 4 }, filter: { pathContains: '/w/', ids: [samples.d.id, samples.a.id] } }),
    ).toEqual(only(samples.d));
    expect(await found({ filter: { slice: 'left', tags: ['train'] } })).toEqual(only(samples.a));
  });

  test('leaves labels out of what is exported', async ({ database }) => {
    const { stage, samples } = await stageWithViews(database);
    const boxes = async (view: View) =>
      (await stage.whole({ view })).map(({ fields }) => fields.get('boxes')?.labels?.map((one) => one.label));
    expect(
      await boxes({
        labels: [{ field: 'boxes', filter: { classes: ['dog'] } }],
        samples: [samples.a.id, samples.b.id],
      }),
    ).toEqual([['dog'], ['dog']]);
    const numbers = async (view: View) =>
      (await stage.wholeFrames({ view }))
        .filter(({ fields }) => (fields.get('boxes')?.labels?.length ?? 0) > 0)
        .map(({ number }) => number);
    expect(await numbers({ clips: 'events' })).toEqual([3, 9]);
    expect(await numbers({ frames: true, labels: [{ field: 'boxes', filter: { classes: ['dog'] } }] })).toEqual([]);
  });

  test('of clips names them with their frames', async ({ database }) => {
    const { stage, samples } = await stageWithViews(database);
    const keys = [await stage.keyOf(samples.d.id), await stage.keyOf(samples.e.id), await stage.keyOf(samples.a.id)];
    const clips = await clipsOf(database, stage.dataset.id, 'events', keys);
    expect(clips.get(keys[0] ?? 0)).toEqual([
      { id: clipId(1), first: 2, last: 5 },
      { id: clipId(2), first: 7, last: 9 },
    ]);
    expect(clips.get(keys[1] ?? 0)).toEqual([]);
    expect(clips.has(keys[2] ?? 0)).toBe(false);
  });
});

describe('a view that cannot be read', () => {
  const wrong: [unknown, string][] = [
    ['all', 'view'],
    [{ sample: ['a'] }, 'view.sample'],
    [{ samples: 'a' }, 'view.samples'],
    [{ samples: ['nonsense'] }, 'view.samples[0]'],
    [{ sort: { by: 'SIZE' } }, 'view.sort.by'],
    [{ skip: -1 }, 'view.skip'],
    [{ limit: 1.5 }, 'view.limit'],
    [{ where: [{ field: 'weather' }] }, 'view.where[0]'],
    [{ where: [{ equals: 1 }] }, 'view.where[0].field'],
    [{ where: [{ field: 'frames.boxes', exists: true }] }, 'view.where[0].field'],
    [{ labels: [{ field: 'boxes', filter: { class: 'x' } }] }, 'view.labels[0].filter.class'],
    [{ labels: [{ field: 'boxes' }] }, 'view.labels[0].filter'],
    [{ clips: 'boxes' }, 'view.clips'],
    [{ clips: 'events', frames: true }, 'view'],
  ];

  test.for(wrong)('is refused with the place: %j', async ([view, argument], { database }) => {
    const stage = await Stage.on(database, fields);
    await expect(viewSamplesSql(database, stage.dataset.id, view as View)).rejects.toMatchObject({
      code: 'VIEW_INVALID',
      argument,
    });
  });

  test.for([
    { where: [{ field: 'x', exists: true }] },
    { patches: 'x' },
    { clips: 'x' },
    { labels: [{ field: 'x', filter: {} }] },
  ] as View[])('is refused for a field that does not exist: %j', async (view, { database }) => {
    const stage = await Stage.on(database, fields);
    await expect(viewSamplesSql(database, stage.dataset.id, view)).rejects.toMatchObject({
      code: 'UNKNOWN_FIELD',
      field: 'x',
    });
  });
});

test('samples come page by page without one lost or repeated, while others are added', async ({ database }) => {
  const stage = await Stage.on(database);
  const samples = Array.from({ length: 6 }, (_, i) => sample({}, { path: `/${i % 2}.jpg` }));
  await stage.add(...samples);
  for (const view of [
    {},
    { sort: { by: 'PATH' } },
    { sort: { by: 'ID', descending: true } },
    { samples: samples.map(({ id }) => id).reverse() },
  ] as View[]) {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof stage.samples.list>> = await stage.samples.list(
        stage.dataset.id,
        { first: 2, after },
        { view },
      );
      seen.push(...page.items.map(({ item }) => item.id));
      after = page.hasMore ? (page.items.at(-1)?.cursor ?? null) : null;
      if (seen.length < 6) await stage.add(sample({}, { path: '/0.jpg' }));
    } while (after !== null);
    expect(new Set(seen).size).toBe(seen.length);
    expect(samples.every(({ id }) => seen.includes(id))).toBe(true);
  }
});

test('a cursor of another order is refused', async ({ database }) => {
  const stage = await Stage.on(database);
  await stage.add(sample(), sample());
  const { items } = await stage.samples.list(stage.dataset.id, { first: 1 });
  await expect(
    stage.samples.list(
      stage.dataset.id,
      { first: 1, after: items[0]?.cursor ?? null },
      { view: { sort: { by: 'PATH' } } },
    ),
  ).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
});
