import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  isFrameField,
  type JsonObject,
  type LabelClass,
  labelClassOf,
  type WholeFrame,
  type WholeSample,
} from '../../domain/labels/index.js';
import type { DatasetWriter, ReportLine, WriteTarget } from '../format.js';
import { isObject } from '../json/parse-json.js';
import { TextFile } from '../json/text-file.js';
import { writtenPath } from '../media-path.js';
import { refuseUnknownOptions } from '../options.js';
import { Report } from '../report.js';
import { StagedFolder } from '../staged-folder.js';
import { Categories } from './categories.js';
import { cocoIdOf } from './ids.js';
import type { Size } from './read-image.js';
import { UsedNumbers } from './used-numbers.js';
import { type HeldClass, isHeldClass, LabelWriter } from './write-label.js';
import { annotationText, type WrittenAnnotation } from './written-annotation.js';

/** The file that an export consists of. */
const fileName = 'labels.json';
const partNames = ['images.part', 'annotations.part', 'new-annotations.part'] as const;

/** Starts a folder with one COCO file. Throws `InvalidArgumentError` when the folder exists and is not empty. */
export async function createCoco(target: WriteTarget): Promise<DatasetWriter> {
  refuseUnknownOptions(target.options, [], 'coco');
  const folder = await StagedFolder.create(target.folder);
  const [images, annotations, newAnnotations] = await Promise.all(
    partNames.map((name) => TextFile.create(join(folder.path, name))),
  );
  return new CocoWriter(target, folder, { images, annotations, newAnnotations } as Parts);
}

/** Annotations that keep their number are written with it; the others get theirs at the end, above all that are kept. */
interface Parts {
  readonly images: TextFile;
  readonly annotations: TextFile;
  readonly newAnnotations: TextFile;
}

interface Column {
  readonly name: string;
  readonly labelClass: LabelClass | null;
}

class CocoWriter implements DatasetWriter {
  private readonly columns: readonly Column[];
  private readonly categories: Categories;
  private readonly labels: LabelWriter;
  private readonly notes = new Report();
  private readonly imageIds = new UsedNumbers();
  private readonly imageNames = new Set<string>();
  private readonly annotationNumbers = new UsedNumbers();
  private readonly fieldsWithLabels = new Set<string>();
  private nextImage = 1;
  private largestAnnotation = 0;
  private imageCount = 0;
  private keptCount = 0;

  constructor(
    private readonly target: WriteTarget,
    private readonly folder: StagedFolder,
    private readonly parts: Parts,
  ) {
    const fields = target.header.fields.filter((field) => target.fields === null || target.fields.includes(field.name));
    this.columns = fields
      .filter((field) => !isFrameField(field.name))
      .map((field) => ({ name: field.name, labelClass: labelClassOf(field.type) }));
    this.categories = new Categories(target.header);
    this.labels = new LabelWriter(this.categories, target.mask, this.notes);
    if (Object.keys(target.header.runs).length > 0) {
      this.notes.note(
        'RUNS_NOT_HELD',
        null,
        'Annotation runs were left out: COCO has none.',
        Object.keys(target.header.runs).length,
      );
    }
  }

  async sample(sample: WholeSample): Promise<void> {
    this.target.signal.throwIfAborted();
    if (sample.mediaType !== 'image') {
      this.notes.note('MEDIA_NOT_HELD', null, 'Samples that are no images were left out: COCO has images only.');
      return;
    }
    const imageId = this.imageIdOf(sample);
    const kept = isObject(sample.extra?._coco) ? sample.extra._coco : {};
    const name = writtenPath(sample.path, this.target.mediaRoot);
    if (this.imageNames.has(name))
      this.notes.note(
        'SAME_FILE_NAME',
        null,
        'Several images have the same file name; a reader will take them for one.',
      );
    this.imageNames.add(name);
    const image = { ...kept, id: imageId, file_name: name, width: sample.width ?? 0, height: sample.height ?? 0 };
    this.parts.images.add(`${this.imageCount === 0 ? '' : ', '}${JSON.stringify(image)}`);
    this.imageCount += 1;
    this.noteWhatSamplesLose(sample);
    for (const annotation of await this.annotationsOf(sample)) this.add(annotation, imageId);
    await Promise.all([this.parts.images.drain(), this.parts.annotations.drain(), this.parts.newAnnotations.drain()]);
  }

  async frame(frame: WholeFrame): Promise<void> {
    if (frame.fields.size > 0)
      this.notes.note('FRAMES_NOT_HELD', null, 'Labels on frames of videos were left out: COCO has images only.');
  }

  async finish(): Promise<readonly ReportLine[]> {
    for (const part of [this.parts.images, this.parts.annotations, this.parts.newAnnotations]) await part.close();
    const file = await TextFile.create(join(this.folder.path, fileName));
    file.add(`${this.head()}"images": [`);
    await this.copy(partNames[0], file);
    file.add('], "annotations": [');
    await this.copy(partNames[1], file);
    await this.numberNewAnnotations(file);
    file.add(']}');
    await file.close();
    for (const name of partNames) await rm(join(this.folder.path, name));
    await this.folder.publish();
    return this.report();
  }

  async abandon(): Promise<void> {
    for (const part of [this.parts.images, this.parts.annotations, this.parts.newAnnotations]) await part.discard();
    await this.folder.remove();
  }

  private report(): readonly ReportLine[] {
    if (this.fieldsWithLabels.size > 1) {
      this.notes.note(
        'FIELDS_MERGED',
        null,
        'Labels of several fields stand in one list; COCO does not tell the field.',
        this.fieldsWithLabels.size,
      );
    }
    return this.notes.lines();
  }

