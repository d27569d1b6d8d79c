import { open } from 'node:fs/promises';
import { MalformedFileError } from '../../domain/errors/index.js';
import { type JsonPiece, JsonSplitter, JsonSyntaxProblem } from './json-splitter.js';

const chunkSize = 1 << 20;

/**
 * Reads a JSON file of any size piece by piece (see `JsonSplitter`), in batches as they come off the disk; memory holds
 * one chunk of 1 MiB and one piece. `required` names members that must be there. Throws `MalformedFileError`, or the
 * signal's reason when aborted.
 */
export async function* readPieces(
  file: string,
  signal: AbortSignal,
  required: readonly string[] = [],
): AsyncGenerator<readonly JsonPiece[]> {
  const splitter = new JsonSplitter();
  for await (const chunk of readChunks(file, signal)) {
    const pieces = guarded(file, () => splitter.push(chunk));
    if (pieces.length > 0) yield pieces;
  }
  guarded(file, () => splitter.end());
  for (const member of required) {
    if (!splitter.members.has(member)) throw new MalformedFileError(file, 'the top level', `a member "${member}"`);
  }
}

async function* readChunks(file: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  const handle = await open(file, 'r');
  try {
    for (;;) {
      signal.throwIfAborted();
      const chunk = Buffer.allocUnsafe(chunkSize); // a new one each time: pieces point into it
      const { bytesRead } = await handle.read(chunk, 0, chunkSize, null);
      if (bytesRead === 0) return;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

function guarded<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof JsonSyntaxProblem)) throw error;
    throw new MalformedFileError(file, `byte ${error.offset}`, error.expected, { cause: error });
  }
}
