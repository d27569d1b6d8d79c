import { MalformedFileError } from '../../domain/errors/index.js';
import type { Json, JsonObject } from '../../domain/labels/index.js';
import type { Size } from './read-image.js';

/** An annotation and where it stands in its file. */
export interface ShapeSource {
  readonly annotation: JsonObject;
  readonly file: string;
  readonly where: string;
}

/** A box in pixels: x, y, width, height. */
export type Box = readonly [number, number, number, number];

/** The box of an annotation, or null where it has none. Throws `MalformedFileError`. */
export function boxOf({ annotation, file, where }: ShapeSource): Box | null {
  const { bbox } = annotation;
  if (bbox === null || bbox === undefined || (Array.isArray(bbox) && bbox.length === 0)) return null;
  const isBox = Array.isArray(bbox) && bbox.length === 4 && bbox.every((n) => typeof n === 'number');
  if (!isBox) throw new MalformedFileError(file, `${where}.bbox`, 'four numbers: x, y, width, height in pixels');
  return bbox as unknown as Box;
}

/** The box round the labeled keypoints, or null. */
export function boxOfKeypoints(keypoints: Json | undefined): Box | null {
  if (!Array.isArray(keypoints)) return null;
  const seen = keypoints.flatMap((_, i) =>
    i % 3 === 0 && Number(keypoints[i + 2]) > 0 ? [[Number(keypoints[i]), Number(keypoints[i + 1])]] : [],
  );
  if (seen.length === 0) return null;
  const xs = seen.map(([x]) => x ?? 0);
  const ys = seen.map(([, y]) => y ?? 0);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return [x, y, Math.max(...xs) - x, Math.max(...ys) - y];
}

/** A box in pixels as one relative to its image. */
export const relativeBox = ([x, y, w, h]: Box, { width, height }: Size): number[] => [
  x / width,
  y / height,
  w / width,
  h / height,
];

/** The polygons of a segmentation: lists of fewer than three points occur in real files and mean nothing. */
export function polygonsOf({ annotation, file, where }: ShapeSource): number[][] {
  const { segmentation } = annotation;
  if (!Array.isArray(segmentation)) return [];
  for (const [i, part] of segmentation.entries()) {
    const isFine = Array.isArray(part) && part.length % 2 === 0 && part.every((n) => typeof n === 'number');
    if (!isFine)
      throw new MalformedFileError(
        file,
        `${where}.segmentation[${i}]`,
        'a flat list of coordinates: x1, y1, x2, y2, ...',
      );
  }
  return (segmentation as number[][]).filter((part) => part.length >= 6);
}

/** Flat coordinates as points. */
export const pairs = (flat: readonly number[]): [number, number][] =>
  Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i] ?? 0, flat[2 * i + 1] ?? 0]);
