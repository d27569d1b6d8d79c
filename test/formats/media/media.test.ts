import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mediaFormat } from '../../../formats/media/format.js';
import { metadataOfMedia, probeMedia } from '../../../formats/media/probe.js';
import { Canvas } from '../../support/draw.js';
import { readDataset, temporaryFolders } from '../../support/format-trip.js';

const newFolder = temporaryFolders();

/** A folder with images (40 x 30) at the given paths, and empty files at those that are no images. */
function folderWith(...paths: string[]): string {
  const folder = newFolder();
  for (const path of paths) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    if (path.endsWith('.png')) new Canvas(40, 30).rectangle(3, 4, 5, 6, [255, 0, 0]).save(join(folder, path));
    else writeFileSync(join(folder, path), '');
  }
  return folder;
}

const complaint = (action: Promise<unknown>) =>
  action.then(
    () => null,
    (error: unknown) => error,
  );

describe('a folder of images', () => {
  test('becomes samples in the order of their paths, with sizes from the headers', async () => {
    const folder = folderWith('b.png', 'a/z.png', 'a/B.png', 'c.PNG'.toLowerCase(), '.hidden.png');
    const { samples, header } = await readDataset(mediaFormat, folder);
    expect(samples.map((sample) => sample.path)).toEqual(
      ['a/B.png', 'a/z.png', 'b.png', 'c.png'].map((path) => join(folder, path)),
    );
    expect(samples[0]).toMatchObject({ width: 40, height: 30, mediaType: 'image', tags: [], group: null });
    expect(samples[0]?.metadata).toMatchObject({ _cls: 'ImageMetadata', mime_type: 'image/png', num_channels: 3 });
    expect(header).toMatchObject({ mediaType: 'image', fields: [], document: null });
  });

  test('gives the same ids each time, and no two the same', async () => {
    const folder = folderWith('a.png', 'b.png');
    const ids = async () => (await readDataset(mediaFormat, folder)).samples.map((sample) => sample.id);
    const first = await ids();
    expect(await ids()).toEqual(first);
    expect(new Set(first).size).toBe(2);
    expect(first[0]).toMatch(/^[0-9a-f]{24}$/);
  });

  test('gives the folder as class where a field is named for it', async () => {
    const folder = folderWith('cat/a.png', 'dog/small/b.png', 'c.png');
    const { samples, header } = await readDataset(mediaFormat, folder, { options: { labelFromFolder: 'kind' } });
    expect(header.fields).toEqual([{ name: 'kind', type: 'Classification', document: null }]);
    expect(samples.map((sample) => sample.fields.get('kind')?.labels?.[0]?.label)).toEqual([
      undefined,
      'cat',
      'dog/small',
    ]);
  });

  test('tells how many files it left out', async () => {
    const { samples, report } = await readDataset(mediaFormat, folderWith('a.png', 'notes.txt', 'more.csv'));
    expect(samples).toHaveLength(1);
    expect(report).toEqual([expect.objectContaining({ code: 'OTHER_FILES', count: 2 })]);
  });

  test('follows links to files but not to folders', async () => {
    const [folder, other] = [folderWith('a.png'), folderWith('b.png')];
    symlinkSync(join(other, 'b.png'), join(folder, 'link.png'));
    symlinkSync(other, join(folder, 'elsewhere'));
    expect((await readDataset(mediaFormat, folder)).samples).toHaveLength(2);
  });
});

describe('a list of media', () => {
  test('is read in its own order, relative paths below the media root', async () => {
    const folder = folderWith('a.png', 'sub/b.png');
    const paths = ['sub/b.png', join(folder, 'a.png')];
    const { samples } = await readDataset(mediaFormat, folder, { mediaRoot: folder, options: { paths } });
    expect(samples.map((sample) => sample.path)).toEqual([join(folder, 'sub/b.png'), join(folder, 'a.png')]);
  });
});

