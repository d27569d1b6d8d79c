import type { FileHandle } from 'node:fs/promises';

const chunkSize = 1 << 18;
const newline = 0x0a;

/**
 * The lines of a file of UTF-8 text, one at a time, with their numbers from 1; memory grows with the longest line only.
 * Empty lines, a byte order mark and carriage returns are passed over.
 */
export async function* linesOf(file: FileHandle): AsyncGenerator<{ readonly number: number; readonly text: string }> {
  let number = 0;
  for await (const bytes of rawLines(file)) {
    number++;
    const text = bytes
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trim();
    if (text !== '') yield { number, text };
  }
}

async function* rawLines(file: FileHandle): AsyncGenerator<Buffer> {
  let begun: Buffer[] = [];
  for (let position = 0; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(chunkSize), 0, chunkSize, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    let from = 0;
    const chunk = buffer.subarray(0, bytesRead);
    for (let to = chunk.indexOf(newline); to !== -1; to = chunk.indexOf(newline, from)) {
      yield Buffer.concat([...begun, chunk.subarray(from, to)]);
      begun = [];
      from = to + 1;
    }
    if (from < bytesRead) begun.push(chunk.subarray(from));
  }
  if (begun.length > 0) yield Buffer.concat(begun);
}
