import type { Mask } from '../../domain/labels/index.js';
import { areaOfPolygon } from './polygon.js';
import type { Size } from './read-image.js';
import { areaOfRuns, encodeRuns, type Rectangle, type Runs, runsOfPixels } from './rle.js';

/** One annotation while it is put together; several labels of one original annotation meet in it. */
export interface WrittenAnnotation {
  /** The number it had in the file that it came from, or null. */
  readonly number: number | null;
  categoryId: number;
  /** x, y, width, height in pixels. */
  box: readonly number[] | null;
  /** JSON text, and the area in square pixels. */
  segmentation: { readonly text: string; readonly area: number } | null;
  keypoints: { readonly flat: readonly number[]; readonly count: number } | null;
  isCrowd: number;
  score: number | null;
  attributes: Record<string, unknown>;
}

/** The text of an annotation without its id and without the closing brace's partner: what follows `{"id": N`. */
export function annotationText(annotation: WrittenAnnotation, imageId: number | string): string {
  const { box, segmentation, keypoints } = annotation;
  let text = `, "image_id": ${JSON.stringify(imageId)}, "category_id": ${annotation.categoryId}`;
  if (box !== null) text += `, "bbox": [${box.map(pixels).join(', ')}]`;
  text += `, "area": ${pixels(segmentation?.area ?? (box === null ? 0 : (box[2] ?? 0) * (box[3] ?? 0)))}`;
  text += `, "iscrowd": ${annotation.isCrowd}`;
  if (segmentation !== null) text += `, "segmentation": ${segmentation.text}`;
  if (keypoints !== null)
    text += `, "keypoints": [${keypoints.flat.map(pixels).join(', ')}], "num_keypoints": ${keypoints.count}`;
  if (annotation.score !== null) text += `, "score": ${annotation.score}`;
  if (Object.keys(annotation.attributes).length > 0) text += `, "attributes": ${JSON.stringify(annotation.attributes)}`;
  return `${text}}`;
}

/** A pixel coordinate without the noise of the division and multiplication by the image's size. */
const pixels = (value: number): number => Math.round(value * 1e9) / 1e9;

/** Polygons as a segmentation. `rings` are lists of relative points. */
export function polygonSegmentation(
  rings: readonly (readonly (readonly number[])[])[],
  { width, height }: Size,
): WrittenAnnotation['segmentation'] {
  const flat = rings.map((ring) => ring.flatMap(([x, y]) => [pixels((x ?? 0) * width), pixels((y ?? 0) * height)]));
  return { text: JSON.stringify(flat), area: flat.reduce((sum, polygon) => sum + areaOfPolygon(polygon), 0) };
}

/** The box round relative points, in pixels, or null where there are none. */
export function boxOfPoints(
  points: readonly (readonly (number | null)[])[],
  { width, height }: Size,
): readonly number[] | null {
  let [left, top, right, bottom] = [
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  for (const [x, y] of points) {
    if (typeof x !== 'number' || typeof y !== 'number') continue;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return right < left ? null : [left * width, top * height, (right - left) * width, (bottom - top) * height];
}

/** An instance mask, which covers its box, as run lengths over the image: as a list for crowds, else compressed. */
export function maskSegmentation(
  mask: Mask,
  box: readonly number[],
  size: Size,
  isCrowd: boolean,
): WrittenAnnotation['segmentation'] {
  const [x = 0, y = 0, w = 0, h = 0] = box;
  const [rows = 0, columns = 0] = mask.shape;
  const width = nearly(columns, w);
  const height = nearly(rows, h);
  const place = { x: Math.round(x), y: Math.round(y), width, height };
  const data = width === columns && height === rows ? mask.data : scaled(mask, place);
  const runs: Runs = runsOfPixels(data, place, size.width, size.height);
  const counts = isCrowd ? JSON.stringify(runs) : JSON.stringify(encodeRuns(runs));
  return { text: `{"size": [${size.height}, ${size.width}], "counts": ${counts}}`, area: areaOfRuns(runs) };
}

/** A mask about as large as its box (within a pixel) is painted as it is, else it is scaled to the box. */
const nearly = (own: number, wanted: number): number =>
  Math.abs(own - wanted) <= 1 ? own : Math.max(1, Math.round(wanted));

function scaled(mask: Mask, { width, height }: Rectangle): Uint8Array {
  const [rows = 0, columns = 0] = mask.shape;
  const pixelsOfPlace = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.min(rows - 1, Math.floor(((y + 0.5) * rows) / height)) * columns;
    for (let x = 0; x < width; x++) {
      const column = Math.min(columns - 1, Math.floor(((x + 0.5) * columns) / width));
      pixelsOfPlace[y * width + x] = mask.data[row + column] ? 1 : 0;
    }
  }
  return pixelsOfPlace;
}
