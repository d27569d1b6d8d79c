import { createHash } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import { MaskUnreadableError } from '../domain/errors/index.js';
import { decodeNpy, encodeNpy, type Mask, type PackedMask } from '../domain/labels/index.js';

/** Packs a mask: the zlib stream of its `.npy` bytes, named by shape and values. */
export const packMask = (mask: Mask): PackedMask => ({ hash: hashOf(mask), bytes: deflateSync(encodeNpy(mask)) });

/** Names bytes that are packed already and keeps them as they are. MASK_UNREADABLE when they are no zlib stream of `.npy`. */
export const nameMask = (bytes: Uint8Array): PackedMask => ({ hash: hashOf(unpackMask(bytes)), bytes });

/** The pixels of a packed mask. MASK_UNREADABLE when the bytes are no zlib stream of `.npy`. */
export function unpackMask(bytes: Uint8Array): Mask {
  try {
    return decodeNpy(inflateSync(bytes));
  } catch (error) {
    throw new MaskUnreadableError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Packs and names masks for readers of dataset files. */
export const maskIntake = { pack: packMask, name: nameMask };

/** Hex SHA-1 over shape and values. How the values are stored does not count: 0/1 as booleans or bytes are one mask. */
function hashOf({ shape, data }: Mask): string {
  const hash = createHash('sha1').update(`${shape.join('x')}:`);
  const bytes = asBytes(data);
  if (bytes !== null) return hash.update('b').update(bytes).digest('hex');
  const doubles = Float64Array.from(data);
  return hash.update('d').update(new Uint8Array(doubles.buffer)).digest('hex');
}

/** The values as bytes where all of them fit. */
function asBytes(data: ArrayLike<number>): Uint8Array | null {
  const bytes = data instanceof Uint8Array ? data : Uint8Array.from(data);
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== data[i]) return null;
  return bytes;
}