  /** The id that the image came with, if it is a number that no image before has; else the next free number. */
  private imageIdOf(sample: WholeSample): number | string {
    const came = isObject(sample.extra?._coco) ? cocoIdOf(sample.extra._coco.id) : null;
    if (typeof came === 'string') return came;
    if (came !== null && came >= 0 && this.imageIds.add(came)) return came;
    if (came !== null)
      this.notes.note('IMAGE_ID_CHANGED', null, 'Images whose id another image has were given a new id.');
    while (!this.imageIds.add(this.nextImage)) this.nextImage += 1;
    return this.nextImage;
  }

  private noteWhatSamplesLose(sample: WholeSample): void {
    if (sample.tags.length > 0)
      this.notes.note('SAMPLE_TAGS_NOT_HELD', null, 'Samples have tags; COCO has none, they were left out.');
    if (sample.group !== null)
      this.notes.note(
        'GROUPS_NOT_HELD',
        null,
        'Samples are slices of groups; COCO has none, they are images of their own.',
      );
    for (const { name, labelClass } of this.columns) {
      if (isHeldClass(labelClass) || !sample.fields.has(name)) continue;
      this.notes.note(
        'FIELD_NOT_HELD',
        name,
        `Values of field "${name}" were left out: COCO has boxes, areas and keypoints only.`,
      );
    }
  }

  /** Labels that were read from one annotation become one again. */
  private async annotationsOf(sample: WholeSample): Promise<readonly WrittenAnnotation[]> {
    const written: WrittenAnnotation[] = [];
    const byNumber = new Map<number, WrittenAnnotation>();
    for (const { name, labelClass } of this.columns) {
      if (!isHeldClass(labelClass)) continue;
      for (const annotation of await this.ofField(sample, name, labelClass)) {
        const twin = annotation.number === null ? undefined : byNumber.get(annotation.number);
        if (twin && complements(twin, annotation)) joinInto(twin, annotation);
        else written.push(annotation);
        if (annotation.number !== null && !twin) byNumber.set(annotation.number, annotation);
      }
    }
    return written;
  }

  private async ofField(
    sample: WholeSample,
    name: string,
    labelClass: HeldClass,
  ): Promise<readonly WrittenAnnotation[]> {
    const labels = sample.fields.get(name)?.labels ?? [];
    if (labels.length === 0) return [];
    if (sample.width === null || sample.height === null) {
      this.notes.note(
        'NO_IMAGE_SIZE',
        name,
        'Labels of images of unknown size were left out: COCO counts in pixels.',
        labels.length,
      );
      return [];
    }
    this.fieldsWithLabels.add(name);
    if (labelClass === 'Keypoint') this.categories.useSkeleton(name);
    const size: Size = { width: sample.width, height: sample.height };
    const written: WrittenAnnotation[] = [];
    for (const label of labels) {
      const annotation = await this.labels.annotationOf(labelClass, label, name, size);
      if (annotation !== null) written.push(annotation);
    }
    return written;
  }

  private add(annotation: WrittenAnnotation, imageId: number | string): void {
    const text = annotationText(annotation, imageId);
    if (annotation.number === null || !this.annotationNumbers.add(annotation.number)) {
      this.parts.newAnnotations.add(`${text}\n`);
      return;
    }
    this.largestAnnotation = Math.max(this.largestAnnotation, annotation.number);
    this.parts.annotations.add(`${this.keptCount === 0 ? '' : ', '}{"id": ${annotation.number}${text}`);
    this.keptCount += 1;
  }

  private head(): string {
    const {
      licenses,
      categories: _kept,
      ...info
    } = isObject(this.target.header.document?.info) ? this.target.header.document.info : ({} as JsonObject);
    const description = this.target.header.document?.description ?? this.target.header.name ?? '';
    const text = {
      info: { description, ...info },
      licenses: Array.isArray(licenses) ? licenses : [],
      categories: [...this.categories.list()],
    };
    return `${JSON.stringify(text).slice(0, -1)}, `;
  }

  private async copy(name: string, file: TextFile): Promise<void> {
    for await (const chunk of createReadStream(join(this.folder.path, name), 'utf8')) {
      file.add(chunk as string);
      await file.drain();
    }
  }

  private async numberNewAnnotations(file: TextFile): Promise<void> {
    let number = this.largestAnnotation;
    for await (const text of linesOf(join(this.folder.path, partNames[2]))) {
      number += 1;
      file.add(`${this.keptCount === 0 ? '' : ', '}{"id": ${number}${text}`);
      this.keptCount += 1;
      await file.drain();
    }
  }
}

/** Lines by "\n" alone: `readline` would also break at separators that stand unescaped in JSON strings. */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(path, 'utf8')) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

/**
 * Whether `b` brings a part of the same annotation that `a` lacks. Two that hold the same parts are copies in two fields,
 * and stay two.
 */
function complements(a: WrittenAnnotation, b: WrittenAnnotation): boolean {
  if (a.categoryId !== b.categoryId) return false;
  if ((a.segmentation && b.segmentation) || (a.keypoints && b.keypoints)) return false;
  return b.segmentation !== null || b.keypoints !== null;
}

/** The first part's box stands: keypoints bring only the box round themselves. */
function joinInto(a: WrittenAnnotation, b: WrittenAnnotation): void {
  a.box ??= b.box;
  a.segmentation ??= b.segmentation;
  a.keypoints ??= b.keypoints;
  a.score ??= b.score;
  a.isCrowd ||= b.isCrowd;
  a.attributes = { ...b.attributes, ...a.attributes };
}
