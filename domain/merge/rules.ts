import type { FieldLabelSchema } from '../label-schema/types.js';
import { type FieldType, type LabelType, labelClassOf, type ScalarType } from '../labels/index.js';
import type { RunUnit } from '../run/run.js';
import type { ConflictPolicy, MergeRules, ScalarRules, TrackNumbering } from './types.js';

/** What is known of the field that a load writes to. */
export interface FieldFacts {
  /** Its type in the dataset, or the one it is about to get. */
  readonly fieldType: FieldType;
  readonly frameField: boolean;
  readonly unit: RunUnit;
  /** The load writes to another field than was sent. Default: false. */
  readonly toOtherField?: boolean;
}

export interface LoadOptions {
  /** Default: HOLD. */
  readonly policy?: ConflictPolicy;
  /** FiftyOne's last-writer behaviour throughout. Default: false. */
  readonly compatible?: boolean;
  /** How exactly the backend carries numbers; default 0: exactly. */
  readonly tolerance?: number;
  /** Default: false. */
  readonly holdDeletions?: boolean;
}

/**
 * The rules of one merge. `schema` null takes everything (unexpected labels that are kept). A flag that the schema does
 * not have allows. Throws a RangeError where the field holds no labels: scalars have `scalarRulesFor`.
 */
export function mergeRulesFor(
  schema: FieldLabelSchema | null,
  facts: FieldFacts,
  options: LoadOptions = {},
): MergeRules {
  const labelClass = labelClassOf(facts.fieldType);
  if (labelClass === null) throw new RangeError(`A field of type ${facts.fieldType} holds no labels`);
  const existingField = schema?.existing_field === true;
  const compatible = options.compatible === true;
  return {
    fieldType: facts.fieldType,
    labelClass,
    frameField: facts.frameField,
    allowAdditions: schema?.allow_additions !== false,
    allowDeletions: schema?.allow_deletions !== false,
    allowLabelEdits: schema?.allow_label_edits !== false,
    allowIndexEdits: schema?.allow_index_edits !== false,
    allowSpatialEdits: schema?.allow_spatial_edits !== false,
    onlyKeyframes: schema?.only_keyframes ?? (facts.frameField && !existingField),
    schema,
    existingField,
    policy: options.policy ?? 'HOLD',
    compatible,
    tolerance: options.tolerance ?? 0,
    toOtherField: facts.toOtherField === true,
    numbering: numberingFor(schema?.type ?? null, facts, compatible),
    holdDeletions: options.holdDeletions === true,
  };
}

/** Label types whose tracks FiftyOne renumbers. Null: labels kept without a schema are of these types. */
const renumbered: ReadonlySet<LabelType | null> = new Set([null, 'detections', 'polylines', 'keypoints']);

function numberingFor(type: LabelType | null, facts: FieldFacts, compatible: boolean): TrackNumbering {
  const labelClass = labelClassOf(facts.fieldType);
  if (!facts.frameField || facts.unit === 'frame') return 'none';
  if (labelClass === 'Classification' || labelClass === 'Segmentation') return 'none';
  if (!renumbered.has(type)) return compatible ? 'none' : 'collisions';
  return compatible && facts.unit === 'clip' ? 'blind' : 'tracks';
}

/** The rules of a merge of scalars. `type` null: the field does not exist yet. */
export function scalarRulesFor(
  schema: FieldLabelSchema | null,
  facts: { readonly type: ScalarType | null; readonly frameField: boolean; readonly toOtherField?: boolean },
  options: LoadOptions = {},
): ScalarRules {
  return {
    type: facts.type,
    frameField: facts.frameField,
    allowAdditions: schema?.allow_additions !== false,
    allowDeletions: schema?.allow_deletions !== false,
    policy: options.policy ?? 'HOLD',
    compatible: options.compatible === true,
    tolerance: options.tolerance ?? 0,
    toOtherField: facts.toOtherField === true,
  };
}
