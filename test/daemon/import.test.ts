import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { ImportRequest } from '../../domain/run/index.js';
import type { Storage } from '../../storage/stores.js';
import { drawPictures, writeCoco } from './coco-folder.js';
import { type DaemonStage, hex, pictureAt, test } from './daemon-stage.js';
import { writeVideos } from './video-folder.js';

const coco = (path: string, change: object = {}): ImportRequest => ({
  ...{ what: 'dataset', format: 'coco', path, name: 'cats', mediaRoot: null, extend: false, options: {} },
  ...change,
});
const media = (...paths: string[]): ImportRequest => ({ what: 'media', dataset: 'photos', paths, tags: ['new'] });

async function imported(stage: DaemonStage, request: ImportRequest) {
  return stage.untilOver(await stage.ask('IMPORT', request));
}

async function sampleCount(storage: Storage, name: string): Promise<number | null> {
  const dataset = await storage.datasets.byName(name);
  return dataset === null ? null : storage.samples.count(dataset.id);
}

/** A FiftyOneDataset folder of so many good samples, and one at the end that is none. */
async function writeSpoiled(folder: string, samples: number): Promise<string> {
  await mkdir(folder);
  const metadata = { name: 'bad', media_type: 'image', sample_fields: [] };
  await writeFile(join(folder, 'metadata.json'), JSON.stringify(metadata));
  const good = Array.from({ length: samples }, (_, i) => `{"_id": {"$oid": "${hex(i)}"}, "filepath": "/m/${i}.png"}`);
  await writeFile(join(folder, 'samples.json'), `{"samples": [${good.join(',')}, 42]}`);
  return folder;
}

