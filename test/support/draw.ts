import { writeFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';

/** A colour as red, green, blue, each 0 to 255. */
export type Colour = readonly [number, number, number];

/** An image to draw on, all black at first. */
export class Canvas {
  private readonly pixels: Uint8Array;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.pixels = new Uint8Array(width * height * 3);
  }

  /** Fills a rectangle given in pixels; what lies outside the image is cut off. */
  rectangle(x: number, y: number, width: number, height: number, colour: Colour): this {
    for (let row = Math.max(0, y); row < Math.min(this.height, y + height); row++) {
      for (let column = Math.max(0, x); column < Math.min(this.width, x + width); column++) {
        this.pixels.set(colour, (row * this.width + column) * 3);
      }
    }
    return this;
  }

  /** The image as bytes of a PNG file. */
  png(): Buffer {
    const lines = Buffer.alloc(this.height * (this.width * 3 + 1));
    for (let row = 0; row < this.height; row++) {
      lines.set(this.pixels.subarray(row * this.width * 3, (row + 1) * this.width * 3), row * (this.width * 3 + 1) + 1);
    }
    const head = Buffer.alloc(13);
    head.writeUInt32BE(this.width, 0);
    head.writeUInt32BE(this.height, 4);
    head.set([8, 2, 0, 0, 0], 8); // eight bits a channel, red green blue
    const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    return Buffer.concat([
      signature,
      chunk('IHDR', head),
      chunk('IDAT', deflateSync(lines)),
      chunk('IEND', Buffer.alloc(0)),
    ]);
  }

  save(path: string): void {
    writeFileSync(path, this.png());
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  whole.set(body, 4);
  whole.writeUInt32BE(crc32Of(body), body.length + 4);
  return whole;
}

/** The checksum of PNG: the CRC-32 of ISO 3309, bit by bit. */
function crc32Of(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
