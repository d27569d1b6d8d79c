import { open } from 'node:fs/promises';
import { imageSize } from 'image-size';
import { UnreadableMediaError } from '../../domain/errors/index.js';

/** What an image's header tells; null for what it does not. */
export interface ImageInfo {
  readonly width: number;
  readonly height: number;
  readonly mimeType: string | null;
  readonly numChannels: number | null;
}

/** How much of a file is looked at: first a little, then more (a photograph's preview or a TIFF's directory may be long). */
const attempts = [1 << 16, 1 << 20, 1 << 26];

const mimeTypes: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  bmp: 'image/bmp',
  webp: 'image/webp',
  tiff: 'image/tiff',
  avif: 'image/avif',
  heic: 'image/heic',
  jp2: 'image/jp2',
};

/** Reads width and height off an image's header. Throws `UnreadableMediaError`. */
export async function probeImage(path: string, sizeBytes: number): Promise<ImageInfo> {
  let cause: unknown;
  for (const limit of attempts) {
    const bytes = await readStart(path, Math.min(limit, sizeBytes));
    try {
      return infoOf(bytes);
    } catch (error) {
      cause = error;
    }
    if (limit >= sizeBytes) break;
  }
  throw new UnreadableMediaError(path, 'its header is that of no known image format, or is cut short', { cause });
}

async function readStart(path: string, length: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await file.read(bytes, 0, length, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function infoOf(bytes: Buffer): ImageInfo {
  const { width, height, orientation = 1, type = '' } = imageSize(bytes);
  if (!(width > 0 && height > 0)) throw new RangeError('the image has no size');
  const isOnItsSide = orientation >= 5; // EXIF 5 to 8: rotated by a quarter
  return {
    width: isOnItsSide ? height : width,
    height: isOnItsSide ? width : height,
    mimeType: mimeTypes[type] ?? null,
    numChannels: type === 'png' ? pngChannels(bytes) : type === 'jpg' ? jpegChannels(bytes) : null,
  };
}

/** By the colour type in the first chunk: grey, RGB, palette, grey with alpha, RGB with alpha. */
const pngChannels = (bytes: Buffer): number | null => [1, null, 3, 1, 2, null, 4][bytes[25] ?? 1] ?? null;

/** The number of components in the frame header: the first segment of type SOF0 to SOF15 (but DHT, JPG, DAC). */
function jpegChannels(bytes: Buffer): number | null {
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return bytes[at + 9] ?? null;
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
}
