import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pngOf } from './png.js';
import { numbersFrom, paint, type Shape, shapesFor } from './shapes.js';

const [width, height] = [320, 240];

/**
 * Draws a small labelled dataset into a folder: pictures of circles, squares and triangles with a box each, as a
 * FiftyOneDataset folder. The same each time, ids included.
 */
export async function writeSampleDataset(
  folder: string,
  pictures = 24,
): Promise<{ readonly samples: number; readonly labels: number }> {
  await mkdir(join(folder, 'data'), { recursive: true });
  const random = numbersFrom(2026);
  const samples: unknown[] = [];
  let labels = 0;
  for (let i = 0; i < pictures; i++) {
    const shapes = shapesFor(width, height, random);
    const name = `data/shapes-${String(i + 1).padStart(3, '0')}.png`;
    const bytes = pngOf(paint(width, height, shapes));
    await writeFile(join(folder, name), bytes);
    const detections = shapes.map((shape) => detection(shape, ++labels, random));
    samples.push(sample(i + 1, name, bytes.length, detections));
  }
  await writeFile(join(folder, 'samples.json'), JSON.stringify({ samples }));
  await writeFile(join(folder, 'metadata.json'), JSON.stringify(metadata));
  return { samples: pictures, labels };
}

const id = (kind: string, n: number): { $oid: string } => ({
  $oid: kind + n.toString(16).padStart(24 - kind.length, '0'),
});

function detection(shape: Shape, n: number, random: () => number): unknown {
  const { kind, left, top, size } = shape;
  return {
    _id: id('5a', n),
    _cls: 'Detection',
    attributes: {},
    tags: [],
    label: kind,
    bounding_box: [left / width, top / height, size / width, size / height],
    confidence: Math.round((0.5 + random() / 2) * 1000) / 1000,
    size: size > 50 ? 'large' : 'small',
    checked: random() < 0.5,
    source: random() < 0.5 ? 'camera' : 'scan',
  };
}

const sample = (n: number, filepath: string, sizeBytes: number, detections: readonly unknown[]): unknown => ({
  _id: id('5b', n),
  filepath,
  tags: n % 4 === 0 ? ['validation'] : ['train'],
  metadata: { _cls: 'ImageMetadata', size_bytes: sizeBytes, mime_type: 'image/png', width, height, num_channels: 3 },
  _media_type: 'image',
  ground_truth: { _cls: 'Detections', detections },
});

const field = (name: string, ftype: string, more: Record<string, unknown> = {}): unknown => ({
  name,
  ftype,
  db_field: name,
  ...more,
});

const metadata = {
  _id: id('5c', 1),
  name: 'shapes',
  slug: 'shapes',
  version: '1.22.1',
  persistent: true,
  media_type: 'image',
  tags: [],
  info: {},
  sample_fields: [
    { name: 'id', ftype: 'fiftyone.core.fields.ObjectIdField', db_field: '_id' },
    field('filepath', 'fiftyone.core.fields.StringField'),
    field('tags', 'fiftyone.core.fields.ListField', { subfield: 'fiftyone.core.fields.StringField' }),
    field('metadata', 'fiftyone.core.fields.EmbeddedDocumentField', {
      embedded_doc_type: 'fiftyone.core.metadata.ImageMetadata',
    }),
    field('ground_truth', 'fiftyone.core.fields.EmbeddedDocumentField', {
      embedded_doc_type: 'fiftyone.core.labels.Detections',
    }),
  ],
  frame_fields: [],
  annotation_runs: {},
};
