import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One image or annotation, as text of the file, with the image it belongs to. */
export interface Entry {
  /** Position of the image among the images. */
  readonly ordinal: number;
  readonly kind: 'image' | 'annotation';
  /** Position in the list of the file. */
  readonly index: number;
  readonly text: Buffer;
}

const kinds = ['image', 'annotation'] as const;
const usualSizes = {
  /** Bytes that a part aims at: one part is held in memory at a time. */
  part: 16 * 1024 * 1024,
  /** Bytes held back before they go to disk; a small file never does. */
  buffer: 32 * 1024 * 1024,
};
const blockSize = 128 * 1024;
const headSize = 13;

/**
 * Sorts the entries of a COCO file by image without holding them: annotations may stand in any order, even before the
 * images. Images are cut into parts by their order; each part is a temporary file, read back whole.
 */
export class Spool {
  private readonly blocks: BlockList[];
  private readonly imagesPerPart: number;
  private folder: string | null = null;
  private buffered = 0;

  constructor(
    sizeBytes: number,
    imageCount: number,
    private readonly sizes = usualSizes,
  ) {
    const parts = Math.max(1, Math.min(Math.ceil(sizeBytes / sizes.part), imageCount));
    this.imagesPerPart = Math.max(1, Math.ceil(imageCount / parts));
    this.blocks = Array.from({ length: parts }, () => new BlockList());
  }

  get parts(): number {
    return this.blocks.length;
  }

  async add(entry: Entry): Promise<void> {
    const size = headSize + entry.text.length;
    const { block, at } = this.blocksOf(Math.floor(entry.ordinal / this.imagesPerPart)).room(size);
    block.writeUInt32LE(entry.ordinal, at);
    block.writeUInt8(kinds.indexOf(entry.kind), at + 4);
    block.writeUInt32LE(entry.index, at + 5);
    block.writeUInt32LE(entry.text.length, at + 9);
    entry.text.copy(block, at + headSize);
    this.buffered += size;
    if (this.buffered >= this.sizes.buffer) await this.spill();
  }

  /** The entries of a part, those of one image together, images in their order, entries in the order they were added. */
  async entriesOf(part: number): Promise<ReadonlyMap<number, readonly Entry[]>> {
    const spilled = this.folder === null ? [] : [await readFile(this.fileOf(part)).catch(() => Buffer.alloc(0))];
    const bytes = Buffer.concat([...spilled, ...this.blocksOf(part).take()]);
    const first = part * this.imagesPerPart;
    const byImage = new Map<number, Entry[]>(Array.from({ length: this.imagesPerPart }, (_, i) => [first + i, []]));
    for (let at = 0; at < bytes.length; ) {
      const entry = entryAt(bytes, at);
      byImage.get(entry.ordinal)?.push(entry);
      at += headSize + entry.text.length;
    }
    return byImage;
  }

  async remove(): Promise<void> {
    if (this.folder !== null) await rm(this.folder, { recursive: true, force: true });
  }

  private async spill(): Promise<void> {
    this.folder ??= await mkdtemp(join(tmpdir(), 'annogate-coco-'));
    for (const [part, list] of this.blocks.entries()) {
      const bytes = Buffer.concat(list.take());
      if (bytes.length > 0) await appendFile(this.fileOf(part), bytes);
    }
    this.buffered = 0;
  }

  private blocksOf(part: number): BlockList {
    const list = this.blocks[part];
    if (list === undefined) throw new RangeError(`there is no part ${part}`);
    return list;
  }

  private fileOf(part: number): string {
    return join(this.folder ?? '', `part-${part}`);
  }
}

/** Bytes in few large blocks: a buffer for each entry would weigh more than the entry. */
class BlockList {
  private full: Buffer[] = [];
  private block: Buffer = Buffer.alloc(0);
  private used = 0;

  /** Room for `size` bytes in one block. */
  room(size: number): { readonly block: Buffer; readonly at: number } {
    if (this.used + size > this.block.length) {
      this.close();
      this.block = Buffer.allocUnsafe(Math.max(size, blockSize));
    }
    const at = this.used;
    this.used += size;
    return { block: this.block, at };
  }

  /** What was written, which is then no longer held. */
  take(): readonly Buffer[] {
    this.close();
    const blocks = this.full;
    this.full = [];
    return blocks;
  }

  private close(): void {
    if (this.used > 0) this.full.push(this.block.subarray(0, this.used));
    this.block = Buffer.alloc(0);
    this.used = 0;
  }
}

function entryAt(bytes: Buffer, at: number): Entry {
  const length = bytes.readUInt32LE(at + 9);
  return {
    ordinal: bytes.readUInt32LE(at),
    kind: kinds[bytes.readUInt8(at + 4)] ?? 'annotation',
    index: bytes.readUInt32LE(at + 5),
    text: bytes.subarray(at + headSize, at + headSize + length),
  };
}
