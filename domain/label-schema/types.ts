import type { Json, JsonObject, LabelType } from '../labels/index.js';

/**
 * What is to be annotated, with FiftyOne's keys verbatim (they travel in files and through the API as JSON): per field
 * its type, classes, attributes, mask targets and edit rules. The key "" stands for FiftyOne's `null` ("no field").
 */
export type LabelSchema = { readonly [field: string]: FieldLabelSchema };

export interface FieldLabelSchema {
  readonly type?: LabelType;
  readonly classes?: readonly (string | ClassGroup)[];
  readonly attributes?: Readonly<Record<string, AttributeSchema>>;
  /** Keys are pixel values as text, or RGB hex strings. */
  readonly mask_targets?: Readonly<Record<string, string>>;
  readonly existing_field?: boolean;
  readonly allow_additions?: boolean;
  readonly allow_deletions?: boolean;
  readonly allow_label_edits?: boolean;
  readonly allow_index_edits?: boolean;
  readonly allow_spatial_edits?: boolean;
  readonly only_keyframes?: boolean;
}

/** Classes that share attributes of their own. */
export interface ClassGroup {
  readonly classes: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeSchema>>;
}

/** One attribute; keys that we do not know are kept. */
export type AttributeSchema = JsonObject & {
  type: string;
  values?: Json[];
  default?: Json;
  mutable?: boolean;
  read_only?: boolean;
};
