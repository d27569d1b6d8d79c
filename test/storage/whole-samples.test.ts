import { describe, expect } from 'vitest';
import type { WholeSample } from '../../domain/labels/index.js';
import { packMask } from '../../storage/mask-codec.js';
import { frame, label, list, Stage, sample, scalar } from '../support/content.js';
import { test } from '../support/database.js';

const kinds = {
  class: 'Classification',
  classes: 'Classifications',
  box: 'Detection',
  boxes: 'Detections',
  lines: 'Polylines',
  points: 'Keypoints',
  segmentation: 'Segmentation',
  weather: 'string',
  count: 'int',
  heat: 'Heatmap',
  'frames.boxes': 'Detections',
  'frames.weather': 'string',
} as const;

const mask = packMask({ shape: [1, 2], element: '|u1', data: [0, 1] });

const everyKind = (): WholeSample =>
  sample(
    {
      class: list(label({ geometry: null, confidence: 0.1 + 0.2, tags: '["checked","ünïcode \\u001f"]' })),
      classes: { labels: [label({ geometry: null, label: null })], value: '{"logits":[0.5,1e-7]}' },
      box: list(label({ index: 9_007_199_254_740_991 })),
      boxes: list(
        label({ confidence: 5e-324, geometry: `{"bounding_box":[0.1,0.2,0.3,0.4],"mask":"${mask.hash}"}` }),
        label({
          label: 'a "quoted" class \u{1F600}',
          attributes: '{"a":{"b":[1,2.5,"\\u001e"]},"c":null}',
          confidence: 1 / 3,
        }),
        label({ label: '', confidence: 17.25 }),
      ),
      lines: list(),
      points: list(label({ geometry: '{"points":[[0.5,0.5],[null,null]]}' })),
      segmentation: list(label({ label: null, geometry: `{"mask":"${mask.hash}"}` })),
      weather: scalar('"sunny"'),
      count: scalar('3'),
      heat: scalar('{"_cls":"Heatmap","range":[0,1]}'),
    },
    {
      metadata: { _cls: 'ImageMetadata', width: 640 },
      tags: ['train', 'ok'],
      group: { id: 'aaaaaaaaaaaaaaaaaaaaaaaa', slice: 'left' },
      extra: { _rand: 0.30000000000000004 },
      width: null,
    },
  );

describe('whole samples', () => {
  test('of every kind of label come out as they went in', async ({ database }) => {
    const stage = await Stage.on(database, kinds);
    const samples = [everyKind(), sample(), everyKind()];
    const done = await stage.write((tx) => stage.samples.insertWhole(tx, stage.dataset.id, samples, [mask, mask]));
    expect(done).toEqual({ added: 3, updated: 0, labels: 16 });
    expect(await stage.whole()).toEqual(samples);
    expect(Buffer.from((await stage.masks.get(mask.hash)) ?? [])).toEqual(Buffer.from(mask.bytes));
    expect(await stage.masks.get('00'.repeat(20))).toBeNull();
  });

  test('come in pages that neither lose nor repeat one', async ({ database }) => {
    const stage = await Stage.on(database, kinds);
    const samples = Array.from({ length: 7 }, () => sample({ boxes: list(label(), label()) }));
    await stage.add(...samples);
    expect(await stage.whole({ pageSize: 3 })).toEqual(samples);
  });

  test('hold only the fields that are asked for', async ({ database }) => {
    const stage = await Stage.on(database, kinds);
    await stage.add(sample({ boxes: list(label()), weather: scalar('"sunny"') }));
    expect((await stage.whole({ fields: ['weather'] })).map(({ fields }) => [...fields.keys()])).toEqual([['weather']]);
    await expect(stage.whole({ fields: ['missing'] })).rejects.toMatchObject({
      code: 'UNKNOWN_FIELD',
      field: 'missing',
    });
  });

  test('are left alone when they exist, unless the import merges', async ({ database }) => {
    const stage = await Stage.on(database, kinds);
    const kept = label();
    const first = sample({ boxes: list(kept, label()), weather: scalar('"sunny"'), count: scalar('1') });
    await stage.add(first);
    const second = sample(
      { boxes: list(label({ ...kept, label: 'dog', confidence: 0.7 }), label()), weather: scalar('"rain"') },
      { id: first.id },
    );
    expect(await stage.add(second)).toEqual({ added: 0, updated: 0, labels: 0 });
    expect(await stage.whole()).toEqual([first]);

    const before = await stage.now();
    const merged = await stage.write((tx) =>
      stage.samples.insertWhole(tx, stage.dataset.id, [second], [], { merge: true }),
    );
    expect(merged).toEqual({ added: 0, updated: 1, labels: 2 });
    expect((await stage.whole())[0]?.fields).toEqual(
      new Map([...second.fields, ['count', scalar('1')] as const].sort(byOrder)),
    );
    expect(await stage.whole({ asOf: before })).toEqual([first]);
  });

  test('that a page names twice are added once', async ({ database }) => {
    const stage = await Stage.on(database, kinds);
    const one = sample({ boxes: list(label()) });
    expect(await stage.add(one, sample({}, { id: one.id }))).toMatchObject({ added: 1 });
    expect(await stage.whole()).toEqual([one]);
  });

  test('that name a label id twice in a field are refused, and nothing is written', async ({ database }) => {
    const stage = await Stage.on(database, kinds);
    const twice = label();
    const wrong = sample({ boxes: list(twice, label(), twice) });
    await expect(stage.add(sample(), wrong)).rejects.toMatchObject({
      code: 'DUPLICATE_LABEL_ID',
      sample: wrong.id,
      labelId: twice.id,
      field: 'boxes',
    });
    expect(await stage.whole()).toEqual([]);
    expect((await stage.field('boxes')).labelCount).toBe(0);
  });

  test('may have the same label id in several fields, frames and samples', async ({ database }) => {
    const stage = await Stage.on(database, kinds);
    const same = label();
    const samples = [sample({ boxes: list(same), points: list(same) }), sample({ boxes: list(same) })];
    await stage.add(...samples);
    const frames = [1, 2].map((number) => frame(samples[0]?.id ?? '', number, { boxes: list(same) }));
    await stage.addFrames(...frames);
    expect(await stage.whole()).toEqual(samples);
    expect(await stage.wholeFrames()).toEqual(frames);
  });

  test('that name a field which does not exist are refused', async ({ database }) => {
    const stage = await Stage.on(database, { boxes: 'Detections' });
    await expect(stage.add(sample({ lines: list() }))).rejects.toMatchObject({
      code: 'UNKNOWN_FIELD',
      available: ['boxes'],
    });
  });
});

