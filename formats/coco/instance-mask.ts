import { MalformedFileError } from '../../domain/errors/index.js';
import type { Json, JsonObject, Mask } from '../../domain/labels/index.js';
import { isObject } from '../json/parse-json.js';
import { runsOfPolygon } from './polygon.js';
import type { Size } from './read-image.js';
import { decodeRuns, extentOfRuns, lengthOfRuns, paintRuns, type Rectangle, type Runs } from './rle.js';
import { type Box, polygonsOf, type ShapeSource } from './shapes.js';

/**
 * The mask of an annotation inside its box, in pixels; null where it has no segmentation. The box stays as it is as long
 * as the mask lies within it, give or take a pixel for polygons, whose edges are drawn; else the mask's own extent
 * becomes the box, so that no pixel is lost. Throws `MalformedFileError`.
 */
export function instanceMaskOf(
  source: ShapeSource,
  box: Box | null,
  size: Size,
  note: (code: string, message: string) => void,
): { readonly mask: Mask; readonly box: Box } | null {
  const parts = runsOfSegmentation(source, size);
  const extent = parts === null ? null : unionOf(parts.map((runs) => extentOfRuns(runs, size.height)));
  if (parts === null || extent === null) return null;
  const slack = Array.isArray(source.annotation.segmentation) ? 1 : 0;
  const cut = box === null ? null : pixelsOf(box, size);
  const fits = cut !== null && cut.width > 0 && cut.height > 0 && contains(cut, extent, slack);
  if (!fits && box !== null)
    note('BOX_SMALLER_THAN_MASK', 'Boxes that do not hold the whole mask were replaced by the extent of the mask.');
  const place = fits ? cut : extent;
  const data = new Uint8Array(place.width * place.height);
  for (const runs of parts) paintRuns(runs, size.height, place, data);
  const ownBox: Box = [extent.x, extent.y, extent.width, extent.height];
  return {
    mask: { shape: [place.height, place.width], element: '|b1', data },
    box: fits && box !== null ? box : ownBox,
  };
}

/** The parts of a segmentation, each as runs over the image; their union is the object. */
function runsOfSegmentation(source: ShapeSource, { width, height }: Size): Runs[] | null {
  const { segmentation } = source.annotation;
  if (isObject(segmentation)) return [runsOfRle(source, segmentation, width, height)];
  const polygons = polygonsOf(source);
  return polygons.length === 0 ? null : polygons.map((polygon) => runsOfPolygon(polygon, width, height));
}

function runsOfRle({ file, where }: ShapeSource, segmentation: JsonObject, width: number, height: number): Runs {
  const runs = decoded(segmentation.counts, file, where);
  const [rows, columns] = Array.isArray(segmentation.size) ? segmentation.size : [];
  if (rows !== height || columns !== width || lengthOfRuns(runs) !== width * height) {
    throw new MalformedFileError(
      file,
      `${where}.segmentation`,
      `run lengths over the image of ${width} x ${height} pixels, "size" [height, width]`,
    );
  }
  return runs;
}

function decoded(counts: Json | undefined, file: string, where: string): Runs {
  const isList = Array.isArray(counts) && counts.every((run) => Number.isSafeInteger(run) && (run as number) >= 0);
  if (isList) return counts as number[];
  try {
    if (typeof counts === 'string') return decodeRuns(counts);
  } catch (cause) {
    throw new MalformedFileError(file, `${where}.segmentation.counts`, 'compressed run lengths', { cause });
  }
  throw new MalformedFileError(file, `${where}.segmentation.counts`, 'a list of run lengths or their compressed text');
}

const unionOf = (rectangles: readonly (Rectangle | null)[]): Rectangle | null =>
  rectangles.reduce((union, next) => (union === null ? next : next === null ? union : both(union, next)), null);

function both(a: Rectangle, b: Rectangle): Rectangle {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  const right = Math.max(a.x + a.width, b.x + b.width);
  const bottom = Math.max(a.y + a.height, b.y + b.height);
  return { x, y, width: right - x, height: bottom - y };
}

/** The pixels that a box stands for, cut at the image's edges. */
function pixelsOf([x, y, w, h]: Box, { width, height }: Size): Rectangle {
  const [left, top] = [Math.max(0, roundHalfEven(x)), Math.max(0, roundHalfEven(y))];
  const right = Math.min(width, roundHalfEven(x + w));
  const bottom = Math.min(height, roundHalfEven(y + h));
  return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

/** Halves go to the even neighbour, as FiftyOne rounds, so that masks get the same size. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

const contains = (outer: Rectangle, inner: Rectangle, slack: number): boolean =>
  inner.x >= outer.x - slack &&
  inner.y >= outer.y - slack &&
  inner.x + inner.width <= outer.x + outer.width + slack &&
  inner.y + inner.height <= outer.y + outer.height + slack;
