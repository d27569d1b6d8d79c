/**
 * The label kinds of FiftyOne's annotation API and how they relate. A *label class* is what is stored (`_cls` in
 * FiftyOne's files); a *label type* is what a label schema asks for; a *return type* is how a backend names what
 * comes back.
 */

export const labelClasses = ['Classification', 'Detection', 'Polyline', 'Keypoint', 'Segmentation'] as const;
/** The class of one label. */
export type LabelClass = (typeof labelClasses)[number];

export const listClasses = ['Classifications', 'Detections', 'Polylines', 'Keypoints'] as const;
export type ListClass = (typeof listClasses)[number];

export const scalarTypes = ['string', 'int', 'float', 'bool'] as const;
export type ScalarType = (typeof scalarTypes)[number];

/** What a field holds. Anything that is neither a label class, a list class nor a scalar type is carried opaquely. */
export type FieldType = LabelClass | ListClass | ScalarType | (string & {});

export const labelTypes = [
  'classification',
  'classifications',
  'detection',
  'detections',
  'instance',
  'instances',
  'polyline',
  'polylines',
  'polygon',
  'polygons',
  'keypoint',
  'keypoints',
  'segmentation',
  'scalar',
] as const;
export type LabelType = (typeof labelTypes)[number];

export const returnTypes = [
  'classifications',
  'detections',
  'polylines',
  'keypoints',
  'segmentation',
  'scalar',
] as const;
export type ReturnType = (typeof returnTypes)[number];

/** The class of the labels inside a list class. */
export const elementClass: Readonly<Record<ListClass, LabelClass>> = {
  Classifications: 'Classification',
  Detections: 'Detection',
  Polylines: 'Polyline',
  Keypoints: 'Keypoint',
};

/** The member of a FiftyOne list document that holds its labels. */
export const listMember: Readonly<Record<ListClass, string>> = {
  Classifications: 'classifications',
  Detections: 'detections',
  Polylines: 'polylines',
  Keypoints: 'keypoints',
};

/** How a backend names what comes back for a label type. */
export const returnTypeOf: Readonly<Record<LabelType, ReturnType>> = {
  classification: 'classifications',
  classifications: 'classifications',
  detection: 'detections',
  detections: 'detections',
  instance: 'detections',
  instances: 'detections',
  polyline: 'polylines',
  polylines: 'polylines',
  polygon: 'polylines',
  polygons: 'polylines',
  keypoint: 'keypoints',
  keypoints: 'keypoints',
  segmentation: 'segmentation',
  scalar: 'scalar',
};

/** The field type that a new field of a label type gets; scalars take theirs from the first value written. */
export const fieldTypeOf: Readonly<Record<Exclude<LabelType, 'scalar'>, FieldType>> = {
  classification: 'Classification',
  classifications: 'Classifications',
  detection: 'Detection',
  detections: 'Detections',
  instance: 'Detection',
  instances: 'Detections',
  polyline: 'Polyline',
  polylines: 'Polylines',
  polygon: 'Polyline',
  polygons: 'Polylines',
  keypoint: 'Keypoint',
  keypoints: 'Keypoints',
  segmentation: 'Segmentation',
};

export const isLabelClass = (type: string): type is LabelClass => (labelClasses as readonly string[]).includes(type);
export const isListClass = (type: string): type is ListClass => (listClasses as readonly string[]).includes(type);
export const isScalarType = (type: string): type is ScalarType => (scalarTypes as readonly string[]).includes(type);
export const isLabelType = (type: string): type is LabelType => (labelTypes as readonly string[]).includes(type);

/** The class of the labels a field holds, or null where it holds none (scalars, opaque values). */
export const labelClassOf = (type: FieldType): LabelClass | null =>
  isListClass(type) ? elementClass[type] : isLabelClass(type) ? type : null;

/** Frame fields are named with this prefix; the rest of the name is the slot on the frame. */
export const framePrefix = 'frames.';
export const isFrameField = (name: string): boolean => name.startsWith(framePrefix);
