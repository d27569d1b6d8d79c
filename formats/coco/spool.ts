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
/** Bytes that a part aims at: one part is held in memory at a time. */
const partSize = 32 * 1024 * 1024;
/** Bytes held back before they go to disk; a small file never does. */
const bufferSize = 48 * 1024 * 1024;
const headSize = 13;

/**
 * Sorts the entries of a COCO file by image without holding them: annotations may stand in any order, even before the
 * images. Images are cut into parts by their order; each part is a temporary file, read back whole.
 */
export class Spool {
  private readonly buffers: Buffer[][];
  private readonly imagesPerPart: number;
  private folder: string | null = null;
  private buffered = 0;

  constructor(sizeBytes: number, imageCount: number) {
    const parts = Math.max(1, Math.min(Math.ceil(sizeBytes / partSize), imageCount));
    this.imagesPerPart = Math.max(1, Math.ceil(imageCount / parts));
    this.buffers = Array.from({ length: parts }, () => []);
  }

  get parts(): number {
    return this.buffers.length;
  }

  async add(entry: Entry): Promise<void> {
    const head = Buffer.allocUnsafe(headSize);
    head.writeUInt32LE(entry.ordinal, 0);
    head.writeUInt8(kinds.indexOf(entry.kind), 4);
    head.writeUInt32LE(entry.index, 5);
    head.writeUInt32LE(entry.text.length, 9);
    this.buffers[Math.floor(entry.ordinal / this.imagesPerPart)]?.push(head, entry.text);
    this.buffered += headSize + entry.text.length;
    if (this.buffered >= bufferSize) await this.spill();
  }

  /** The entries of a part, those of one image together, images in their order, entries in the order they were added. */
  async entriesOf(part: number): Promise<ReadonlyMap<number, readonly Entry[]>> {
    const spilled = this.folder === null ? [] : [await readFile(this.fileOf(part)).catch(() => Buffer.alloc(0))];
    const bytes = Buffer.concat([...spilled, ...(this.buffers[part] ?? [])]);
    this.buffers[part] = [];
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
    for (const [part, buffers] of this.buffers.entries()) {
      if (buffers.length > 0) await appendFile(this.fileOf(part), Buffer.concat(buffers));
      this.buffers[part] = [];
    }
    this.buffered = 0;
  }

  private fileOf(part: number): string {
    return join(this.folder ?? '', `part-${part}`);
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