/** Fields come in the order in which they were made. */
const byOrder = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  Object.keys(kinds).indexOf(a) - Object.keys(kinds).indexOf(b);

describe('whole frames', () => {
  test('come out as they went in, in the order of samples and numbers', async ({ database }) => {
    const stage = await Stage.on(database, kinds);
    const [a, b] = [sample({}, { mediaType: 'video' }), sample({}, { mediaType: 'video' })];
    await stage.add(a, sample(), b);
    const frames = [
      frame(a.id, 1, { boxes: list(label(), label({ index: 1 })), weather: scalar('"fog"') }),
      frame(a.id, 3, { boxes: list() }),
      frame(b.id, 1, { boxes: list(label()) }),
      frame(b.id, 2),
    ];
    expect(await stage.addFrames(...[...frames].reverse())).toEqual({ frames: 4, labels: 3 });
    expect(await stage.wholeFrames()).toEqual(frames);
    expect(await stage.wholeFrames({ view: { samples: [b.id] } })).toEqual(frames.slice(2));
  });

  test('replace the given fields when the import merges', async ({ database }) => {
    const stage = await Stage.on(database, kinds);
    const video = sample({}, { mediaType: 'video' });
    await stage.add(video);
    const first = frame(video.id, 1, { boxes: list(label()), weather: scalar('"fog"') });
    await stage.addFrames(first);
    const second = { ...first, fields: new Map([['boxes', list(label())]]) };
    await stage.addFrames(second);
    expect(await stage.wholeFrames()).toEqual([first]);
    await stage.write((tx) => stage.samples.insertFrames(tx, stage.dataset.id, [second], [], { merge: true }));
    expect((await stage.wholeFrames())[0]?.fields).toEqual(new Map([...second.fields, ['weather', scalar('"fog"')]]));
  });

  test('of samples that do not exist are refused', async ({ database }) => {
    const stage = await Stage.on(database, kinds);
    await expect(stage.addFrames(frame('cccccccccccccccccccccccc', 1))).rejects.toMatchObject({
      code: 'NOT_FOUND',
      kind: 'sample',
    });
  });

  test('come into being when labels or values are written to them', async ({ database }) => {
    const stage = await Stage.on(database, kinds);
    const video = sample({}, { mediaType: 'video' });
    await stage.add(video);
    const key = await stage.keyOf(video.id);
    await stage.change('frames.boxes', key, { add: [label()] }, 5);
    const weather = await stage.field('frames.weather');
    await stage.write((tx) => stage.labels.writeScalars(tx, weather, [{ sampleKey: key, frame: 6, value: '"fog"' }]));
    await stage.write((tx) => stage.samples.setValue(tx, key, weather, 7, scalar('"sun"')));
    expect((await stage.wholeFrames()).map(({ number, fields }) => [number, [...fields.keys()]])).toEqual([
      [5, ['boxes']],
      [6, ['weather']],
      [7, ['weather']],
    ]);
  });

  test('of a long video come in pages', async ({ database }) => {
    const stage = await Stage.on(database, kinds);
    const video = sample({}, { mediaType: 'video' });
    await stage.add(video);
    const frames = Array.from({ length: 1_203 }, (_, i) => frame(video.id, i * 2 + 1, { boxes: list(label()) }));
    await stage.addFrames(...frames);
    expect(await stage.wholeFrames()).toEqual(frames);
  });
});

test('byHex, byKeys and byPaths give what exists, in key order', async ({ database }) => {
  const stage = await Stage.on(database, kinds);
  const [a, b] = [sample(), sample()];
  await stage.add(a, b);
  const found = await stage.samples.byHex(stage.dataset.id, [b.id, 'cccccccccccccccccccccccc', a.id, b.id]);
  expect(found.map(({ id }) => id)).toEqual([a.id, b.id]);
  expect(await stage.samples.byKeys(found.map(({ key }) => key).reverse())).toEqual(found);
  expect((await stage.samples.byPaths(stage.dataset.id, [b.path])).map(({ id }) => id)).toEqual([b.id]);
});