describe('an import of a dataset file', () => {
  test('makes the dataset with its fields, samples and labels, and counts them', async ({ stage }) => {
    await stage.start();
    const path = await writeCoco(join(stage.folder, 'in'), 6, 2);
    const done = await imported(stage, coco(path));
    expect(done).toMatchObject({ state: 'SUCCEEDED', error: null });
    expect(done.result).toMatchObject({ dataset: 'cats', created: true, samples: 6, labels: 12, alreadyThere: 0 });
    expect(await sampleCount(stage.storage, 'cats')).toBe(6);
    const kinds = new Set((await stage.storage.events.read(0, 100)).map(({ kind }) => kind));
    expect(kinds).toEqual(
      new Set([
        'OPERATION_CREATED',
        'OPERATION_STATE_CHANGED',
        'DATASET_CREATED',
        'FIELD_CREATED',
        'SAMPLES_ADDED',
        'OPERATION_PROGRESS',
      ]),
    );
  });

  test('tells its progress now and then, not with every page', async ({ stage }) => {
    const soon = Date.now() + 60_000;
    const path = await writeCoco(join(stage.folder, 'in'), 1_500, 2);
    const operation = await stage.ask('IMPORT', coco(path));
    await stage.start({}, { clock: () => soon });
    expect((await stage.untilOver(operation)).progress).toMatchObject({ samples: 1_500, labels: 3_000 });
    expect((await stage.events('SAMPLES_ADDED')).length).toBeGreaterThan(1);
    expect(await stage.events('OPERATION_PROGRESS')).toHaveLength(1);
  });

  test('does not take the name of another dataset, unless it may extend it', async ({ stage }) => {
    await stage.start();
    const first = await writeCoco(join(stage.folder, 'a'), 2, 1);
    const more = await writeCoco(join(stage.folder, 'a'), 3, 1);
    await imported(stage, coco(first, { mediaRoot: '/m' }));
    expect((await imported(stage, coco(more, { mediaRoot: '/m' }))).error?.code).toBe('DATASET_EXISTS');
    const extended = await imported(stage, coco(more, { mediaRoot: '/m2', extend: true }));
    expect(extended.result).toMatchObject({ created: false, samples: 3 });
    expect((await imported(stage, coco(more, { mediaRoot: '/m2', extend: true }))).result).toMatchObject({
      samples: 0,
      alreadyThere: 3,
    });
  });

  test('that is malformed in the middle leaves nothing behind', async ({ stage }) => {
    await stage.start();
    const path = await writeSpoiled(join(stage.folder, 'bad'), 30_000);
    const failed = await imported(stage, coco(path, { format: 'fiftyone', name: 'bad' }));
    expect(failed).toMatchObject({ state: 'FAILED', error: { code: 'MALFORMED_FILE', retryable: false } });
    expect(failed.progress).toMatchObject({ read: { samples: expect.any(Number) } });
    expect(await stage.storage.datasets.byName('bad')).toBeNull();
    expect(await stage.events('DATASET_DELETED')).toHaveLength(1);
  });

  test('that is malformed in the middle does not touch the dataset that it was to extend', async ({ stage }) => {
    await stage.start();
    const path = await writeCoco(join(stage.folder, 'a'), 3, 1);
    await imported(stage, coco(path));
    const bad = await writeSpoiled(join(stage.folder, 'bad'), 30_000);
    const failed = await imported(stage, coco(bad, { format: 'fiftyone', extend: true }));
    expect(failed.error?.code).toBe('MALFORMED_FILE');
    expect(await sampleCount(stage.storage, 'cats')).toBe(3);
  });

  test('of videos adds each frame once, however often it is imported', async ({ stage }) => {
    await stage.start();
    const path = join(stage.folder, 'videos');
    await writeVideos(path, 3, 700);
    const videos = coco(path, { format: 'fiftyone', name: 'videos', extend: true });
    expect((await imported(stage, videos)).result).toMatchObject({ samples: 3, frames: 2_100, labels: 2_100 });
    expect(await imported(stage, videos)).toMatchObject({
      state: 'SUCCEEDED',
      result: { samples: 0, frames: 0, labels: 0 },
    });
    const dataset = await stage.storage.datasets.byName('videos');
    expect(await stage.storage.datasets.stats(dataset?.id ?? 0)).toMatchObject({
      samples: 3,
      frames: 2_100,
      labels: 2_100,
    });
  });

  test('from outside of the roots is refused with the setting that allows it', async ({ stage }) => {
    await stage.start();
    const failed = await imported(stage, coco(tmpdir()));
    expect(failed.error).toMatchObject({
      code: 'MEDIA_OUTSIDE_ROOTS',
      message: expect.stringContaining('ANNOGATE_MEDIA_ROOTS'),
    });
  });

  test('of an unknown format names those that are known', async ({ stage }) => {
    await stage.start();
    const failed = await imported(stage, coco(stage.folder, { format: 'parchment' }));
    expect(failed.error).toMatchObject({ code: 'UNKNOWN_FORMAT', message: expect.stringContaining('coco') });
  });

  test('that is cancelled is taken back', async ({ stage }) => {
    const path = await writeCoco(join(stage.folder, 'in'), 1_500, 2);
    const operation = await stage.ask('IMPORT', coco(path));
    await stage.start({}, { crashPoint: () => {} });
    await stage.until('a page is in', async () => (await stage.events('SAMPLES_ADDED')).length > 0);
    await stage.storage.transaction((tx) => stage.storage.operations.requestCancel(tx, operation.id));
    expect((await stage.untilOver(operation)).state).toBe('CANCELLED');
    expect(await stage.storage.datasets.byName('cats')).toBeNull();
  });
});

