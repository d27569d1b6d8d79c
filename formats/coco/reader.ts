import type {
  Field,
  FieldValue,
  JsonObject,
  Label,
  PackedMask,
  WholeFrame,
  WholeSample,
} from '../../domain/labels/index.js';
import type { DatasetHeader, DatasetReader, ReadItem, ReadSource, ReportLine } from '../format.js';
import { isObject, parseJson, parseObject } from '../json/parse-json.js';
import { readPieces } from '../json/read-pieces.js';
import { nothing } from '../nothing.js';
import { Report } from '../report.js';
import { stableId } from '../stable-id.js';
import { type CocoId, cocoIdOf, labelIdOf } from './ids.js';
import { locateFile } from './locate.js';
import { type CocoOptions, type CocoType, cocoOptionsOf, cocoTypes, fieldFor } from './options.js';
import { AnnotationReader } from './read-annotation.js';
import { ImageReader, type Size, sizeOfSegmentation } from './read-image.js';
import { type Entry, Spool } from './spool.js';
import { type Survey, surveyOf } from './survey.js';

/** Opens a COCO file or folder. Throws `MalformedFileError`, `InvalidArgumentError` for unknown options. */
export async function openCoco(source: ReadSource): Promise<DatasetReader> {
  const options = cocoOptionsOf(source.options);
  const report = new Report();
  const survey = await surveyOf(await locateFile(source.path), report, source.signal);
  const types = options.labelTypes ?? typesIn(survey);
  noteWhatIsNotRead(survey, types, report);
  return new CocoReader(source, survey, types, options, report);
}

/** Segmentations bring their boxes along, so boxes alone are read only where there is nothing else. */
function typesIn(survey: Survey): readonly CocoType[] {
  const base: CocoType = survey.hasSegmentations ? 'segmentations' : 'detections';
  return survey.hasKeypoints ? [base, 'keypoints'] : [base];
}

function noteWhatIsNotRead(survey: Survey, types: readonly CocoType[], report: Report): void {
  if (survey.hasSegmentations && !types.includes('segmentations')) {
    report.note('SEGMENTATIONS_NOT_READ', null, 'The file has segmentations, which were not asked for.');
  }
  if (survey.hasKeypoints && !types.includes('keypoints')) {
    report.note('KEYPOINTS_NOT_READ', null, 'The file has keypoints, which were not asked for.');
  }
}

class CocoReader implements DatasetReader {
  readonly header: DatasetHeader;
  private readonly images: ImageReader;
  private readonly annotations: AnnotationReader;
  private readonly slots: readonly { readonly type: CocoType; readonly field: string }[];
  private spool: Spool | null = null;

  constructor(
    private readonly source: ReadSource,
    private readonly survey: Survey,
    types: readonly CocoType[],
    options: CocoOptions,
    private readonly notes: Report,
  ) {
    const ordered = cocoTypes.filter((type) => types.includes(type));
    this.slots = ordered.map((type) => ({ type, field: fieldFor(type, ordered, options.labelField) }));
    this.header = headerOf(
      survey,
      this.slots.map(({ type, field }) => fieldOf(type, field, options.usePolylines)),
    );
    this.images = new ImageReader(survey.file, source.mediaRoot, notes);
    this.annotations = new AnnotationReader(survey, options.usePolylines, source.masks, notes);
  }

  async *samples(): AsyncGenerator<ReadItem<WholeSample>> {
    const spool = new Spool(this.survey.sizeBytes, this.survey.imageCount);
    this.spool = spool;
    try {
      await this.fill(spool);
      for (let part = 0; part < spool.parts; part++) yield* this.samplesOf(await spool.entriesOf(part));
    } finally {
      await this.close(); // also when the caller stops midway
    }
  }

  frames(): AsyncIterable<ReadItem<WholeFrame>> {
    return nothing;
  }

  report(): readonly ReportLine[] {
    return this.notes.lines();
  }

  async close(): Promise<void> {
    await this.spool?.remove();
    this.spool = null;
  }

  private async *samplesOf(part: ReadonlyMap<number, readonly Entry[]>): AsyncGenerator<ReadItem<WholeSample>> {
    for (const entries of part.values()) {
      this.source.signal.throwIfAborted();
      if (entries.length > 0) yield await this.sampleOf(entries);
    }
  }

  private async fill(spool: Spool): Promise<void> {
    const { file, twins, ordinals } = this.survey;
    let image = 0;
    for await (const pieces of readPieces(file, this.source.signal)) {
      for (const piece of pieces) {
        if (piece.member === 'images' && !twins.has(piece.index)) {
          await spool.add({ ordinal: image++, kind: 'image', index: piece.index, text: piece.bytes });
        } else if (piece.member === 'annotations') {
          const imageId = imageIdIn(piece.bytes) ?? cocoIdOf(parseObject(file, piece).image_id);
          const ordinal = imageId === null ? undefined : ordinals.get(imageId);
          if (ordinal === undefined)
            this.notes.note('UNKNOWN_IMAGE', null, 'Annotations for images that the file does not list were left out.');
          else await spool.add({ ordinal, kind: 'annotation', index: piece.index, text: piece.bytes });
        }
      }
    }
  }

