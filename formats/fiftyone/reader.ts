import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MalformedFileError } from '../../domain/errors/index.js';
import type { WholeFrame, WholeSample } from '../../domain/labels/index.js';
import type { DatasetHeader, DatasetReader, ReadItem, ReadSource, ReportLine } from '../format.js';
import type { JsonPiece } from '../json/json-splitter.js';
import { readPieces } from '../json/read-pieces.js';
import { refuseUnknownOptions } from '../options.js';
import { Report } from '../report.js';
import { DocumentReader } from './read-documents.js';
import { readHeader } from './read-metadata.js';

/** Parts of a folder that have no place in our datasets. */
const notKept = ['tags.json', 'brain', 'evaluations', 'runs'] as const;

/** Opens a FiftyOneDataset folder. Throws `MalformedFileError` when there is none. */
export async function openFiftyOneDataset(source: ReadSource): Promise<DatasetReader> {
  refuseUnknownOptions(source.options, [], 'fiftyone');
  const report = new Report();
  const header = await readHeader(source.path, report);
  await noteWhatIsNotKept(source.path, report);
  const documents = new DocumentReader(header, resolve(source.mediaRoot ?? source.path), source.masks, report);
  return new FiftyOneReader(source, header, documents, report);
}

class FiftyOneReader implements DatasetReader {
  constructor(
    private readonly source: ReadSource,
    readonly header: DatasetHeader,
    private readonly documents: DocumentReader,
    private readonly notes: Report,
  ) {}

  async *samples(): AsyncGenerator<ReadItem<WholeSample>> {
    for await (const { file, piece } of this.pieces('samples', true)) yield this.documents.sample(file, piece);
  }

  async *frames(): AsyncGenerator<ReadItem<WholeFrame>> {
    for await (const { file, piece } of this.pieces('frames', false)) yield this.documents.frame(file, piece);
  }

  report(): readonly ReportLine[] {
    return this.notes.lines();
  }

  async close(): Promise<void> {} // files are open only while they are read

  /** The documents of `<kind>.json`, or of the folder `<kind>` with a file for each. */
  private async *pieces(
    kind: 'samples' | 'frames',
    isRequired: boolean,
  ): AsyncGenerator<{ file: string; piece: JsonPiece }> {
    const file = join(this.source.path, `${kind}.json`);
    const folder = join(this.source.path, kind);
    if (await isThere(file)) yield* elementsOf(file, kind, this.source.signal);
    else if (await isThere(folder)) yield* filesOf(folder, kind, this.source.signal);
    else if (isRequired) throw new MalformedFileError(file, 'the folder', `${kind}.json or a folder ${kind}/`);
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

async function* elementsOf(
  file: string,
  kind: string,
  signal: AbortSignal,
): AsyncGenerator<{ file: string; piece: JsonPiece }> {
  for await (const pieces of readPieces(file, signal, [kind])) {
    for (const piece of pieces) if (piece.member === kind && piece.index >= 0) yield { file, piece };
  }
}

async function* filesOf(
  folder: string,
  kind: string,
  signal: AbortSignal,
): AsyncGenerator<{ file: string; piece: JsonPiece }> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  for (const name of names) {
    signal.throwIfAborted();
    const file = join(folder, name);
    yield { file, piece: { member: kind, index: -1, offset: 0, bytes: await readFile(file) } };
  }
}

async function noteWhatIsNotKept(folder: string, report: Report): Promise<void> {
  const entries: Dirent[] = await readdir(folder, { withFileTypes: true });
  for (const name of notKept) {
    if (!entries.some((entry) => entry.name === name)) continue;
    report.note(
      'NOT_KEPT',
      null,
      `Temporal tags and results of brain methods, evaluations and custom runs are not read.`,
    );
  }
}
