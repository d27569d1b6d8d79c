import { createHash } from 'node:crypto';
import type { AttributeSchema, FieldLabelSchema } from '../../domain/label-schema/types.js';
import {
  fieldTypeOf,
  type Json,
  type LabelClass,
  type LabelDocument,
  type LabelType,
  labelClassOf,
  type Mask,
} from '../../domain/labels/index.js';
import type { Capabilities } from '../backend.js';
import type { LabelKind } from './stage.js';

/** Size in pixels of the suite's media. */
export const mediaSize = { width: 64, height: 48 } as const;

/** The attributes that the suite declares, as far as the backend has tools for them, each with two values to set. */
const attributeTools: Readonly<Record<string, { readonly name: string; readonly values: readonly [Json, Json] }>> = {
  text: { name: 'remark', values: ['first look', 'second look'] },
  select: { name: 'size', values: ['small', 'large'] },
  radio: { name: 'side', values: ['left', 'right'] },
  checkbox: { name: 'hidden', values: [true, false] },
  number: { name: 'count', values: [2, 3] },
};

/** Attributes for a backend's label schemas, and the first and second value of each. */
export function attributesFor({ attributeTypes, attributeTypesWithValues }: Capabilities): {
  readonly schema: Readonly<Record<string, AttributeSchema>>;
  readonly first: Readonly<Record<string, Json>>;
  readonly second: Readonly<Record<string, Json>>;
} {
  const known = attributeTypes.flatMap((type) => (attributeTools[type] ? [{ type, ...attributeTools[type] }] : []));
  const schema = known.map(({ type, name, values }): [string, AttributeSchema] => [
    name,
    attributeTypesWithValues.includes(type) ? { type, values: [...values] } : { type },
  ]);
  return {
    schema: Object.fromEntries(schema),
    first: Object.fromEntries(known.map(({ name, values }) => [name, values[0]])),
    second: Object.fromEntries(known.map(({ name, values }) => [name, values[1]])),
  };
}

/** Whether a kind is a scalar; its type follows the word. */
export const isScalarKind = (kind: LabelKind): boolean => kind.startsWith('scalar ');
const listTypes: readonly string[] = [
  'classifications',
  'detections',
  'instances',
  'polylines',
  'polygons',
  'keypoints',
];
/** Whether a field of this type holds many labels. */
export const isListKind = (kind: LabelKind): boolean => listTypes.includes(kind);
/** Whether labels of this type have a place in the picture that can be moved. */
export const hasPlace = (kind: LabelKind): boolean =>
  !isScalarKind(kind) && !/^classification|^segmentation/.test(kind);
/** Whether labels of this type can be tied together through a video. */
export const isTracked = hasPlace;

/** What the label schema says about the suite's field, and what the dataset does. */
export function fieldFor(
  kind: LabelKind,
  capabilities: Capabilities,
): { schema: FieldLabelSchema; type: string; labelClass: LabelClass | null } {
  if (isScalarKind(kind)) {
    const schema: FieldLabelSchema = { type: 'scalar', classes: [], attributes: {}, existing_field: true };
    return { schema, type: kind.slice('scalar '.length), labelClass: null };
  }
  const fieldType = fieldTypeOf[kind as Exclude<LabelType, 'scalar'>];
  const segmentation = kind === 'segmentation';
  const schema: FieldLabelSchema = {
    type: kind as LabelType,
    classes: segmentation ? ['cat', 'dog'] : ['cat', 'dog'],
    attributes: segmentation ? {} : attributesFor(capabilities).schema,
    ...(segmentation ? { mask_targets: { 0: 'background', 1: 'cat', 2: 'dog' } } : {}),
    existing_field: true,
  };
  return { schema, type: fieldType, labelClass: labelClassOf(fieldType) };
}

/** A value of a scalar type; `n` tells values apart. */
export function scalarValue(type: string, n: number): Json {
  if (type === 'int') return 7 + n;
  if (type === 'float') return 0.625 + n;
  return type === 'bool' ? n % 2 === 0 : `value ${n}`;
}

/** Draws labels and remembers their masks. */
export class LabelMaker {
  readonly masks = new Map<string, Mask>();
  private made = 0;

  constructor(private readonly capabilities: Capabilities) {}

  /** A label of a kind with an id of its own. `step` moves it in equal steps, so that tracks are straight. */
  label(kind: LabelKind, step: number): LabelDocument & { id: string } {
    this.made++;
    const id = createHash('sha256').update(`label ${this.made}`).digest('hex').slice(0, 24);
    return { ...this.content(kind, step), id };
  }

  /** A label of a kind without an id, as an annotator would draw it. */
  content(kind: LabelKind, step: number): LabelDocument {
    const geometry = this.geometry(kind, step);
    if (kind === 'segmentation') return geometry;
    return { label: step % 2 === 0 ? 'cat' : 'dog', ...geometry, ...attributesFor(this.capabilities).first };
  }

  private geometry(kind: LabelKind, step: number): LabelDocument {
    const x = 0.125 + step / 32;
    const y = 0.125;
    if (kind.startsWith('detection')) return { bounding_box: [x + 0.001234, y, 0.25, 0.25] };
    if (kind.startsWith('instance')) return { bounding_box: [x, y, 0.25, 0.25], mask: this.mask(12, 16, step, 2) };
    if (kind === 'segmentation') return { mask: this.mask(mediaSize.height, mediaSize.width, step, 3) };
    if (kind.startsWith('polygon')) return { points: [triangle(x, y)], closed: true, filled: true };
    if (kind.startsWith('polyline')) return { points: [triangle(x, y)], closed: false, filled: false };
    return kind.startsWith('keypoint') ? { points: triangle(x, y) } : {};
  }

  /** A mask with values below `values`; the name that labels give it is the hash of its pixels. */
  private mask(rows: number, columns: number, step: number, values: number): string {
    const data = Uint8Array.from({ length: rows * columns }, (_, i) => {
      const [row, column] = [Math.floor(i / columns), i % columns];
      return row > 1 && row < rows - 1 && column > step % 4 ? 1 + (Math.floor(column / 8) % (values - 1)) : 0;
    });
    const hash = createHash('sha256').update(`${rows} ${columns} `).update(data).digest('hex');
    this.masks.set(hash, { shape: [rows, columns], element: values === 2 ? '|b1' : '|u1', data });
    return hash;
  }
}

const triangle = (x: number, y: number): number[][] => [
  [x + 0.001234, y],
  [x + 0.25, y],
  [x + 0.25, y + 0.3125],
];