  private async sampleOf(entries: readonly Entry[]): Promise<ReadItem<WholeSample>> {
    const image = this.parsed(entries.find((entry) => entry.kind === 'image'));
    const annotations = entries.filter((entry) => entry.kind === 'annotation');
    const parsed = annotations.map((entry) => ({ annotation: this.parsed(entry), where: placeOf(entry) }));
    const base = await this.images.sampleOf(image, () => firstSize(parsed));
    const masks: PackedMask[] = [];
    const labels = new Map<string, Label[]>(this.slots.map(({ field }) => [field, []]));
    if (base.width !== null && base.height !== null) {
      this.readLabels(parsed, cocoIdOf(image.id) ?? 0, { width: base.width, height: base.height }, labels, masks);
    } else if (parsed.length > 0) {
      const message =
        'Annotations of images whose size is neither in the file nor to be had from the image were left out.';
      this.notes.note('NO_IMAGE_SIZE', null, message, parsed.length);
    }
    return { item: { ...base, fields: valuesOf(labels) }, masks };
  }

  private readLabels(
    parsed: readonly { annotation: JsonObject; where: string }[],
    imageId: CocoId,
    size: Size,
    labels: ReadonlyMap<string, Label[]>,
    masks: PackedMask[],
  ): void {
    const taken = new Set<string>();
    for (const { annotation, where } of parsed) {
      const labelId = this.uniqueId(imageId, annotation, where, taken);
      for (const { type, field } of this.slots) {
        const label = this.annotations.labelOf(
          type,
          { annotation, file: this.survey.file, where, labelId, field, size },
          masks,
        );
        if (label !== null) labels.get(field)?.push(label);
      }
    }
  }

  /** Annotations of result files have no id: their position stands for it. */
  private uniqueId(imageId: CocoId, annotation: JsonObject, where: string, taken: Set<string>): string {
    const own = cocoIdOf(annotation.id);
    let id = labelIdOf(imageId, own ?? where);
    if (taken.has(id)) {
      this.notes.note(
        'DUPLICATE_ANNOTATION_ID',
        null,
        'Annotations with an id that an earlier one of the image has were given another id.',
      );
      id = stableId(`${id}\n${where}`);
    }
    taken.add(id);
    return id;
  }

  private parsed(entry: Entry | undefined): JsonObject {
    if (entry === undefined) return {};
    const value = parseJson(entry.text.toString('utf8'), () => ({ file: this.survey.file, where: placeOf(entry) }));
    return isObject(value) ? value : {};
  }
}

/**
 * The image id of an annotation by looking at its bytes alone, which is many times faster than parsing. Null unless the
 * name stands there exactly once with a plain number: then nothing else can be meant.
 */
function imageIdIn(bytes: Buffer): number | null {
  const at = bytes.indexOf('"image_id"');
  if (at < 0 || bytes.indexOf('"image_id"', at + 1) >= 0) return null;
  const number = /^"image_id"\s*:\s*(\d{1,15})\s*[,}]/.exec(bytes.toString('latin1', at, at + 48));
  return number === null ? null : Number(number[1]);
}

const placeOf = (entry: Entry): string => `${entry.kind}s[${entry.index}]`;

const firstSize = (parsed: readonly { annotation: JsonObject }[]): Size | null =>
  parsed.map(({ annotation }) => sizeOfSegmentation(annotation.segmentation)).find((size) => size !== null) ?? null;

/** Images without labels have no value in the field, as in FiftyOne. */
const valuesOf = (labels: ReadonlyMap<string, Label[]>): ReadonlyMap<string, FieldValue> =>
  new Map(
    [...labels].filter(([, list]) => list.length > 0).map(([field, list]) => [field, { labels: list, value: null }]),
  );

function fieldOf(type: CocoType, name: string, usePolylines: boolean): Field {
  const holds =
    type === 'keypoints' ? 'Keypoints' : type === 'segmentations' && usePolylines ? 'Polylines' : 'Detections';
  return { name, type: holds, document: null };
}

/** The rest of the file goes where FiftyOne puts it, so that either writer finds it. */
function headerOf(survey: Survey, fields: readonly Field[]): DatasetHeader {
  const { description, ...info } = survey.info;
  const document: JsonObject = {
    info: { ...info, licenses: [...survey.licenses], categories: [...survey.categoryDocuments] },
    default_classes: [...new Set([...survey.categories.values()].map((category) => category.name))],
  };
  if (typeof description === 'string') document.description = description;
  return {
    name: null,
    mediaType: 'image',
    fields,
    document,
    persistent: false,
    maskTargets: {},
    defaultMaskTargets: null,
    groupField: null,
    groupMediaTypes: {},
    defaultGroupSlice: null,
    runs: {},
  };
}
