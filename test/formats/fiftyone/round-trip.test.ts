import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { documentOfLabel, type Label, maskHashOf } from '../../../domain/labels/index.js';
import { fiftyOneFormat } from '../../../formats/fiftyone/format.js';
import { type HeldDataset, readDataset, temporaryFolders, writeDataset } from '../../support/format-trip.js';

const fixtures = join(import.meta.dirname, '../../fixtures/fiftyone');
const newFolder = temporaryFolders();
type Document = Record<string, unknown>;
const json = (file: string): Document => JSON.parse(readFileSync(file, 'utf8')) as Document;

async function outAgain(held: HeldDataset, mediaRoot: string): Promise<string> {
  const target = join(newFolder(), 'out');
  await writeDataset(fiftyOneFormat, target, held, { mediaRoot });
  return target;
}

const labelsOf = (held: HeldDataset, sample: number, field: string): readonly Label[] =>
  held.samples[sample]?.fields.get(field)?.labels ?? [];

/** A copy of a fixture whose samples went through `change`. */
function changed(fixture: string, change: (text: string) => string): string {
  const folder = newFolder();
  cpSync(join(fixtures, fixture), folder, { recursive: true });
  const file = join(folder, 'samples.json');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
  return folder;
}

describe('a dataset with every kind of value, written by FiftyOne', () => {
  const source = join(fixtures, 'every-kind');

  test('comes out as it went in, but for a mask with the same values as another', async () => {
    const target = await outAgain(await readDataset(fiftyOneFormat, source), source);
    const [before, after] = [json(join(source, 'samples.json')), json(join(target, 'samples.json'))];
    const first = (document: Document) => (document.samples as Document[])[0] ?? {};
    // One image of eight-bit and one of 64-bit numbers hold the same values, so they are stored once.
    delete first(before).seg64;
    delete first(after).seg64;
    // A number beyond 2^53 goes out in extended JSON: a plain one would have been rounded on the way in.
    expect(first(after).big).toEqual({ $numberLong: '1152921504606846976' });
    first(after).big = first(before).big;
    expect(after).toEqual(before);
    expect(json(join(target, 'metadata.json'))).toEqual(json(join(source, 'metadata.json')));
  });

  test('knows the type of each field', async () => {
    const { header } = await readDataset(fiftyOneFormat, source);
    const types = Object.fromEntries(header.fields.map((field) => [field.name, field.type]));
    expect(types).toMatchObject({
      weather: 'Classification',
      many: 'Classifications',
      dets: 'Detections',
      one: 'Detection',
      lines: 'Polylines',
      kps: 'Keypoints',
      seg: 'Segmentation',
      txt: 'string',
      num: 'int',
      flt: 'float',
      flag: 'bool',
      heat: 'Heatmap',
      reg: 'Regression',
      geo: 'GeoLocation',
      when: 'DateTimeField',
      dct: 'DictField',
      emb: 'DynamicEmbeddedDocument',
    });
    expect(types).not.toHaveProperty('filepath');
    expect(header.maskTargets).toEqual({ seg: { 1: 'one', 2: 'two' }, rgb: { '#ff0000': 'red' } });
    expect(header.defaultMaskTargets).toEqual({ 1: 'd' });
  });

  test('has its labels in our form', async () => {
    const held = await readDataset(fiftyOneFormat, source);
    const [withMask] = labelsOf(held, 0, 'dets');
    expect(withMask && (await held.masks.pixels(maskHashOf(withMask) ?? '')).shape).toEqual([5, 6]);
    expect(withMask).toMatchObject({ label: 'c', index: 3, confidence: 0.25, tags: null });
    expect(withMask && documentOfLabel(withMask)).toMatchObject({ occluded: true });
    expect(labelsOf(held, 0, 'kps')[0]?.geometry).toBe('{"points":[[0.1,0.2],[null,null]]}');
    expect(held.samples[0]).toMatchObject({
      width: 64,
      height: 48,
      mediaType: 'image',
      tags: ['t0'],
      path: join(source, 'media/img0.png'),
    });
  });

  test('tells an empty list from no value', async () => {
    const held = await readDataset(fiftyOneFormat, source);
    expect(held.samples[1]?.fields.get('dets')).toEqual({ labels: [], value: null });
    expect(held.samples[2]?.fields.has('dets')).toBe(false);
  });

  test('reads the same from a file for each sample', async () => {
    const [one, many] = [
      await readDataset(fiftyOneFormat, source),
      await readDataset(fiftyOneFormat, join(fixtures, 'one-file-per-sample'), { mediaRoot: source }),
    ];
    const byId = (held: HeldDataset) => new Map(held.samples.map((sample) => [sample.id, sample]));
    expect(byId(many)).toEqual(byId(one));
  });

  test('writes only the fields asked for', async () => {
    const held = await readDataset(fiftyOneFormat, source);
    const target = join(newFolder(), 'out');
    await writeDataset(fiftyOneFormat, target, held, { fields: ['dets'] });
    const [sample] = json(join(target, 'samples.json')).samples as Document[];
    expect(sample).toHaveProperty('dets');
    expect(sample).not.toHaveProperty('kps');
    const names = (json(join(target, 'metadata.json')).sample_fields as Document[]).map((entry) => entry.name);
    expect(names).toContain('dets');
    expect(names).toContain('filepath');
    expect(names).not.toContain('kps');
  });

  test('describes a field that was added since as FiftyOne would', async () => {
    const held = await readDataset(fiftyOneFormat, source);
    const fields = [...held.header.fields, { name: 'fixed', type: 'Detections', document: null }];
    const target = await outAgain({ ...held, header: { ...held.header, fields } }, source);
    const entries = json(join(target, 'metadata.json')).sample_fields as Document[];
    const theirs = entries.find((entry) => entry.name === 'dets') as Document;
    const ours = entries.find((entry) => entry.name === 'fixed') as Document;
    expect({ ...ours, fields: null }).toEqual({
      ...theirs,
      name: 'fixed',
      db_field: 'fixed',
      created_at: null,
      fields: null,
    });
    const memberNames = (entry: Document) =>
      ((entry.fields as Document[])[0] as { fields: Document[] }).fields.map((member) => member.name);
    expect(memberNames(theirs)).toEqual(expect.arrayContaining(memberNames(ours)));
  });
});

