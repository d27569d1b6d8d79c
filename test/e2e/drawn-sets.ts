import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { encodeNpy } from '../../domain/labels/index.js';
import { Canvas } from '../support/draw.js';
import type { Document } from './exported.js';

const [width, height] = [64, 48];
const thirds = 1 / 3; // no rounded decimal number

let last = 0;
const newId = (): { $oid: string } => ({ $oid: (++last).toString(16).padStart(24, '0') });

const label = (kind: string, members: Document): Document => ({ _id: newId(), _cls: kind, tags: [], ...members });
const list = (kind: string, ...labels: Document[]): Document => ({
  _cls: `${kind}s`,
  [`${kind.toLowerCase()}s`]: labels,
});
const box = (x: number, y: number, w: number, h: number): number[] => [x, y, w, h].map((side) => side * thirds);

/** A field of a label class, a scalar type, or a document of FiftyOne's, as metadata declare it. */
function field(name: string, type: string): Document {
  const scalar = { string: 'StringField', int: 'IntField', float: 'FloatField', bool: 'BooleanField' }[type];
  if (scalar !== undefined) return { name, db_field: name, ftype: `fiftyone.core.fields.${scalar}` };
  const home = type === 'Group' ? 'groups' : 'labels';
  const ftype = 'fiftyone.core.fields.EmbeddedDocumentField';
  return { name, db_field: name, ftype, embedded_doc_type: `fiftyone.core.${home}.${type}` };
}

/** A mask with a block of `value` in its middle, packed as FiftyOne packs it. */
function mask(rows: number, columns: number, value: number): Document {
  const isMiddle = (i: number) => i >= (rows * columns) / 3 && i < (rows * columns) / 2;
  const data = Uint8Array.from({ length: rows * columns }, (_, i) => (isMiddle(i) ? value : 0));
  const bytes = deflateSync(encodeNpy({ shape: [rows, columns], element: value === 1 ? '|b1' : '|u1', data }));
  return { $binary: { base64: Buffer.from(bytes).toString('base64'), subType: '00' } };
}

async function drawn(folder: string, name: string, n: number): Promise<Document> {
  await mkdir(join(folder, 'data'), { recursive: true });
  const filepath = `data/${name}.png`;
  new Canvas(width, height).rectangle(8 * n, 8, 16, 12, [200, 40 * n, 90]).save(join(folder, filepath));
  const metadata = { _cls: 'ImageMetadata', width, height, num_channels: 3 };
  return { _id: newId(), filepath, tags: [name], metadata, _media_type: 'image' };
}

const times = {
  created_at: { $date: '2026-01-02T03:04:05.000Z' },
  last_loaded_at: { $date: '2026-01-02T03:04:05.000Z' },
};

async function write(folder: string, metadata: Document, samples: Document[], frames?: Document[]): Promise<string> {
  await mkdir(folder, { recursive: true });
  const files = {
    metadata: { ...times, ...metadata },
    samples: { samples },
    ...(frames === undefined ? {} : { frames: { frames } }),
  };
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, `${name}.json`), JSON.stringify(content));
  return folder;
}

