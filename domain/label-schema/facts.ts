import type { FieldType, Json, MediaType } from '../labels/index.js';
import type { RunUnit } from '../run/run.js';
import type { View } from '../view/view.js';

/** What the resolution of a label schema must know of the dataset and the view; the caller reads it from storage. */
export interface DatasetFacts {
  /** Of the units that are annotated: `image` for a view of frames. `group`: grouped, and the view chooses no slice. `mixed`: the view holds several. */
  readonly mediaType: MediaType | 'group' | 'mixed';
  readonly unit: RunUnit;
  /** Samples (or frames, or clips) in the view; only whether there are any matters. */
  readonly unitCount: number;
  readonly view: View | null;
  /** Slices of a grouped dataset, for the error that asks for one. */
  readonly slices?: readonly string[];
  /** Existing fields by the name in the label schema: of a view of frames without `frames.`. Only those asked for are needed. */
  readonly fields: ReadonlyMap<string, FieldFacts>;
  /** Sample fields of type string, `filepath` included. */
  readonly mediaFields: readonly string[];
  /** By field as in the label schema. */
  readonly maskTargets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly defaultMaskTargets: Readonly<Record<string, string>> | null;
}

/** An existing field. What was not asked for may be left empty. */
export interface FieldFacts {
  readonly type: FieldType;
  /** Classes of the field's labels in the whole dataset and in the view, sorted by code point, without null. */
  readonly classes: readonly string[];
  /** What the field's labels in the view look like; null where it was not asked for. */
  readonly labels: LabelFacts | null;
}

/** Which of two geometries a label has: boxes with and without a mask, polylines filled and open. Null for the others. */
export type Geometry = 'masked' | 'unmasked' | 'filled' | 'open' | null;

/** The labels of one field in the view, counted and summed up; made by `LabelObserver`. */
export interface LabelFacts {
  readonly counts: readonly { readonly geometry: Geometry; readonly label: string | null; readonly count: number }[];
  /** Whether any label is marked as a keyframe. */
  readonly keyframes: boolean;
  /** One row per (name, geometry, class of the label). */
  readonly attributes: readonly AttributeFacts[];
}

export const valueKinds = ['boolean', 'string', 'number', 'list', 'object'] as const;
export type ValueKind = (typeof valueKinds)[number];

/** All values of one attribute, nulls left out. */
export interface AttributeFacts {
  readonly name: string;
  readonly geometry: Geometry;
  /** The class of the labels that have it. */
  readonly label: string | null;
  readonly kinds: readonly ValueKind[];
  /** Distinct texts, in the order met; no more than `mostStrings` are kept. */
  readonly strings: readonly string[];
  /** The first value met, and the number of its label in the order of the view. */
  readonly first: Json;
  readonly firstAt: number;
}

/** One more than a select offers: enough to know that there are too many. */
export const mostStrings = 21;