describe('a grouped dataset with a video, written by FiftyOne', () => {
  const source = join(fixtures, 'group-with-video');

  test('comes out as it went in', async () => {
    const target = await outAgain(await readDataset(fiftyOneFormat, source), source);
    for (const file of ['metadata.json', 'samples.json', 'frames.json']) {
      expect(json(join(target, file)), file).toEqual(json(join(source, file)));
    }
  });

  test('has slices, and frames that count from 1', async () => {
    const held = await readDataset(fiftyOneFormat, source);
    expect(held.header).toMatchObject({
      mediaType: 'group',
      groupField: 'grp',
      defaultGroupSlice: 'left',
      groupMediaTypes: { left: 'image', vid: 'video' },
    });
    expect(held.samples.map((sample) => sample.group?.slice).sort()).toEqual(['left', 'right', 'vid']);
    expect(new Set(held.samples.map((sample) => sample.group?.id)).size).toBe(1);
    const video = held.samples.find((sample) => sample.mediaType === 'video');
    expect(held.frames.map((frame) => frame.number).sort()).toEqual([1, 5]);
    expect(held.frames[0]?.sampleId).toBe(video?.id);
    expect(held.header.fields.map((field) => field.name)).toEqual(
      expect.arrayContaining(['frames.dd', 'frames.fn', 'frames.kk', 'td']),
    );
    expect(held.frames.find((frame) => frame.number === 1)?.fields.get('fn')?.value).toBe('3');
  });
});

describe('annotation runs', () => {
  test('keep their entry and results', async () => {
    const folder = changed('every-kind', (text) => text);
    const metadata = json(join(folder, 'metadata.json'));
    const run = {
      key: 'fix',
      version: '1.22.1',
      config: { method: 'cvat', label_schema: { dets: { type: 'detections' } } },
      view_stages: null,
    };
    writeFileSync(
      join(folder, 'metadata.json'),
      JSON.stringify({ ...metadata, annotation_runs: { fix: run, older: JSON.stringify(run) } }),
    );
    mkdirSync(join(folder, 'annotations'));
    writeFileSync(join(folder, 'annotations/fix.json'), '{"cls":"x","id_map":{"dets":{"a":["b"]}}}');

    const held = await readDataset(fiftyOneFormat, folder);
    expect(held.header.runs.fix).toEqual({ entry: run, results: { cls: 'x', id_map: { dets: { a: ['b'] } } } });
    expect(held.header.runs.older).toEqual({ entry: run, results: null });
    const target = await outAgain(held, folder);
    expect(json(join(target, 'annotations/fix.json'))).toEqual(json(join(folder, 'annotations/fix.json')));
    expect(json(join(target, 'metadata.json')).annotation_runs).toEqual({ fix: run, older: run });
  });

  test('never lead out of the folder by their key', async () => {
    const folder = changed('every-kind', (text) => text);
    const metadata = json(join(folder, 'metadata.json'));
    writeFileSync(
      join(folder, 'metadata.json'),
      JSON.stringify({ ...metadata, annotation_runs: { '../metadata': {} } }),
    );
    mkdirSync(join(folder, 'annotations'));
    expect((await readDataset(fiftyOneFormat, folder)).header.runs['../metadata']?.results).toBeNull();
  });
});

