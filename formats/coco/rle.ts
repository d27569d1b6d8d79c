/**
 * Run lengths of a binary mask over a whole image, as COCO has them: pixels in column-major order (down the first
 * column first), runs alternate beginning with zeros. The compressed text stores each run from the fourth on as the
 * difference to the run two before, as signed numbers in groups of five bits, lowest first, 48 added to each group.
 */
export type Runs = readonly number[];

/** Where a mask stands in its image, in pixels. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Reads compressed runs. Throws `RangeError` for text that is none. */
export function decodeRuns(text: string): number[] {
  const runs: number[] = [];
  let at = 0;
  while (at < text.length) {
    let value = 0;
    let shift = 0;
    let group: number;
    do {
      group = text.charCodeAt(at++) - 48;
      if (!(group >= 0 && group < 64) || shift > 45) throw new RangeError('no compressed run lengths');
      value += (group & 0x1f) * 2 ** shift;
      shift += 5;
    } while (group & 0x20);
    if (group & 0x10) value -= 2 ** shift;
    if (runs.length > 2) value += runs[runs.length - 2] ?? 0;
    if (value < 0) throw new RangeError('a negative run length');
    runs.push(value);
  }
  return runs;
}

/** Writes compressed runs. */
export function encodeRuns(runs: Runs): string {
  let text = '';
  for (let i = 0; i < runs.length; i++) {
    let value = (runs[i] ?? 0) - (i > 2 ? (runs[i - 2] ?? 0) : 0);
    let more = true;
    while (more) {
      const group = ((value % 32) + 32) % 32;
      value = Math.floor(value / 32);
      more = group & 0x10 ? value !== -1 : value !== 0;
      text += String.fromCharCode(group + (more ? 0x20 : 0) + 48);
    }
  }
  return text;
}

/** Number of pixels that are set. */
export function areaOfRuns(runs: Runs): number {
  let area = 0;
  for (let i = 1; i < runs.length; i += 2) area += runs[i] ?? 0;
  return area;
}

/** Number of pixels that the runs speak of; it must be height times width. */
export const lengthOfRuns = (runs: Runs): number => runs.reduce((sum, run) => sum + run, 0);

/** The smallest rectangle with all set pixels in it, or null when there are none. */
export function extentOfRuns(runs: Runs, height: number): Rectangle | null {
  let left = Number.POSITIVE_INFINITY;
  let right = -1;
  let top = height;
  let bottom = -1;
  let at = 0;
  for (let i = 0; i < runs.length; i++) {
    const run = runs[i] ?? 0;
    if (i % 2 === 1 && run > 0) {
      const first = Math.floor(at / height);
      const last = Math.floor((at + run - 1) / height);
      left = Math.min(left, first);
      right = Math.max(right, last);
      top = Math.min(top, last > first ? 0 : at % height);
      bottom = Math.max(bottom, last > first ? height - 1 : (at + run - 1) % height);
    }
    at += run;
  }
  return right < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** Sets the pixels of the runs that lie inside `place` in `pixels`, which covers `place` row by row. */
export function paintRuns(runs: Runs, height: number, place: Rectangle, pixels: Uint8Array): void {
  let at = 0;
  for (let i = 0; i < runs.length; i++) {
    const run = runs[i] ?? 0;
    if (i % 2 === 1) paintRun(at, at + run, height, place, pixels);
    at += run;
  }
}

function paintRun(start: number, end: number, height: number, place: Rectangle, pixels: Uint8Array): void {
  for (let at = start; at < end; ) {
    const column = Math.floor(at / height);
    const columnEnd = Math.min(end, (column + 1) * height);
    const x = column - place.x;
    if (x >= 0 && x < place.width) {
      const from = Math.max(0, at - column * height - place.y);
      const to = Math.min(place.height, columnEnd - column * height - place.y);
      for (let y = from; y < to; y++) pixels[y * place.width + x] = 1;
    }
    at = columnEnd;
  }
}

/** The runs, over an image of the given size, of pixels (row by row) that stand at `place`; what lies outside is cut off. */
export function runsOfPixels(pixels: ArrayLike<number>, place: Rectangle, width: number, height: number): number[] {
  const flips: number[] = [];
  let isSet = false;
  for (let x = Math.max(0, place.x); x < Math.min(width, place.x + place.width); x++) {
    for (let y = 0; y < height; y++) {
      const row = y - place.y;
      const now = row >= 0 && row < place.height && pixels[row * place.width + x - place.x] !== 0;
      if (now !== isSet) flips.push(x * height + y);
      isSet = now;
    }
    if (isSet && x + 1 === Math.min(width, place.x + place.width)) flips.push((x + 1) * height);
  }
  return runsOfFlips(flips, width * height);
}

/** Runs from the positions, in rising order, where the value changes. Equal positions cancel each other out. */
export function runsOfFlips(flips: readonly number[], total: number): number[] {
  const runs: number[] = [];
  let last = 0;
  for (const flip of flips) {
    if (flip === last && runs.length > 0) last -= runs.pop() ?? 0;
    else {
      runs.push(flip - last);
      last = flip;
    }
  }
  if (last < total) runs.push(total - last);
  return runs;
}
