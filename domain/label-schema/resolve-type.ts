import {
  FrameFieldRequiredError,
  LabelSchemaInvalidError,
  LabelTypeConflictError,
  LabelTypeRequiredError,
  UnsupportedFieldTypeError,
  UnsupportedLabelTypeError,
} from '../errors/label-schema-errors.js';
import {
  type FieldType,
  isFrameField,
  isLabelType,
  isScalarType,
  type LabelType,
  labelClasses,
  listClasses,
  type ReturnType,
  returnTypeOf,
} from '../labels/index.js';
import type { FieldContext } from './context.js';
import type { Geometry } from './facts.js';

/** What a field can be annotated as. Of two, the first is what FiftyOne takes when nothing is said. */
const possibleTypes: Readonly<Record<string, readonly LabelType[]>> = {
  Classification: ['classification'],
  Classifications: ['classifications'],
  Detection: ['detection', 'instance'],
  Detections: ['detections', 'instances'],
  Polyline: ['polygon', 'polyline'],
  Polylines: ['polygons', 'polylines'],
  Keypoint: ['keypoint'],
  Keypoints: ['keypoints'],
  Segmentation: ['segmentation'],
};

/** Which labels of a field with two possible types a type takes. */
const geometryOfType: Partial<Record<LabelType, NonNullable<Geometry>>> = {
  detection: 'unmasked',
  detections: 'unmasked',
  instance: 'masked',
  instances: 'masked',
  polygon: 'filled',
  polygons: 'filled',
  polyline: 'open',
  polylines: 'open',
};

const spatial: readonly ReturnType[] = ['detections', 'polylines', 'keypoints', 'segmentation'];

/** The labels of an existing field that a type takes: those of one geometry, or null for all of them. */
export const takenGeometry = (type: LabelType): Geometry => geometryOfType[type] ?? null;

/** The type that a field is annotated as: given, or inferred from what the field holds. */
export function resolveType(context: FieldContext): LabelType {
  const asked = askedType(context);
  const type =
    context.existing === null ? newType(context, asked) : existingType(context, context.existing.type, asked);
  refuseVideoLevel(context, type);
  return type;
}

function askedType({ definition: { type }, field }: FieldContext): string | null {
  if (type === null || typeof type === 'string') return type;
  throw new LabelSchemaInvalidError(
    'labelType',
    `The type of field "${field}" must be a text, not ${JSON.stringify(type)}.`,
  );
}

function newType({ field, backend }: FieldContext, asked: string | null): LabelType {
  if (asked === null) throw new LabelTypeRequiredError(field, backend.capabilities.labelTypes);
  return supportedType(field, backend, asked);
}

function supportedType(field: string, backend: FieldContext['backend'], type: string): LabelType {
  const { labelTypes } = backend.capabilities;
  if (isLabelType(type) && labelTypes.includes(type)) return type;
  throw new UnsupportedLabelTypeError(field, type, backend.name, labelTypes);
}

function existingType(context: FieldContext, fieldType: FieldType, asked: string | null): LabelType {
  const { field, backend } = context;
  const possible = typesOf(context, fieldType);
  if (asked !== null && !(possible as readonly string[]).includes(asked)) {
    throw new LabelTypeConflictError(field, asked, fieldType, possible);
  }
  if (isScalarType(fieldType)) return 'scalar';
  return supportedType(field, backend, asked ?? inferredType(context, possible));
}

function typesOf({ field, backend }: FieldContext, fieldType: FieldType): readonly LabelType[] {
  const { scalarTypes } = backend.capabilities;
  if (isScalarType(fieldType) && scalarTypes.includes(fieldType)) return ['scalar'];
  const possible = Object.hasOwn(possibleTypes, fieldType) ? possibleTypes[fieldType] : undefined;
  if (possible !== undefined) return possible;
  throw new UnsupportedFieldTypeError(field, fieldType, backend.name, [
    ...labelClasses,
    ...listClasses,
    ...scalarTypes,
  ]);
}

/** Whose contents are looked at. Lines keep FiftyOne's choice, polygons, and a warning says what that leaves out. */
const inferredFromContents: readonly LabelType[] = ['instance', 'instances'];

/** Of two possible types the one whose labels the field holds; FiftyOne takes the first without looking. */
function inferredType(context: FieldContext, possible: readonly LabelType[]): LabelType {
  const [first, second] = possible as readonly [LabelType, LabelType | undefined];
  if (second === undefined) return first;
  const [ofFirst, ofSecond] = [countOf(context, takenGeometry(first)), countOf(context, takenGeometry(second))];
  const looks = !context.compatible && inferredFromContents.includes(second);
  if (looks && ofFirst === 0 && ofSecond > 0) return second;
  if (context.compatible || ofSecond > 0) {
    context.warn(
      'TYPE_INFERRED',
      `Field "${context.field}" can hold ${first} and ${second}; it is annotated as ${first} (${ofFirst} labels; ${ofSecond} of the other kind). Give a type to choose.`,
    );
  }
  return first;
}

const countOf = ({ existing }: FieldContext, geometry: Geometry): number =>
  existing?.labels?.counts.filter((row) => row.geometry === geometry).reduce((sum, { count }) => sum + count, 0) ?? 0;

function refuseVideoLevel({ field, dataset, backend }: FieldContext, type: LabelType): void {
  if (dataset.mediaType !== 'video' || isFrameField(field)) return;
  if (!spatial.includes(returnTypeOf[type]) && backend.capabilities.videoSampleFields) return;
  throw new FrameFieldRequiredError(field, type, backend.name);
}
