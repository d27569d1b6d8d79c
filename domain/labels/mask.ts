/**
 * Masks as NumPy arrays, the form in which FiftyOne keeps them (`.npy` version 1.0 to 3.0). Only what masks need:
 * booleans and numbers, two or three dimensions.
 * Source of the format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */

export type MaskElement = '|b1' | '|u1' | '|i1' | '<u2' | '<i2' | '<u4' | '<i4' | '<i8' | '<u8' | '<f4' | '<f8';

/**
 * A mask. `shape` is [rows, columns] or [rows, columns, 3]; `data` is row-major. An instance mask covers the bounding
 * box of its detection (1 = object), a segmentation covers the whole image (class values).
 */
export interface Mask {
  readonly shape: readonly number[];
  readonly element: MaskElement;
  readonly data: ArrayLike<number>;
}

/** A stored mask: the zlib stream of its `.npy` bytes, named by the hash of shape and values. */
export interface PackedMask {
  readonly hash: string;
  readonly bytes: Uint8Array;
}

const size: Readonly<Record<MaskElement, number>> = {
  '|b1': 1,
  '|u1': 1,
  '|i1': 1,
  '<u2': 2,
  '<i2': 2,
  '<u4': 4,
  '<i4': 4,
  '<i8': 8,
  '<u8': 8,
  '<f4': 4,
  '<f8': 8,
};

/** Reads the bytes of a `.npy` file. Throws a plain `RangeError` with what is wrong when they are none. */
export function decodeNpy(bytes: Uint8Array): Mask {
  if (bytes.length < 10 || bytes[0] !== 0x93 || text(bytes, 1, 6) !== 'NUMPY')
    throw new RangeError('not a NumPy array');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const long = (bytes[6] ?? 1) > 1;
  const length = long ? view.getUint32(8, true) : view.getUint16(8, true);
  const start = (long ? 12 : 10) + length;
  const { element, shape, fortran } = readHeader(text(bytes, long ? 12 : 10, start));
  const count = shape.reduce((product, n) => product * n, 1);
  if (bytes.length < start + count * size[element])
    throw new RangeError(`a NumPy array of shape ${shape} is cut short`);
  const data = readElements(view, start, count, element);
  return { shape, element, data: fortran ? toRowMajor(data, shape) : data };
}

const text = (bytes: Uint8Array, from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to));

function readHeader(header: string): { element: MaskElement; shape: number[]; fortran: boolean } {
  const descr = /'descr':\s*'([^']+)'/.exec(header)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  const element = descr === '<b1' ? '|b1' : descr;
  if (element === undefined || !(element in size) || shape === undefined)
    throw new RangeError(`unknown NumPy array ${header.trim()}`);
  const numbers = shape
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  return { element: element as MaskElement, shape: numbers, fortran: /'fortran_order':\s*True/.test(header) };
}

function readElements(view: DataView, start: number, count: number, element: MaskElement): ArrayLike<number> {
  if (size[element] === 1 && element !== '|i1')
    return new Uint8Array(view.buffer, view.byteOffset + start, count).slice();
  const read: Record<string, (at: number) => number> = {
    '|i1': (at) => view.getInt8(at),
    '<u2': (at) => view.getUint16(at, true),
    '<i2': (at) => view.getInt16(at, true),
    '<u4': (at) => view.getUint32(at, true),
    '<i4': (at) => view.getInt32(at, true),
    '<i8': (at) => Number(view.getBigInt64(at, true)),
    '<u8': (at) => Number(view.getBigUint64(at, true)),
    '<f4': (at) => view.getFloat32(at, true),
    '<f8': (at) => view.getFloat64(at, true),
  };
  const step = size[element];
  const one = read[element] as (at: number) => number;
  return Float64Array.from({ length: count }, (_, i) => one(start + i * step));
}

function toRowMajor(data: ArrayLike<number>, shape: readonly number[]): Float64Array {
  const [rows = 1, columns = 1, depth = 1] = shape;
  const result = new Float64Array(data.length);
  for (let d = 0; d < depth; d++)
    for (let c = 0; c < columns; c++)
      for (let r = 0; r < rows; r++) result[(r * columns + c) * depth + d] = data[r + rows * (c + columns * d)] ?? 0;
  return result;
}

/** The bytes of a `.npy` file, version 1.0, row-major. */
export function encodeNpy(mask: Mask): Uint8Array {
  const shape = mask.shape.length === 1 ? `${mask.shape[0]},` : mask.shape.join(', ');
  const body = `{'descr': '${mask.element}', 'fortran_order': False, 'shape': (${shape}), }`;
  const length = Math.ceil((10 + body.length + 1) / 64) * 64 - 10;
  const header = `${body.padEnd(length - 1)}\n`;
  const bytes = new Uint8Array(10 + length + mask.data.length * size[mask.element]);
  const view = new DataView(bytes.buffer);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  view.setUint16(8, length, true);
  for (let i = 0; i < header.length; i++) bytes[10 + i] = header.charCodeAt(i);
  writeElements(view, 10 + length, mask);
  return bytes;
}

function writeElements(view: DataView, start: number, { data, element }: Mask): void {
  const write: Record<MaskElement, (at: number, value: number) => void> = {
    '|b1': (at, value) => view.setUint8(at, value ? 1 : 0),
    '|u1': (at, value) => view.setUint8(at, value),
    '|i1': (at, value) => view.setInt8(at, value),
    '<u2': (at, value) => view.setUint16(at, value, true),
    '<i2': (at, value) => view.setInt16(at, value, true),
    '<u4': (at, value) => view.setUint32(at, value, true),
    '<i4': (at, value) => view.setInt32(at, value, true),
    '<i8': (at, value) => view.setBigInt64(at, BigInt(value), true),
    '<u8': (at, value) => view.setBigUint64(at, BigInt(value), true),
    '<f4': (at, value) => view.setFloat32(at, value, true),
    '<f8': (at, value) => view.setFloat64(at, value, true),
  };
  const step = size[element];
  for (let i = 0; i < data.length; i++) write[element](start + i * step, data[i] ?? 0);
}
