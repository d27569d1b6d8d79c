import { type LabelType, returnTypeOf } from '../labels/index.js';
import type { TypedContext } from './context.js';
import { isTrackable } from './observed-attributes.js';
import { type EditFlag, editFlags } from './request.js';

type Flags = Partial<Record<EditFlag | 'only_keyframes', boolean>>;

/**
 * The edit rules of a field. They protect what exists, so a new field has none; each exists only for types that have the
 * part it is about. Default: everything is allowed.
 */
export function resolveFlags(context: TypedContext): Flags {
  const flags: Flags = {};
  const applicable = context.existing === null ? [] : applicableFlags(context);
  for (const flag of editFlags) {
    const asked = context.definition.flags[flag];
    if (applicable.includes(flag)) flags[flag] = asked ?? true;
    else if (asked === false) withoutEffect(context, flag);
  }
  if (context.existing !== null && isTrackable(context)) {
    flags.only_keyframes = context.backend.capabilities.keyframes && (context.existing.labels?.keyframes ?? false);
  }
  return flags;
}

function applicableFlags(context: TypedContext): readonly EditFlag[] {
  const { type } = context;
  return [
    'allow_additions',
    'allow_deletions',
    ...(hasClass(type) ? (['allow_label_edits'] as const) : []),
    ...(isTrackable(context) ? (['allow_index_edits'] as const) : []),
    ...(hasGeometry(type) ? (['allow_spatial_edits'] as const) : []),
  ];
}

const hasClass = (type: LabelType): boolean => type !== 'scalar' && type !== 'segmentation';
const hasGeometry = (type: LabelType): boolean => !['scalar', 'classifications'].includes(returnTypeOf[type]);

function withoutEffect({ field, existing, type, warn }: TypedContext, flag: EditFlag): void {
  const reason = existing === null ? 'the field is new' : `it does not apply to ${type} of this field`;
  warn('FLAG_WITHOUT_EFFECT', `"${flag}" has no effect on field "${field}": ${reason}.`);
}
