import { stat } from 'node:fs/promises';
import { dirname, extname, relative, resolve, sep } from 'node:path';
import { InvalidArgumentError, UnreadableMediaError, UnsupportedMediaError } from '../../domain/errors/index.js';
import {
  type Field,
  type FieldValue,
  labelFromDocument,
  type WholeFrame,
  type WholeSample,
} from '../../domain/labels/index.js';
import type { DatasetHeader, DatasetReader, ReadItem, ReadSource, ReportLine } from '../format.js';
import { absolutePath } from '../media-path.js';
import { nothing } from '../nothing.js';
import { booleanOption, listOption, refuseUnknownOptions, textOption } from '../options.js';
import { Report } from '../report.js';
import { sampleIdOf, stableId } from '../stable-id.js';
import { mediaTypeOfExtension } from './extensions.js';
import { metadataOfMedia, probeMedia } from './probe.js';
import { walk } from './walk.js';

/** How many files are probed at a time. */
const probedTogether = 16;

/**
 * Opens a folder, a single file, or the list `options.paths`. Names are looked through at once, so unsupported media
 * are refused before anything is read. Throws `UnsupportedMediaError`, `UnreadableMediaError`, `InvalidArgumentError`.
 */
export async function openMedia(source: ReadSource): Promise<DatasetReader> {
  refuseUnknownOptions(source.options, ['labelFromFolder', 'paths', 'skipUnreadable'], 'media');
  const listed = listOption(source.options, 'paths');
  const root = resolve(source.mediaRoot ?? source.path);
  const report = new Report();
  const paths = () => pathsOf(source, root, listed);
  const mediaType = await surveyed(paths(), report, listed !== null);
  const field = textOption(source.options, 'labelFromFolder');
  return new MediaReader(source, headerOf(mediaType, field), paths, report, { root, field });
}

async function* pathsOf(source: ReadSource, root: string, listed: readonly string[] | null): AsyncGenerator<string> {
  if (listed !== null) {
    for (const path of listed) yield absolutePath(path, root);
    return;
  }
  const path = resolve(source.path);
  const stats = await stat(path).catch((cause: unknown) => {
    throw new UnreadableMediaError(path, 'there is no such folder or file', { cause });
  });
  if (stats.isDirectory()) yield* walk(path, source.signal);
  else yield path;
}

/** Looks through the names: which media there are, and whether there is anything that cannot be imported. */
async function surveyed(paths: AsyncIterable<string>, report: Report, isListed: boolean): Promise<'image' | 'video'> {
  const counts = { image: 0, video: 0 };
  for await (const path of paths) {
    const type = mediaTypeOfExtension(extname(path));
    if (type === '3d' || type === 'point-cloud') throw new UnsupportedMediaError(path, type);
    if (type !== null) counts[type] += 1;
    else if (isListed) throw new UnreadableMediaError(path, 'its extension is that of no image or video');
    else report.note('OTHER_FILES', null, 'Files whose extension is that of no image or video were left out.');
  }
  if (counts.image > 0 && counts.video > 0) {
    report.note('MIXED_MEDIA', null, 'Videos lie among the images; the dataset counts as one of images.', counts.video);
  }
  return counts.image === 0 && counts.video > 0 ? 'video' : 'image';
}

function headerOf(mediaType: string, field: string | null): DatasetHeader {
  if (field === '') throw new InvalidArgumentError('labelFromFolder', 'Option "labelFromFolder" must name a field.');
  const fields: Field[] = field === null ? [] : [{ name: field, type: 'Classification', document: null }];
  return {
    name: null,
    mediaType,
    fields,
    document: null,
    persistent: false,
    maskTargets: {},
    defaultMaskTargets: null,
    groupField: null,
    groupMediaTypes: {},
    defaultGroupSlice: null,
    runs: {},
  };
}

class MediaReader implements DatasetReader {
  private readonly skipsUnreadable: boolean;

  constructor(
    private readonly source: ReadSource,
    readonly header: DatasetHeader,
    private readonly paths: () => AsyncIterable<string>,
    private readonly notes: Report,
    private readonly labelling: { readonly root: string; readonly field: string | null },
  ) {
    this.skipsUnreadable = booleanOption(source.options, 'skipUnreadable', false);
  }

  async *samples(): AsyncGenerator<ReadItem<WholeSample>> {
    let batch: string[] = [];
    for await (const path of this.paths()) {
      if (mediaTypeOfExtension(extname(path)) !== null) batch.push(path);
      if (batch.length < probedTogether) continue;
      yield* this.probed(batch);
      batch = [];
    }
    yield* this.probed(batch);
  }

  frames(): AsyncIterable<ReadItem<WholeFrame>> {
    return nothing;
  }

  report(): readonly ReportLine[] {
    return this.notes.lines();
  }

  async close(): Promise<void> {} // nothing stays open

  private async *probed(paths: readonly string[]): AsyncGenerator<ReadItem<WholeSample>> {
    this.source.signal.throwIfAborted();
    for (const sample of await Promise.all(paths.map((path) => this.sampleOf(path)))) {
      if (sample !== null) yield { item: sample, masks: [] };
    }
  }

  private async sampleOf(path: string): Promise<WholeSample | null> {
    try {
      const info = await probeMedia(path);
      const id = sampleIdOf(path);
      const { mediaType, width, height } = info;
      const fields = this.fieldsOf(path, id);
      return {
        id,
        path,
        mediaType,
        width,
        height,
        metadata: metadataOfMedia(info),
        tags: [],
        group: null,
        extra: null,
        fields,
      };
    } catch (error) {
      if (!this.skipsUnreadable || !(error instanceof UnreadableMediaError)) throw error;
      this.notes.note('UNREADABLE_MEDIA', null, `Files that cannot be read were left out, among them ${path}.`);
      return null;
    }
  }

  /** The folder that a file lies in, below the root, as its class. */
  private fieldsOf(path: string, sampleId: string): Map<string, FieldValue> {
    const { root, field } = this.labelling;
    const folder = relative(root, dirname(path));
    if (field === null || folder === '' || folder.startsWith('..')) return new Map();
    const id = stableId(`label\n${sampleId}\n${field}\n0`);
    const label = labelFromDocument('Classification', { label: folder.split(sep).join('/') }, id);
    return new Map([[field, { labels: [label], value: null }]]);
  }
}
