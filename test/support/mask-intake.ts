import { createHash } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import { decodeNpy, encodeNpy, type Mask, type PackedMask } from '../../domain/labels/index.js';
import type { MaskIntake } from '../../formats/format.js';

/** Masks in memory, named by shape and values, as the storage does it. */
export class MemoryMasks implements MaskIntake {
  private readonly stored = new Map<string, Uint8Array>();

  pack(mask: Mask): PackedMask {
    return this.keep(mask, () => deflateSync(encodeNpy(mask)));
  }

  name(bytes: Uint8Array): PackedMask {
    return this.keep(decodeNpy(inflateSync(bytes)), () => bytes);
  }

  /** The stored bytes, for a writer. */
  readonly bytes = async (hash: string): Promise<Uint8Array> => {
    const found = this.stored.get(hash);
    if (!found) throw new Error(`no mask ${hash}`);
    return found;
  };

  /** The pixels of a stored mask. */
  async pixels(hash: string): Promise<Mask> {
    return decodeNpy(inflateSync(await this.bytes(hash)));
  }

  private keep(mask: Mask, bytes: () => Uint8Array): PackedMask {
    const hash = createHash('sha1')
      .update(`${mask.shape}:${Array.from(mask.data)}`)
      .digest('hex');
    const packed = { hash, bytes: this.stored.get(hash) ?? bytes() };
    this.stored.set(hash, packed.bytes);
    return packed;
  }
}
