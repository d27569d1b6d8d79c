import { runsOfFlips } from './rle.js';

/**
 * The fill rule of the COCO tools, so that masks of polygons are the same to the pixel: edges are drawn on a grid that
 * is five times finer, and a column of pixels changes between inside and outside where an edge crosses its middle.
 * Source: the description of the mask format and tools of the COCO dataset.
 */
const fine = 5;

/** A polygon as COCO has it: x and y in pixels by turns, at least three points. */
export type FlatPolygon = readonly number[];

/** Runs (see `rle.ts`) of the filled polygon over an image of the given size. */
export function runsOfPolygon(polygon: FlatPolygon, width: number, height: number): number[] {
  const flips: number[] = [];
  const count = Math.floor(polygon.length / 2);
  for (let i = 0; i < count; i++) {
    const next = (i + 1) % count;
    addEdge(
      flips,
      { x: onGrid(polygon, 2 * i), y: onGrid(polygon, 2 * i + 1) },
      { x: onGrid(polygon, 2 * next), y: onGrid(polygon, 2 * next + 1) },
      width,
      height,
    );
  }
  flips.sort((a, b) => a - b);
  return runsOfFlips(flips, width * height);
}

interface GridPoint {
  readonly x: number;
  readonly y: number;
}

const onGrid = (polygon: FlatPolygon, at: number): number => Math.trunc(fine * (polygon[at] ?? 0) + 0.5);

/** Walks along an edge in steps of the longer axis and notes where it crosses from one fine column into the next. */
function addEdge(flips: number[], from: GridPoint, to: GridPoint, width: number, height: number): void {
  const isFlat = Math.abs(to.x - from.x) >= Math.abs(to.y - from.y);
  const isBackward = isFlat ? from.x > to.x : from.y > to.y;
  const [start, end] = isBackward ? [to, from] : [from, to]; // always the same direction: rounding then agrees
  const steps = isFlat ? end.x - start.x : end.y - start.y;
  if (steps === 0) return;
  const slope = (isFlat ? end.y - start.y : end.x - start.x) / steps;
  const across = (step: number): number => Math.trunc((isFlat ? start.y : start.x) + slope * step + 0.5);
  for (let step = 1; step <= steps; step++) {
    const before = isFlat ? start.x + step - 1 : across(step - 1);
    const after = isFlat ? start.x + step : across(step);
    if (before === after) continue;
    const y = isFlat ? Math.min(across(step - 1), across(step)) : start.y + step - 1;
    addFlip(flips, Math.min(before, after), y, width, height);
  }
}

/** Only crossings in the middle of a pixel's column count. */
function addFlip(flips: number[], fineX: number, fineY: number, width: number, height: number): void {
  const x = (fineX + 0.5) / fine - 0.5;
  if (!Number.isInteger(x) || x < 0 || x > width - 1) return;
  const y = Math.ceil(Math.min(Math.max((fineY + 0.5) / fine - 0.5, 0), height));
  flips.push(x * height + y);
}

/** Area in square pixels. Self-intersections count once for each winding, as in the shoelace formula. */
export function areaOfPolygon(polygon: FlatPolygon): number {
  let sum = 0;
  const count = Math.floor(polygon.length / 2);
  for (let i = 0; i < count; i++) {
    const next = (i + 1) % count;
    sum += (polygon[2 * i] ?? 0) * (polygon[2 * next + 1] ?? 0) - (polygon[2 * next] ?? 0) * (polygon[2 * i + 1] ?? 0);
  }
  return Math.abs(sum) / 2;
}
