import type { JsonObject, WholeFrame, WholeSample } from '../../domain/labels/index.js';
import type { ImportMediaRequest } from '../../domain/run/index.js';
import type { DatasetHeader, DatasetReader, ReadItem, ReportLine } from '../../formats/format.js';
import type { Dataset } from '../../storage/stores.js';
import { readablePath } from '../folders.js';
import { fillDataset } from './fill-dataset.js';
import type { ImportJob } from './import-job.js';
import { openSource } from './open-source.js';

/**
 * Makes samples of images and videos where they lie; sizes come from their headers. Files that the dataset has by path
 * are passed over. Throws UNREADABLE_MEDIA, UNSUPPORTED_MEDIA, MEDIA_OUTSIDE_ROOTS: then nothing was added.
 */
export function importMedia(job: ImportJob<ImportMediaRequest>): Promise<JsonObject> {
  const { dataset: name } = job.request;
  return fillDataset(job, {
    open: () => openAll(job),
    name,
    fallbackName: name,
    extend: true,
    newOnes: (dataset, samples) => withoutKnownPaths(job, dataset, samples),
  });
}

async function withoutKnownPaths(
  job: ImportJob,
  dataset: Dataset,
  samples: readonly WholeSample[],
): Promise<readonly WholeSample[]> {
  const paths = samples.map(({ path }) => path);
  const known = await job.context.storage.samples.byPaths(dataset.id, paths);
  const taken = new Set(known.map(({ path }) => path));
  return samples.filter(({ path }) => !taken.has(path));
}

async function openAll(job: ImportJob<ImportMediaRequest>): Promise<DatasetReader> {
  const readers: DatasetReader[] = [];
  for (const path of job.request.paths)
    readers.push(await openSource(job, { format: 'media', path, mediaRoot: null, options: {} }));
  return new ChainedReader(job, readers);
}

/** Several folders and files read one after another, each sample with the tags that were asked for. */
class ChainedReader implements DatasetReader {
  readonly header: DatasetHeader;

  constructor(
    private readonly job: ImportJob<ImportMediaRequest>,
    private readonly readers: readonly DatasetReader[],
  ) {
    const [first] = readers;
    if (first === undefined) throw new RangeError('a media import names at least one path');
    const hasImages = readers.some(({ header }) => header.mediaType === 'image');
    this.header = { ...first.header, mediaType: hasImages ? 'image' : first.header.mediaType };
  }

  async *samples(): AsyncGenerator<ReadItem<WholeSample>> {
    const { context, request } = this.job;
    for (const reader of this.readers)
      for await (const { item, masks } of reader.samples()) {
        await readablePath(context, item.path); // a link may lead outside
        yield { item: { ...item, tags: request.tags }, masks };
      }
  }

  async *frames(): AsyncGenerator<ReadItem<WholeFrame>> {}

  report(): readonly ReportLine[] {
    return this.readers.flatMap((reader) => reader.report());
  }

  async close(): Promise<void> {
    for (const reader of this.readers) await reader.close();
  }
}
