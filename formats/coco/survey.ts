import { stat } from 'node:fs/promises';
import { MalformedFileError } from '../../domain/errors/index.js';
import type { Json, JsonObject } from '../../domain/labels/index.js';
import type { JsonPiece } from '../json/json-splitter.js';
import { isObject, parseObject, parsePiece, pathOf } from '../json/parse-json.js';
import { readPieces } from '../json/read-pieces.js';
import type { Report } from '../report.js';
import { type CocoId, cocoIdOf } from './ids.js';

/** A class of the file. */
export interface Category {
  readonly name: string;
  /** As in the file; undefined where the category says nothing of it. */
  readonly supercategory: Json | undefined;
}

/** What is known of a COCO file after looking through it once: all but its annotations. */
export interface Survey {
  readonly file: string;
  readonly sizeBytes: number;
  /** Position among the images by id. */
  readonly ordinals: ReadonlyMap<CocoId, number>;
  readonly imageCount: number;
  /** Positions, in the file's list, of images that are the same picture as an earlier one. */
  readonly twins: ReadonlySet<number>;
  readonly categories: ReadonlyMap<CocoId, Category>;
  readonly categoryDocuments: readonly JsonObject[];
  readonly info: JsonObject;
  readonly licenses: readonly Json[];
  readonly annotationCount: number;
  readonly hasSegmentations: boolean;
  readonly hasKeypoints: boolean;
}

/** Looks through a COCO file. Throws `MalformedFileError`. */
export async function surveyOf(file: string, report: Report, signal: AbortSignal): Promise<Survey> {
  const { size } = await stat(file);
  const surveyor = new Surveyor(file, report);
  for await (const pieces of readPieces(file, signal, ['images'])) for (const piece of pieces) surveyor.take(piece);
  return surveyor.done(size);
}

const known = new Set(['info', 'licenses', 'categories', 'images', 'annotations']);

class Surveyor {
  private readonly ordinals = new Map<CocoId, number>();
  /** Two images of one file name are one picture: both ids mean the first. */
  private readonly ordinalsByName = new Map<string, number>();
  private readonly twins = new Set<number>();
  private readonly categories = new Map<CocoId, Category>();
  private readonly categoryDocuments: JsonObject[] = [];
  private readonly licenses: Json[] = [];
  private info: JsonObject = {};
  private imageCount = 0;
  private annotationCount = 0;
  private hasSegmentations = false;
  private hasKeypoints = false;

  constructor(
    private readonly file: string,
    private readonly report: Report,
  ) {}

  take(piece: JsonPiece): void {
    if (piece.member === 'annotations') this.annotation(piece);
    else if (piece.member === 'images') this.image(piece);
    else if (piece.member === 'categories') this.category(piece);
    else if (piece.member === 'licenses') this.licenses.push(parsePiece(this.file, piece));
    else if (piece.member === 'info') this.infoMember(parsePiece(this.file, piece));
    else if (!known.has(piece.member)) {
      this.report.note(
        'UNKNOWN_MEMBER',
        null,
        `Members of the file that are no part of COCO, like "${piece.member}", were not read.`,
      );
    }
  }

  done(sizeBytes: number): Survey {
    if (this.categories.size === 0 && this.annotationCount > 0) {
      this.report.note('NO_CATEGORIES', null, 'The file has no categories: the category ids stand as classes.');
    }
    return {
      file: this.file,
      sizeBytes,
      ordinals: this.ordinals,
      imageCount: this.imageCount,
      twins: this.twins,
      categories: this.categories,
      categoryDocuments: this.categoryDocuments,
      info: this.info,
      licenses: this.licenses,
      annotationCount: this.annotationCount,
      hasSegmentations: this.hasSegmentations,
      hasKeypoints: this.hasKeypoints,
    };
  }

  private image(piece: JsonPiece): void {
    const image = parseObject(this.file, piece);
    const id = cocoIdOf(image.id);
    if (id === null) throw new MalformedFileError(this.file, `${pathOf(piece)}.id`, 'an id');
    if (typeof image.file_name !== 'string' || image.file_name === '') {
      throw new MalformedFileError(this.file, `${pathOf(piece)}.file_name`, 'the name of the image file');
    }
    const twin = this.ordinalsByName.get(image.file_name);
    if (twin !== undefined) {
      this.report.note(
        'DUPLICATE_IMAGE',
        null,
        'Images of a file name that an earlier image has were taken together with it.',
      );
      this.twins.add(piece.index);
      if (!this.ordinals.has(id)) this.ordinals.set(id, twin);
    } else this.newImage(id, image.file_name);
  }

  private newImage(id: CocoId, name: string): void {
    if (this.ordinals.has(id)) {
      this.report.note(
        'DUPLICATE_IMAGE_ID',
        null,
        'Images with an id that an earlier image has came in without labels: the labels went to the earlier one.',
      );
    } else this.ordinals.set(id, this.imageCount);
    this.ordinalsByName.set(name, this.imageCount);
    this.imageCount += 1;
  }

  private category(piece: JsonPiece): void {
    const category = parseObject(this.file, piece);
    const id = cocoIdOf(category.id);
    if (id === null || typeof category.name !== 'string') {
      throw new MalformedFileError(this.file, pathOf(piece), 'a category with "id" and "name"');
    }
    if (this.categories.has(id))
      this.report.note('DUPLICATE_CATEGORY', null, 'Categories with an id that an earlier one has were left out.');
    else this.categories.set(id, { name: category.name, supercategory: category.supercategory });
    this.categoryDocuments.push(category);
  }

  private infoMember(value: Json): void {
    if (isObject(value)) this.info = value;
  }

  /** Annotations are only looked into until it is known what kinds there are. */
  private annotation(piece: JsonPiece): void {
    this.annotationCount += 1;
    const perhapsSegmentation = !this.hasSegmentations && piece.bytes.includes('"segmentation"');
    const perhapsKeypoints = !this.hasKeypoints && piece.bytes.includes('"keypoints"');
    if (!perhapsSegmentation && !perhapsKeypoints) return;
    const annotation = parseObject(this.file, piece);
    this.hasSegmentations ||= hasContent(annotation.segmentation);
    this.hasKeypoints ||= hasContent(annotation.keypoints);
  }
}

/** Empty lists are written for "none". */
const hasContent = (value: Json | undefined): boolean => (Array.isArray(value) ? value.length > 0 : isObject(value));
