import { canonicalJson, type Json, type JsonObject } from './canonical-json.js';
import type { LabelClass } from './kinds.js';

/**
 * One label as it is stored and merged. Its larger parts are canonical JSON texts (see `canonical-json.ts`), so two
 * versions of a part are equal exactly when their texts are. Coordinates are relative to the media (0..1, origin top
 * left, x to the right, y down); they may lie outside.
 */
export interface Label {
  /** 24 lower-case hex digits; unique within (dataset, field, sample, frame), not across fields. */
  readonly id: string;
  /** The class that was given, e.g. "cat". Null where the label has none (a segmentation, or not yet decided). */
  readonly label: string | null;
  /**
   * Canonical JSON of the geometry members of the class, null where there are none.
   * Detection: `bounding_box` [x, y, width, height], `mask` (hash of the instance mask inside the box).
   * Polyline: `points` [[[x, y], ...], ...], `closed`, `filled`. Keypoint: `points` [[x, y] | [null, null], ...].
   * Segmentation: `mask` (hash).
   */
  readonly geometry: string | null;
  /** Canonical JSON object of every other member: custom attributes, `keyframe`, `attributes`, members we only carry. */
  readonly attributes: string | null;
  /** Number of the track that the label belongs to. */
  readonly index: number | null;
  readonly confidence: number | null;
  /** Canonical JSON list of tags, null when there are none. */
  readonly tags: string | null;
}

/** The parts of a label that a merge judges one by one. */
export const labelParts = ['label', 'geometry', 'attributes', 'index', 'confidence', 'tags'] as const;
export type LabelPart = (typeof labelParts)[number];

/**
 * A label as plain JSON under FiftyOne's member names, `id` instead of `_id`, without `_cls`. `mask` is the hash of a
 * stored mask. Members without a value are absent or null; both mean the same.
 */
export type LabelDocument = {
  id?: string | null;
  label?: string | null;
  mask?: string | null;
  [member: string]: unknown;
};

/** Which members make the geometry of a class. */
export const geometryMembers: Readonly<Record<LabelClass, readonly string[]>> = {
  Classification: [],
  Detection: ['bounding_box', 'mask'],
  Polyline: ['points', 'closed', 'filled'],
  Keypoint: ['points'],
  Segmentation: ['mask'],
};

const hasIndex: Readonly<Record<LabelClass, boolean>> = {
  Classification: false,
  Detection: true,
  Polyline: true,
  Keypoint: true,
  Segmentation: false,
};

/**
 * Makes a label of a document. Values of built-in members that have another type than the class expects (a list of
 * confidences of a keypoint, a text as index) are carried among the attributes, so that nothing is lost.
 */
export function labelFromDocument(labelClass: LabelClass, document: LabelDocument, id: string): Label {
  const geometry: Record<string, unknown> = {};
  const rest: Record<string, unknown> = {};
  const members = geometryMembers[labelClass];
  let hasGeometry = false;
  let hasRest = false;
  for (const key in document) {
    const value = document[key];
    if (value === null || value === undefined || isBuiltIn(labelClass, key, value)) continue;
    if (members.includes(key)) {
      geometry[key] = value;
      hasGeometry = true;
    } else if (!isEmptyDefault(key, value)) {
      rest[key] = value;
      hasRest = true;
    }
  }
  return {
    id,
    label: typeof document.label === 'string' ? document.label : null,
    geometry: hasGeometry ? canonicalJson(geometry) : null,
    attributes: hasRest ? canonicalJson(rest) : null,
    index: hasIndex[labelClass] && Number.isSafeInteger(document.index) ? (document.index as number) : null,
    confidence:
      typeof document.confidence === 'number' && Number.isFinite(document.confidence) ? document.confidence : null,
    tags: Array.isArray(document.tags) && document.tags.length > 0 ? canonicalJson(document.tags) : null,
  };
}

function isBuiltIn(labelClass: LabelClass, key: string, value: unknown): boolean {
  if (key === 'id' || key === '_cls' || key === '_id') return true;
  if (key === 'label') return typeof value === 'string';
  if (key === 'index') return hasIndex[labelClass] && Number.isSafeInteger(value);
  if (key === 'confidence') return typeof value === 'number' && Number.isFinite(value);
  return key === 'tags' && Array.isArray(value);
}

/** FiftyOne writes `attributes: {}` on every label that could have the older kind of attributes: it says nothing. */
const isEmptyDefault = (key: string, value: unknown): boolean =>
  key === 'attributes' && typeof value === 'object' && Object.keys(value as object).length === 0;

/** The label as a document; members without a value are absent. The inverse of `labelFromDocument`. */
export function documentOfLabel(label: Label): LabelDocument {
  return {
    id: label.id,
    ...(label.label === null ? {} : { label: label.label }),
    ...attributesOf(label),
    ...geometryOf(label),
    ...(label.index === null ? {} : { index: label.index }),
    ...(label.confidence === null ? {} : { confidence: label.confidence }),
    ...(label.tags === null ? {} : { tags: JSON.parse(label.tags) as string[] }),
  };
}

export const geometryOf = (label: Label): JsonObject =>
  label.geometry === null ? {} : (JSON.parse(label.geometry) as JsonObject);
export const attributesOf = (label: Label): JsonObject =>
  label.attributes === null ? {} : (JSON.parse(label.attributes) as JsonObject);
export const tagsOf = (label: Label): string[] => (label.tags === null ? [] : (JSON.parse(label.tags) as string[]));

/** The hash of the mask that the label names, or null. */
export function maskHashOf(label: Label): string | null {
  if (label.geometry === null || !label.geometry.includes('"mask"')) return null;
  const mask: Json | undefined = geometryOf(label).mask;
  return typeof mask === 'string' ? mask : null;
}

/** Whether two labels are the same in all parts, id apart. */
export const isSameLabel = (a: Label, b: Label): boolean => labelParts.every((part) => a[part] === b[part]);
