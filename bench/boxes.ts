import { canonicalJson, type FieldValue, type Label, type WholeSample } from '../domain/labels/index.js';
import { idsFrom, randomFrom } from './random.js';

/** Boxes to a sample. */
export const boxesPerSample = 20;
export const boxField = 'ground_truth';
export const classNames = ['bicycle', 'bird', 'boat', 'bus', 'car', 'cat', 'dog', 'horse', 'person', 'train'] as const;

/** Samples with boxes of full-precision doubles, three attributes and a confidence each: the worst case for the indexes. */
export function* boxSamples(labels: number, seed = 1): Iterable<WholeSample> {
  const random = randomFrom(seed);
  const sampleId = idsFrom(0x65000000);
  const labelId = idsFrom(0x66000000);
  for (let made = 0, n = 0; made < labels; n++) {
    const count = Math.min(boxesPerSample, labels - made);
    const boxes = Array.from({ length: count }, () => box(labelId(), random));
    made += count;
    yield sampleWith(sampleId(), n, boxes);
  }
}

function sampleWith(id: string, n: number, labels: readonly Label[]): WholeSample {
  const value: FieldValue = { labels, value: null };
  return {
    id,
    path: `/data/bench/${String(n).padStart(8, '0')}.jpg`,
    mediaType: 'image',
    width: 1920,
    height: 1080,
    metadata: null,
    tags: [],
    group: null,
    extra: null,
    fields: new Map([[boxField, value]]),
  };
}

function box(id: string, random: () => number): Label {
  const bounding_box = [random() * 0.8, random() * 0.8, random() * 0.2, random() * 0.2];
  return {
    id,
    label: classNames[Math.floor(random() * classNames.length)] ?? 'car',
    geometry: canonicalJson({ bounding_box }),
    attributes: canonicalJson({
      occluded: random() < 0.3,
      color: random() < 0.5 ? 'dark' : 'light',
      score: Math.floor(random() * 100),
    }),
    index: null,
    confidence: random(),
    tags: null,
  };
}