/** Pictures with labels of every class and scalars of every type; on the second lists are empty, the third has no values. */
export async function drawPictures(folder: string): Promise<string> {
  const full = {
    ...(await drawn(folder, 'full', 1)),
    boxes: list(
      'Detection',
      label('Detection', { label: 'red', bounding_box: box(0.5, 0.5, 1, 1), shiny: true, weight: thirds }),
      label('Detection', { label: 'blue', bounding_box: box(1, 1, 0.5, 0.5), confidence: 0.5, unknown: { kept: [1] } }),
      label('Detection', { label: 'red', bounding_box: box(0.2, 1, 0.5, 0.5) }),
    ),
    instances: list(
      'Detection',
      label('Detection', { label: 'red', bounding_box: box(1, 1, 1, 1), mask: mask(8, 6, 1) }),
    ),
    lines: list(
      'Polyline',
      label('Polyline', {
        label: 'edge',
        points: [
          [
            [thirds, 0.1],
            [0.2, thirds],
            [0.5, 0.6],
          ],
        ],
        closed: false,
        filled: false,
      }),
    ),
    joints: list(
      'Keypoint',
      label('Keypoint', {
        label: 'corner',
        points: [
          [thirds, thirds],
          [0.5, 0.25],
        ],
      }),
    ),
    ground: label('Segmentation', { mask: mask(height, width, 2) }),
    scene: label('Classification', { label: 'indoor', confidence: thirds }),
    topics: list('Classification', label('Classification', { label: 'a' }), label('Classification', { label: 'b' })),
    ...{ weather: 'sunny', count: 3, share: thirds, checked: false },
  };
  const empty = {
    ...(await drawn(folder, 'empty', 2)),
    ...{ boxes: list('Detection'), instances: list('Detection'), lines: list('Polyline'), joints: list('Keypoint') },
    ...{ topics: list('Classification'), weather: '', count: 0, share: 0, checked: true },
  };
  const fields = Object.entries(pictureFields).map(([name, type]) => field(name, type));
  const metadata = {
    name: 'pictures',
    media_type: 'image',
    sample_fields: fields,
    mask_targets: { ground: { 2: 'floor' } },
  };
  return write(folder, metadata, [full, empty, await drawn(folder, 'none', 3)]);
}

/** The fields of the pictures. */
export const pictureFields: Readonly<Record<string, string>> = {
  ...{ boxes: 'Detections', instances: 'Detections', lines: 'Polylines', joints: 'Keypoints', ground: 'Segmentation' },
  ...{ scene: 'Classification', topics: 'Classifications' },
  ...{ weather: 'string', count: 'int', share: 'float', checked: 'bool' },
};

/** Three pairs of pictures, seen from the left and from the right. */
export async function drawPairs(folder: string): Promise<string> {
  const samples: Document[] = [];
  for (const n of [1, 2, 3]) {
    const group = newId();
    for (const name of ['left', 'right']) {
      const boxes = list('Detection', label('Detection', { label: 'red', bounding_box: box(n / 8, 0.5, 1, 1) }));
      const view = { _id: group, _cls: 'Group', name };
      samples.push({ ...(await drawn(folder, `${name}-${n}`, n)), view, boxes });
    }
  }
  const groups = {
    group_field: 'view',
    group_media_types: { left: 'image', right: 'image' },
    default_group_slice: 'left',
  };
  const fields = [field('view', 'Group'), field('boxes', 'Detections')];
  return write(folder, { name: 'pairs', media_type: 'group', ...groups, sample_fields: fields }, samples);
}

/** A video of 12 frames that is known by its metadata alone, with one track and a scalar on each frame. */
export async function describeClip(folder: string): Promise<string> {
  const size = { frame_width: width, frame_height: height, frame_rate: 25, total_frame_count: 12, duration: 0.48 };
  const clip = {
    ...{ _id: newId(), filepath: 'data/clip.mp4', tags: [], _media_type: 'video', weather: 'dry' },
    metadata: { _cls: 'VideoMetadata', ...size },
  };
  const frames = Array.from({ length: 12 }, (_, i) => ({
    ...{ _id: newId(), _sample_id: clip._id, frame_number: i + 1, shot: i < 6 ? 'wide' : 'near' },
    boxes: list(
      'Detection',
      label('Detection', { label: 'red', bounding_box: box(i / 12, 0.5, 1, 1), index: 1, keyframe: i % 4 === 0 }),
    ),
  }));
  const sampleFields = [field('weather', 'string')];
  const frameFields = [field('boxes', 'Detections'), field('shot', 'string')];
  const metadata = { name: 'clip', media_type: 'video', sample_fields: sampleFields, frame_fields: frameFields };
  return write(folder, metadata, [clip], frames);
}
