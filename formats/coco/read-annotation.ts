import {
  type Json,
  type JsonObject,
  type Label,
  type LabelDocument,
  labelFromDocument,
  type PackedMask,
} from '../../domain/labels/index.js';
import type { MaskIntake } from '../format.js';
import { isObject } from '../json/parse-json.js';
import type { Report } from '../report.js';
import { cocoIdOf } from './ids.js';
import { instanceMaskOf } from './instance-mask.js';
import type { CocoType } from './options.js';
import type { Size } from './read-image.js';
import { boxOf, boxOfKeypoints, pairs, polygonsOf, relativeBox, type ShapeSource } from './shapes.js';
import type { Category, Survey } from './survey.js';

/** An annotation with what is needed to read it. */
export interface AnnotationSource extends ShapeSource {
  readonly annotation: JsonObject;
  readonly labelId: string;
  readonly field: string;
  readonly size: Size;
}

/** Members that become parts of the label; all others are carried as attributes. */
const ownMembers = new Set([
  'id',
  'image_id',
  'category_id',
  'bbox',
  'segmentation',
  'keypoints',
  'area',
  'score',
  'attributes',
]);
/** Names that a label's document uses itself: an attribute of such a name is put aside under `coco_<name>`. */
const reserved = new Set([
  'id',
  '_id',
  '_cls',
  'label',
  'bounding_box',
  'mask',
  'points',
  'index',
  'confidence',
  'tags',
  'attributes',
  'closed',
  'filled',
  'visible',
]);

/** Reads the parts of annotations into labels. Throws `MalformedFileError` for members of another form than COCO's. */
export class AnnotationReader {
  constructor(
    private readonly survey: Survey,
    private readonly usePolylines: boolean,
    private readonly intake: MaskIntake,
    private readonly report: Report,
  ) {}

  /** The label of one type, or null where the annotation has none of that type. */
  labelOf(type: CocoType, source: AnnotationSource, masks: PackedMask[]): Label | null {
    if (type === 'keypoints') return this.keypoint(source);
    if (type === 'detections') return this.detection(source);
    return this.usePolylines ? this.polyline(source) : this.instance(source, masks);
  }

  private detection(source: AnnotationSource): Label | null {
    const box = boxOf(source) ?? boxOfKeypoints(source.annotation.keypoints);
    if (box === null) {
      this.report.note('NO_BOX', source.field, 'Annotations without a box were left out.');
      return null;
    }
    return labelFromDocument(
      'Detection',
      this.document(source, { bounding_box: relativeBox(box, source.size) }),
      source.labelId,
    );
  }

  private instance(source: AnnotationSource, masks: PackedMask[]): Label | null {
    const box = boxOf(source);
    const instance = instanceMaskOf(source, box, source.size, (code, message) =>
      this.report.note(code, source.field, message),
    );
    if (instance === null) return this.detection(source);
    const packed = this.intake.pack(instance.mask);
    masks.push(packed);
    const geometry = { bounding_box: relativeBox(instance.box, source.size), mask: packed.hash };
    return labelFromDocument('Detection', this.document(source, geometry), source.labelId);
  }

  private polyline(source: AnnotationSource): Label | null {
    const polygons = polygonsOf(source);
    if (polygons.length === 0) {
      const code = isObject(source.annotation.segmentation) ? 'RLE_NOT_AS_POLYLINE' : 'NO_SEGMENTATION';
      this.report.note(
        code,
        source.field,
        'Annotations whose segmentation is no polygon were left out; read them with useMasks.',
      );
      return null;
    }
    const { width, height } = source.size;
    const points = polygons.map((flat) => pairs(flat).map(([x, y]) => [x / width, y / height]));
    return labelFromDocument(
      'Polyline',
      this.document(source, { points, closed: false, filled: true }),
      source.labelId,
    );
  }

  private keypoint(source: AnnotationSource): Label | null {
    const { keypoints } = source.annotation;
    if (!Array.isArray(keypoints) || keypoints.length === 0) return null;
    const { width, height } = source.size;
    const points: (readonly [number | null, number | null])[] = [];
    const visible: number[] = [];
    for (let i = 0; i + 2 < keypoints.length; i += 3) {
      const [x, y, v] = [Number(keypoints[i]), Number(keypoints[i + 1]), Number(keypoints[i + 2])];
      points.push(v === 0 ? [null, null] : [x / width, y / height]);
      visible.push(v);
    }
    return labelFromDocument('Keypoint', this.document(source, { points, visible }), source.labelId);
  }

  /** The document of a label: its class, its geometry and everything else that the annotation says. */
  private document(source: AnnotationSource, geometry: LabelDocument): LabelDocument {
    const { annotation } = source;
    const document: LabelDocument = geometry;
    this.addClass(source, document);
    for (const member in annotation)
      if (!ownMembers.has(member)) this.addAttribute(document, source.field, member, annotation[member]);
    const { attributes, score } = annotation;
    if (isObject(attributes))
      for (const name in attributes) this.addAttribute(document, source.field, name, attributes[name]);
    if (typeof score === 'number') document.confidence = score;
    return document;
  }

  private addClass({ annotation, field }: AnnotationSource, document: LabelDocument): void {
    const id = cocoIdOf(annotation.category_id);
    if (id === null) return;
    const category: Category | undefined = this.survey.categories.get(id);
    if (category === undefined && this.survey.categories.size > 0) {
      this.report.note(
        'UNKNOWN_CATEGORY',
        field,
        'Annotations of categories that the file does not list got the id as class.',
      );
    }
    document.label = category?.name ?? String(id);
    if (category?.supercategory !== undefined) document.supercategory = category.supercategory;
  }

  private addAttribute(document: LabelDocument, field: string, name: string, value: Json | undefined): void {
    if (!reserved.has(name)) {
      document[name] = value;
      return;
    }
    document[`coco_${name}`] = value;
    this.report.note(
      'ATTRIBUTE_RENAMED',
      field,
      `Attributes of a name that labels use themselves were put under "coco_<name>", e.g. "coco_${name}".`,
    );
  }
}