describe('media that cannot be read', () => {
  test.each([
    ['empty', '', 'empty'],
    ['cut short in the header', new Canvas(4, 4).png().subarray(0, 12), 'header'],
    ['another thing under an image name', 'just some text that goes on for a while', 'header'],
  ])('(%s) are an error that names the file', async (_, content, reason) => {
    const folder = folderWith('a.png');
    writeFileSync(join(folder, 'bad.jpg'), content);
    expect(await complaint(readDataset(mediaFormat, folder))).toMatchObject({
      code: 'UNREADABLE_MEDIA',
      file: join(folder, 'bad.jpg'),
      reason: expect.stringContaining(reason),
    });
  });

  test('are an error when they are videos, too', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'bad.mp4'), 'no video');
    expect(await complaint(probeMedia(join(folder, 'bad.mp4')))).toMatchObject({ code: 'UNREADABLE_MEDIA' });
    expect(await complaint(probeMedia(join(folder, 'none.mp4')))).toMatchObject({ code: 'UNREADABLE_MEDIA' });
  });

  test('are left out and reported when that is asked for', async () => {
    const folder = folderWith('a.png', 'bad.jpg');
    const { samples, report } = await readDataset(mediaFormat, folder, { options: { skipUnreadable: true } });
    expect(samples).toHaveLength(1);
    expect(report).toEqual([expect.objectContaining({ code: 'UNREADABLE_MEDIA', count: 1 })]);
  });

  test.each(['cloud.pcd', 'scene.fo3d'])('as %s are refused before anything is read', async (name) => {
    const folder = folderWith('a.png', name);
    const open = mediaFormat.read?.({
      path: folder,
      mediaRoot: null,
      options: {},
      masks: {} as never,
      signal: new AbortController().signal,
    });
    expect(await complaint(open ?? Promise.resolve())).toMatchObject({
      code: 'UNSUPPORTED_MEDIA',
      file: join(folder, name),
    });
  });

  test('in a folder that is not there are an error that names it', async () => {
    expect(await complaint(readDataset(mediaFormat, '/no/such/folder'))).toMatchObject({
      code: 'UNREADABLE_MEDIA',
      file: '/no/such/folder',
    });
  });

  test('stop when told to', async () => {
    const signal = AbortSignal.abort(new Error('stopped'));
    expect(await complaint(readDataset(mediaFormat, folderWith('a.png'), { signal }))).toMatchObject({
      message: 'stopped',
    });
  });
});

test('a wrong option is an error that names it', async () => {
  expect(await complaint(readDataset(mediaFormat, folderWith(), { options: { labelFromFolders: 'x' } }))).toMatchObject(
    { code: 'INVALID_ARGUMENT', argument: 'labelFromFolders' },
  );
});

describe('a photograph taken on its side', () => {
  test('is measured upright', async () => {
    const file = join(newFolder(), 'side.jpg');
    writeFileSync(
      file,
      Buffer.concat([Buffer.from([0xff, 0xd8]), orientation(6), frameHeader(60, 80), Buffer.from([0xff, 0xd9])]),
    );
    expect(await probeMedia(file)).toMatchObject({ width: 80, height: 60, numChannels: 3, mimeType: 'image/jpeg' });
  });
});

/** An EXIF segment with nothing in it but the orientation. */
function orientation(value: number): Buffer {
  const tiff = Buffer.alloc(26);
  tiff.write('MM\0*', 'latin1');
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(1, 8);
  tiff.writeUInt16BE(0x0112, 10);
  tiff.writeUInt16BE(3, 12);
  tiff.writeUInt32BE(1, 14);
  tiff.writeUInt16BE(value, 18);
  return segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]));
}

const frameHeader = (width: number, height: number): Buffer => {
  const body = Buffer.alloc(15);
  body.set([8, 0, height, 0, width, 3]);
  return segment(0xc0, body);
};

function segment(marker: number, body: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

const data = process.env.ANNOGATE_TEST_DATA ?? '';
describe.skipIf(data === '')('real media', () => {
  test('are measured as FiftyOne measures them', async () => {
    expect(metadataOfMedia(await probeMedia(join(data, 'two-flies/two-flies.mp4')))).toEqual({
      _cls: 'VideoMetadata',
      size_bytes: 306605,
      mime_type: 'video/mp4',
      frame_width: 1024,
      frame_height: 1024,
      frame_rate: 25,
      total_frame_count: 1500,
      duration: 60,
      encoding_str: 'avc1',
    });
    expect(metadataOfMedia(await probeMedia(join(data, 'nuclei/images/nuclei.png')))).toEqual({
      _cls: 'ImageMetadata',
      size_bytes: 161758,
      mime_type: 'image/png',
      width: 512,
      height: 512,
      num_channels: 1,
    });
  });
});
