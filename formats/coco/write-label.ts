import { inflateSync } from 'node:zlib';
import {
  attributesOf,
  decodeNpy,
  geometryOf,
  type JsonObject,
  type Label,
  type LabelClass,
} from '../../domain/labels/index.js';
import type { Report } from '../report.js';
import type { Categories } from './categories.js';
import { annotationNumberOf } from './ids.js';
import type { Size } from './read-image.js';
import { boxOfPoints, maskSegmentation, polygonSegmentation, type WrittenAnnotation } from './written-annotation.js';

/** The label classes that COCO can hold. */
export type HeldClass = Extract<LabelClass, 'Detection' | 'Polyline' | 'Keypoint'>;

/** Whether COCO can hold labels of a class; null is for fields without labels. */
export const isHeldClass = (labelClass: LabelClass | null): labelClass is HeldClass =>
  labelClass === 'Detection' || labelClass === 'Polyline' || labelClass === 'Keypoint';

type Points = (readonly (number | null)[])[];

/** Turns labels into annotations and notes what of them COCO has no place for. */
export class LabelWriter {
  constructor(
    private readonly categories: Categories,
    private readonly mask: (hash: string) => Promise<Uint8Array>,
    private readonly report: Report,
  ) {}

  /** The annotation of a label, or null for one that COCO cannot hold at all. */
  async annotationOf(
    labelClass: HeldClass,
    label: Label,
    field: string,
    size: Size,
  ): Promise<WrittenAnnotation | null> {
    const annotation = this.blank(label, field);
    const geometry = geometryOf(label);
    if (labelClass === 'Detection') await this.addBox(annotation, geometry, field, size);
    else if (labelClass === 'Keypoint') this.addKeypoints(annotation, geometry.points as Points | undefined, size);
    else if (!this.addPolygons(annotation, geometry, field, size)) return null;
    return annotation;
  }

  private blank(label: Label, field: string): WrittenAnnotation {
    const attributes: JsonObject = label.attributes === null ? {} : attributesOf(label);
    const isCrowd = attributes.iscrowd === 1 || attributes.iscrowd === true ? 1 : 0;
    const name = this.classOf(label, field);
    if (attributes.supercategory === this.categories.supercategoryOf(name)) delete attributes.supercategory;
    delete attributes.iscrowd;
    delete attributes.num_keypoints;
    if (label.index !== null)
      this.report.note(
        'TRACKS_NOT_HELD',
        field,
        'Labels belong to tracks; COCO has none, the number of the track was left out.',
      );
    if (label.tags !== null)
      this.report.note('LABEL_TAGS_NOT_HELD', field, 'Labels have tags; COCO has none, they were left out.');
    return {
      number: annotationNumberOf(label.id),
      categoryId: this.categories.idOf(name),
      box: null,
      segmentation: null,
      keypoints: null,
      isCrowd,
      score: label.confidence,
      attributes,
    };
  }

  private classOf(label: Label, field: string): string {
    if (label.label !== null) return label.label;
    this.report.note('NO_CLASS', field, 'Labels without a class were written with the category "unlabeled".');
    return 'unlabeled';
  }

  private async addBox(annotation: WrittenAnnotation, geometry: JsonObject, field: string, size: Size): Promise<void> {
    const [x, y, w, h] = Array.isArray(geometry.bounding_box) ? geometry.bounding_box : [];
    if (typeof x !== 'number' || typeof y !== 'number' || typeof w !== 'number' || typeof h !== 'number') {
      this.report.note('NO_BOX', field, 'Labels without a box (three-dimensional ones, say) were written without one.');
      return;
    }
    annotation.box = [x * size.width, y * size.height, w * size.width, h * size.height];
    if (annotation.attributes.mask_path !== undefined) {
      this.report.note(
        'MASK_ON_DISK',
        field,
        'Masks that are files of their own were not turned into segmentations; their path is an attribute.',
      );
    }
    if (typeof geometry.mask !== 'string') return;
    const mask = decodeNpy(inflateSync(await this.mask(geometry.mask)));
    annotation.segmentation = maskSegmentation(mask, annotation.box, size, annotation.isCrowd === 1);
  }

  private addPolygons(annotation: WrittenAnnotation, geometry: JsonObject, field: string, size: Size): boolean {
    if (geometry.filled !== true && geometry.closed !== true) {
      this.report.note(
        'LINES_NOT_HELD',
        field,
        'Polylines that are neither closed nor filled were left out: COCO has areas only.',
      );
      return false;
    }
    const all = (geometry.points ?? []) as number[][][];
    const rings = all.filter((ring) => ring.length >= 3);
    if (rings.length < all.length)
      this.report.note(
        'SHORT_SHAPE',
        field,
        'Shapes of fewer than three points were left out.',
        all.length - rings.length,
      );
    if (rings.length === 0) return false;
    if (geometry.filled !== true)
      this.report.note('OUTLINE_FILLED', field, 'Closed polylines that are not filled were written as areas.');
    annotation.segmentation = polygonSegmentation(rings, size);
    annotation.box = boxOfPoints(rings.flat(), size);
    return true;
  }

  private addKeypoints(annotation: WrittenAnnotation, points: Points = [], size: Size): void {
    const { visible } = annotation.attributes;
    const flat: number[] = [];
    let count = 0;
    for (const [i, [x, y]] of points.entries()) {
      const isThere = typeof x === 'number' && typeof y === 'number';
      const state = isThere ? (Array.isArray(visible) && Number(visible[i]) > 0 ? Number(visible[i]) : 2) : 0;
      flat.push(isThere ? x * size.width : 0, isThere ? y * size.height : 0, state);
      if (isThere) count += 1;
    }
    delete annotation.attributes.visible;
    annotation.keypoints = { flat, count };
    annotation.box = boxOfPoints(points, size);
  }
}