describe('older spellings', () => {
  test('of a mask are read as the same mask', async () => {
    const binary = /\{"\$binary": \{"base64": "([^"]+)", "subType": "00"\}\}/;
    const bare = changed('every-kind', (text) =>
      text
        .replace(binary, '{"$binary": "$1", "$type": "00"}')
        .replace(/"mask": \{"\$binary": \{"base64": "([^"]+)", "subType": "00"\}\}/, '"mask": "$1"'),
    );
    const [a, b] = [
      await readDataset(fiftyOneFormat, join(fixtures, 'every-kind')),
      await readDataset(fiftyOneFormat, bare),
    ];
    expect(labelsOf(b, 0, 'dets')).toEqual(labelsOf(a, 0, 'dets'));
  });

  test('of numbers are read as the same numbers', async () => {
    const folder = changed('every-kind', (text) =>
      text
        .replace('"index": 3', '"index": {"$numberInt": "3"}')
        .replace('"confidence": 0.25', '"confidence": {"$numberDouble": "0.25"}'),
    );
    expect(labelsOf(await readDataset(fiftyOneFormat, folder), 0, 'dets')[0]).toMatchObject({
      index: 3,
      confidence: 0.25,
    });
  });

  test('of NaN are read as a missing coordinate', async () => {
    const folder = changed('every-kind', (text) => text.replaceAll('{"$numberDouble": "NaN"}', 'NaN'));
    expect(labelsOf(await readDataset(fiftyOneFormat, folder), 0, 'kps')[0]?.geometry).toBe(
      '{"points":[[0.1,0.2],[null,null]]}',
    );
  });
});

describe('labels that share an id in one list', () => {
  test('get ids of their own, the same at each import', async () => {
    const second = '6b05d7c59b6fc2ad33bca5f0';
    const folder = changed('every-kind', (text) => text.replace(second, '6b05d7c59b6fc2ad33bca5ee'));
    const [a, b] = [await readDataset(fiftyOneFormat, folder), await readDataset(fiftyOneFormat, folder)];
    const ids = labelsOf(a, 0, 'dets').map((label) => label.id);
    expect(new Set(ids).size).toBe(3);
    expect(labelsOf(b, 0, 'dets').map((label) => label.id)).toEqual(ids);
    expect(a.report).toContainEqual(expect.objectContaining({ code: 'DUPLICATE_LABEL_ID', field: 'dets', count: 1 }));
  });
});

describe('a file that is broken', () => {
  const complaint = (folder: string) =>
    readDataset(fiftyOneFormat, folder).then(
      () => null,
      (error: unknown) => error,
    );

  test.each([
    ['cut short', (text: string) => text.slice(0, -40), /^byte \d+$/],
    [
      'with a word in place of a value',
      (text: string) => text.replace('"num": 7', '"num": seven'),
      /^samples\[\d\] \(byte \d+\)$/,
    ],
    [
      'with a label that is a text',
      (text: string) => text.replace(/"detections": \[\{/, '"detections": ["x", {'),
      /^samples\[\d\]\.dets$/,
    ],
    [
      'with another class of labels',
      (text: string) => text.replace('"_cls": "Polylines"', '"_cls": "Detections"'),
      /^samples\[\d\]\.lines$/,
    ],
    [
      'with bytes that are no mask',
      (text: string) => text.replaceAll('"base64": "eJ', '"base64": "AA'),
      /^samples\[\d\]\./,
    ],
    ['without its list', (text: string) => text.replace('"samples"', '"sample"'), /^the top level$/],
    [
      'with a sample without a path',
      (text: string) => text.replace('"filepath"', '"file_path"'),
      /^samples\[\d\]\.filepath$/,
    ],
  ])('%s is named with the place', async (_, change, where) => {
    const folder = changed('every-kind', change);
    expect(await complaint(folder)).toMatchObject({
      code: 'MALFORMED_FILE',
      file: join(folder, 'samples.json'),
      where: expect.stringMatching(where),
    });
  });

  test('is a folder without metadata', async () => {
    const folder = newFolder();
    expect(await complaint(folder)).toMatchObject({ code: 'MALFORMED_FILE', file: join(folder, 'metadata.json') });
  });
});

describe('an export', () => {
  test('shows nothing under its name before it is finished, and nothing at all when abandoned', async () => {
    const held = await readDataset(fiftyOneFormat, join(fixtures, 'every-kind'));
    const parent = newFolder();
    const target = {
      folder: join(parent, 'out'),
      header: held.header,
      fields: null,
      mediaRoot: null,
      options: {},
      mask: held.masks.bytes,
      signal: new AbortController().signal,
    };
    const writer = await fiftyOneFormat.write?.(target);
    for (const sample of held.samples) await writer?.sample(sample);
    expect(existsSync(target.folder)).toBe(false);
    await writer?.abandon();
    expect(readdirSync(parent)).toEqual([]);
  });

  test('is refused where something else is', async () => {
    const held = await readDataset(fiftyOneFormat, join(fixtures, 'every-kind'));
    const folder = newFolder();
    writeFileSync(join(folder, 'mine.txt'), 'x');
    await expect(writeDataset(fiftyOneFormat, folder, held)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      argument: 'folder',
    });
    expect(readdirSync(folder)).toEqual(['mine.txt']);
  });
});
