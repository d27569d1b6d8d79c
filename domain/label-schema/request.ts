import { LabelSchemaInvalidError } from '../errors/label-schema-errors.js';
import type { Json, JsonObject } from '../labels/index.js';

export const editFlags = [
  'allow_additions',
  'allow_deletions',
  'allow_label_edits',
  'allow_index_edits',
  'allow_spatial_edits',
] as const;
/** The edit rules of a field, by their names in a label schema. */
export type EditFlag = (typeof editFlags)[number];

/**
 * What a caller says about what shall be annotated: FiftyOne's arguments of the same meaning. Null and absent are the
 * same, except for `attributes`.
 */
export interface LabelSchemaRequest {
  /** {field: definition} or a list of fields. Wins over `labelField`. */
  readonly labelSchema?: Json | undefined;
  /** The one field to annotate. */
  readonly labelField?: string | null | undefined;
  /** For fields whose definition names no type. */
  readonly labelType?: string | null | undefined;
  readonly classes?: Json | undefined;
  /**
   * `true`: all observed attributes, by all of their values (booleans a checkbox, few distinct texts a select, else
   * text; lists and objects left out with a warning). Absent: FiftyOne's own inference, by the first value only.
   * False, null, [] and {}: none. A name or names: the backend's tool for it. A map: as it says.
   */
  readonly attributes?: Json | undefined;
  /** Pixel value or RGB colour to name. */
  readonly maskTargets?: Json | undefined;
  readonly allowAdditions?: boolean | null | undefined;
  readonly allowDeletions?: boolean | null | undefined;
  readonly allowLabelEdits?: boolean | null | undefined;
  readonly allowIndexEdits?: boolean | null | undefined;
  readonly allowSpatialEdits?: boolean | null | undefined;
  /** The field that names the media. Default `filepath`. */
  readonly mediaField?: string | null | undefined;
  /** FiftyOne's behaviour exactly, its weaknesses included. Default false. */
  readonly compatible?: boolean | undefined;
}

/** One field to annotate, with everything that was said about it: its own definition first, else the common arguments. */
export interface FieldDefinition {
  readonly field: string;
  readonly type: Json;
  readonly classes: Json;
  /** Undefined where nothing was said. */
  readonly attributes: Json | undefined;
  readonly maskTargets: Json;
  readonly flags: Readonly<Partial<Record<EditFlag, boolean>>>;
}

/** The fields that a request names, in its order. Empty: nothing was named. Throws LABEL_SCHEMA_INVALID. */
export function fieldDefinitions(request: LabelSchemaRequest): readonly FieldDefinition[] {
  const schema = request.labelSchema ?? null;
  if (schema !== null) return definitionsOf(schema).map(([field, own]) => definition(field, own, request));
  const field = request.labelField ?? null;
  return field === null ? [] : [definition(field, {}, request)];
}

function definitionsOf(schema: Json): readonly (readonly [string, JsonObject])[] {
  if (Array.isArray(schema)) return schema.map((field) => [fieldName(field), {}] as const);
  if (!isObject(schema)) {
    throw new LabelSchemaInvalidError(
      'labelSchema',
      `A label schema is a map from field to definition, or a list of fields; ${JSON.stringify(schema)} is neither. To annotate one field, name it as labelField.`,
    );
  }
  return Object.entries(schema).map(([field, own]) => [field, ownDefinition(field, own)] as const);
}

function fieldName(field: Json): string {
  if (typeof field === 'string') return field;
  throw new LabelSchemaInvalidError(
    'labelSchema',
    `A label schema that is a list holds names of fields, not ${JSON.stringify(field)}.`,
  );
}

function ownDefinition(field: string, own: Json): JsonObject {
  if (own === null) return {};
  if (isObject(own)) return own;
  throw new LabelSchemaInvalidError(
    'labelSchema',
    `The definition of field "${field}" is ${JSON.stringify(own)}; expected a map with keys such as type, classes, attributes.`,
  );
}

const definition = (field: string, own: JsonObject, request: LabelSchemaRequest): FieldDefinition => ({
  field,
  type: own.type ?? request.labelType ?? null,
  classes: own.classes ?? request.classes ?? null,
  attributes: Object.hasOwn(own, 'attributes') ? own.attributes : request.attributes,
  maskTargets: own.mask_targets ?? request.maskTargets ?? null,
  flags: flagsOf(field, own, request),
});

function flagsOf(field: string, own: JsonObject, request: LabelSchemaRequest): Partial<Record<EditFlag, boolean>> {
  const common: Record<EditFlag, boolean | null | undefined> = {
    allow_additions: request.allowAdditions,
    allow_deletions: request.allowDeletions,
    allow_label_edits: request.allowLabelEdits,
    allow_index_edits: request.allowIndexEdits,
    allow_spatial_edits: request.allowSpatialEdits,
  };
  const flags: Partial<Record<EditFlag, boolean>> = {};
  for (const flag of editFlags) {
    const value = own[flag] ?? common[flag] ?? null;
    if (value !== null && typeof value !== 'boolean') {
      throw new LabelSchemaInvalidError('labelSchema', `"${flag}" of field "${field}" must be true or false.`);
    }
    if (value !== null) flags[flag] = value;
  }
  return flags;
}

/** Whether a JSON value is a map. */
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
