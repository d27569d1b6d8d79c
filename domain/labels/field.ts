import type { JsonObject } from './canonical-json.js';
import type { FieldType } from './kinds.js';
import type { Label } from './label.js';

/** A field of a dataset: a slot on samples, or with the prefix `frames.` on frames. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** FiftyOne's own description of the field, kept as it came so that it goes out again unchanged. */
  readonly document: JsonObject | null;
}

/**
 * What one field holds on one sample or frame. Null and an empty list differ.
 * - `labels`: the labels in list order (at most one for a single field); null for scalars and opaque values.
 * - `value`: canonical JSON of a scalar or opaque value; for label fields the members of the container that are not
 *   labels (e.g. `logits` of Classifications), null when there are none.
 */
export interface FieldValue {
  readonly labels: readonly Label[] | null;
  readonly value: string | null;
}