describe('an import of media', () => {
  test('makes samples with the sizes of the headers, and passes over known paths the next time', async ({ stage }) => {
    await stage.start();
    const folder = join(stage.folder, 'pictures');
    await drawPictures(folder, 3);
    expect((await imported(stage, media(folder))).result).toMatchObject({ created: true, samples: 3 });
    const dataset = await stage.storage.datasets.byName('photos');
    const { items } = await stage.storage.samples.list(dataset?.id ?? 0, { first: 10 });
    expect(items.map(({ item }) => [item.width, item.height, item.tags])).toEqual([
      [1, 7, ['new']],
      [2, 7, ['new']],
      [3, 7, ['new']],
    ]);

    await drawPictures(folder, 4);
    expect((await imported(stage, media(folder))).result).toMatchObject({
      created: false,
      samples: 1,
      alreadyThere: 3,
    });
  });

  test('passes over a picture that is there under another id', async ({ stage }) => {
    await stage.start();
    const dataset = await stage.dataset(0, 'photos');
    const path = join(stage.folder, 'pictures', '1.png');
    await stage.storage.transaction(async (tx) => {
      await stage.storage.samples.insertWhole(tx, dataset.id, [{ ...pictureAt(path), id: 'f'.repeat(24) }], []);
      tx.emit({ kind: 'SAMPLES_ADDED', datasetId: dataset.id, detail: {} });
    });
    await drawPictures(join(stage.folder, 'pictures'), 2);
    expect((await imported(stage, media(join(stage.folder, 'pictures')))).result).toMatchObject({
      samples: 1,
      alreadyThere: 1,
    });
  });

  test('with a picture that cannot be read adds nothing', async ({ stage }) => {
    await stage.start();
    await drawPictures(join(stage.folder, 'good'), 2);
    await imported(stage, media(join(stage.folder, 'good')));
    await drawPictures(join(stage.folder, 'mixed'), 40);
    await writeFile(join(stage.folder, 'mixed', 'z.png'), 'no picture');
    const failed = await imported(stage, media(join(stage.folder, 'mixed')));
    expect(failed.error).toMatchObject({ code: 'UNREADABLE_MEDIA', message: expect.stringContaining('z.png') });
    expect(await sampleCount(stage.storage, 'photos')).toBe(2);
  });

  test('does not follow a link out of the roots', async ({ stage }) => {
    await stage.start();
    const folder = join(stage.folder, 'pictures');
    await drawPictures(folder, 1);
    const outside = `${stage.folder}-outside`;
    await drawPictures(outside, 1);
    await symlink(join(outside, '1.png'), join(folder, 'link.png'));
    expect((await imported(stage, media(folder))).error?.code).toBe('MEDIA_OUTSIDE_ROOTS');
    expect(await stage.storage.datasets.byName('photos')).toBeNull();
  });
});

describe('an import of labels', () => {
  const labels = (path: string, change: object = {}): ImportRequest => ({
    ...{
      what: 'labels',
      dataset: 'photos',
      format: 'coco',
      path,
      field: 'truth',
      match: 'PATH',
      mediaRoot: null,
      options: {},
    },
    ...change,
  });

  test('finds its samples by file name, makes the field, and adds nothing the second time', async ({ stage }) => {
    await stage.start();
    await drawPictures(join(stage.folder, 'pictures'), 3);
    await imported(stage, media(join(stage.folder, 'pictures')));
    const path = await writeCoco(join(stage.folder, 'elsewhere'), 4, 2);
    const done = await imported(stage, labels(path));
    expect(done.result).toMatchObject({ samples: 3, unmatched: 1, labels: 6, updated: 0 });
    expect(done.result?.report).toContainEqual(
      expect.objectContaining({ code: 'SAMPLE_NOT_FOUND', count: 1, message: expect.stringContaining('4.png') }),
    );
    const dataset = await stage.storage.datasets.byName('photos');
    const fields = await stage.storage.datasets.fields(dataset?.id ?? 0);
    expect(fields.find(({ name }) => name === 'truth')).toMatchObject({ type: 'Detections', labelCount: 6 });

    expect((await imported(stage, labels(path))).result).toMatchObject({ labels: 0, updated: 0 });
    const moved = await writeCoco(join(stage.folder, 'elsewhere'), 1, 2, (file) => {
      (file.annotations[0] as { bbox: unknown }).bbox = [50, 50, 5, 5];
    });
    expect((await imported(stage, labels(moved))).result).toMatchObject({ labels: 0, updated: 1 });
  });

  test('passes over a file name that the dataset has twice', async ({ stage }) => {
    await stage.start();
    for (const folder of ['left', 'right']) await drawPictures(join(stage.folder, folder), 1);
    await imported(stage, media(join(stage.folder, 'left'), join(stage.folder, 'right')));
    const path = await writeCoco(join(stage.folder, 'elsewhere'), 1, 2);
    expect((await imported(stage, labels(path))).result).toMatchObject({ unmatched: 1, labels: 0 });
    const exact = labels(path, { mediaRoot: join(stage.folder, 'right') });
    expect((await imported(stage, exact)).result).toMatchObject({ unmatched: 0, labels: 2 });
  });

  test('into a dataset that does not exist is refused', async ({ stage }) => {
    await stage.start();
    const path = await writeCoco(join(stage.folder, 'in'), 1, 1);
    expect((await imported(stage, labels(path))).error?.code).toBe('NOT_FOUND');
  });
});

