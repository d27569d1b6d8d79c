import type { Mask, MaskElement } from '../../domain/labels/index.js';

/**
 * A mask as text: row by row, the lengths of runs of equal pixels. Without `values` the pixels are 0 and 1, and the
 * first run is of zeros (perhaps of length 0). With `values`, run `i` has the value `values[i]`; in a colour mask that
 * is a list of three.
 */
export interface MaskRuns {
  readonly shape: readonly number[];
  readonly counts: readonly number[];
  readonly values?: readonly (number | readonly number[])[];
  /** NumPy's name of the element type. Default: `|b1` without `values`, `|u1` with whole values up to 255, else `<f8`. */
  readonly element?: string;
}

const mostPixels = 2 ** 28;

/** The mask as runs. */
export function runsOfMask(mask: Mask): MaskRuns {
  const { shape, element, data } = mask;
  const runs = shape.length === 3 ? colourRuns(mask) : isBinary(data) ? binaryRuns(data) : valueRuns(data);
  const implied = impliedElement(runs.values);
  return { shape: [...shape], ...runs, ...(element === implied ? {} : { element }) };
}

type Runs = Pick<MaskRuns, 'counts' | 'values'>;

function isBinary(data: ArrayLike<number>): boolean {
  for (let i = 0; i < data.length; i++) if (data[i] !== 0 && data[i] !== 1) return false;
  return true;
}

function binaryRuns(data: ArrayLike<number>): Runs {
  const counts: number[] = [];
  let value = 0;
  let from = 0;
  for (let i = 0; i < data.length; i++) {
    if (data[i] === value) continue;
    counts.push(i - from);
    value = 1 - value;
    from = i;
  }
  return { counts: [...counts, data.length - from] };
}

function valueRuns(data: ArrayLike<number>): Runs {
  const counts: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    if (i > 0 && value === values[values.length - 1])
      counts[counts.length - 1] = (counts[counts.length - 1] as number) + 1;
    else {
      counts.push(1);
      values.push(value);
    }
  }
  return { counts, values };
}

function colourRuns({ shape, data }: Mask): Runs {
  const depth = shape[2] ?? 1;
  const counts: number[] = [];
  const values: number[][] = [];
  for (let at = 0; at < data.length; at += depth) {
    const colour = Array.from({ length: depth }, (_, i) => data[at + i] as number);
    const last = values[values.length - 1];
    if (last?.every((part, i) => part === colour[i]))
      counts[counts.length - 1] = (counts[counts.length - 1] as number) + 1;
    else {
      counts.push(1);
      values.push(colour);
    }
  }
  return { counts, values };
}

function impliedElement(values: MaskRuns['values']): MaskElement {
  if (values === undefined) return '|b1';
  return values.flat().every((value) => Number.isInteger(value) && value >= 0 && value <= 255) ? '|u1' : '<f8';
}

/** The pixels of runs. Throws a plain `RangeError` with what is wrong when they are not runs of a mask. */
export function maskOfRuns(runs: unknown): Mask {
  const { shape, counts, values, element } = checkRuns(runs);
  const depth = shape[2] ?? 1;
  const data = values === undefined ? new Uint8Array(pixelsOf(shape)) : new Float64Array(pixelsOf(shape) * depth);
  let at = 0;
  for (let i = 0; i < counts.length; i++) {
    const end = at + (counts[i] as number) * depth;
    if (values === undefined) data.fill(i % 2, at, end);
    else fillRun(data, at, end, values[i] as number | readonly number[]);
    at = end;
  }
  return { shape, element: (element ?? impliedElement(values)) as MaskElement, data };
}

function fillRun(data: Uint8Array | Float64Array, from: number, to: number, value: number | readonly number[]): void {
  if (typeof value === 'number') data.fill(value, from, to);
  else for (let at = from; at < to; at++) data[at] = value[(at - from) % value.length] as number;
}

const pixelsOf = (shape: readonly number[]): number => (shape[0] as number) * (shape[1] as number);

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const elements: readonly string[] = ['|b1', '|u1', '|i1', '<u2', '<i2', '<u4', '<i4', '<i8', '<u8', '<f4', '<f8'];

function checkRuns(runs: unknown): MaskRuns {
  if (typeof runs !== 'object' || runs === null)
    throw new RangeError('a mask must be an object with "shape" and "counts"');
  const { shape, counts, values, element } = runs as Record<string, unknown>;
  if (!isShape(shape)) throw new RangeError('the "shape" of a mask must be [rows, columns] or [rows, columns, 3]');
  const pixels = pixelsOf(shape);
  if (pixels > mostPixels) throw new RangeError(`a mask may have at most ${mostPixels} pixels, this one has ${pixels}`);
  if (!Array.isArray(counts) || !counts.every(isCount))
    throw new RangeError('the "counts" of a mask must be whole numbers');
  const sum = counts.reduce((total: number, count: number) => total + count, 0);
  if (sum !== pixels) throw new RangeError(`the "counts" of a mask add up to ${sum}, its shape has ${pixels} pixels`);
  checkValues(values, counts.length, shape[2]);
  if (element !== undefined && !elements.includes(element as string))
    throw new RangeError(`the "element" of a mask must be one of ${elements.join(' ')}`);
  return runs as MaskRuns;
}

const isShape = (shape: unknown): shape is number[] =>
  Array.isArray(shape) && (shape.length === 2 || (shape.length === 3 && shape[2] === 3)) && shape.every(isCount);

function checkValues(values: unknown, count: number, depth: number | undefined): void {
  if (values === undefined && depth === undefined) return;
  const isValue = (value: unknown): boolean =>
    depth === undefined
      ? typeof value === 'number'
      : Array.isArray(value) && value.length === depth && value.every((part) => typeof part === 'number');
  if (!Array.isArray(values) || values.length !== count || !values.every(isValue))
    throw new RangeError(
      `the "values" of a mask must be ${depth === undefined ? 'numbers' : 'colours of three numbers'}, one for each of its "counts"`,
    );
}