describe('an export', () => {
  const to = (path: string, change: object = {}) => ({
    format: 'fiftyone',
    path,
    view: null,
    fields: null,
    mediaRoot: null,
    options: {},
    ...change,
  });

  async function cats(stage: DaemonStage): Promise<number> {
    const path = await writeCoco(join(stage.folder, 'in'), 5, 2);
    const done = await imported(stage, coco(path));
    return done.result?.datasetId as number;
  }

  test('writes everything below its final name and counts it', async ({ stage }) => {
    await stage.start();
    const datasetId = await cats(stage);
    const out = join(stage.folder, 'out', 'cats');
    const done = await stage.untilOver(await stage.ask('EXPORT', to(out), { datasetId }));
    expect(done).toMatchObject({ state: 'SUCCEEDED', result: { path: out, samples: 5, frames: 0, labels: 10 } });
    const written = JSON.parse(await readFile(join(out, 'samples.json'), 'utf8')) as { samples: unknown[] };
    expect(written.samples).toHaveLength(5);
    expect(await readdir(join(stage.folder, 'out'))).toEqual(['cats']);
  });

  test('of a view writes that view', async ({ stage }) => {
    await stage.start();
    const datasetId = await cats(stage);
    const out = join(stage.folder, 'out');
    const done = await stage.untilOver(await stage.ask('EXPORT', to(out, { view: { limit: 2 } }), { datasetId }));
    expect(done.result).toMatchObject({ samples: 2, labels: 4 });
  });

  test('into a folder that holds something is refused and leaves it alone', async ({ stage }) => {
    await stage.start();
    const datasetId = await cats(stage);
    const failed = await stage.untilOver(await stage.ask('EXPORT', to(join(stage.folder, 'in')), { datasetId }));
    expect(failed.error?.code).toBe('EXPORT_TARGET_NOT_EMPTY');
    expect(await readdir(join(stage.folder, 'in'))).toEqual(['labels.json']);
  });

  test('to a place outside of the roots is refused', async ({ stage }) => {
    await stage.start();
    const datasetId = await cats(stage);
    const failed = await stage.untilOver(await stage.ask('EXPORT', to(join(tmpdir(), 'anywhere')), { datasetId }));
    expect(failed.error?.code).toBe('EXPORT_OUTSIDE_ROOTS');
  });
});

test('a dataset is deleted with all that hangs on it', async ({ stage }) => {
  await stage.start();
  const dataset = await stage.dataset(120);
  const done = await stage.untilOver(await stage.ask('DELETE_DATASET', {}, { datasetId: dataset.id }));
  expect(done).toMatchObject({ state: 'SUCCEEDED', result: { dataset: 'pictures' } });
  expect(await stage.storage.datasets.byId(dataset.id)).toBeNull();
  expect(await stage.events('DATASET_DELETED')).toHaveLength(1);
});
