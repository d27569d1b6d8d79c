import type { AttributeSchema } from '../label-schema/types.js';
import { geometryMembers, isListClass } from '../labels/index.js';
import type { MergeRules } from './types.js';

/** An attribute that the label schema declares for a class. */
export interface Declared {
  readonly name: string;
  readonly readOnly: boolean;
}

/** Declared attributes of one class: those among the attributes, and those named like a part of the label. */
export interface DeclaredParts {
  readonly attributes: readonly Declared[];
  readonly parts: readonly Declared[];
  /** The names of `attributes`. */
  readonly names: ReadonlySet<string>;
}

/** Rules, worked out once per field and load so that the walk over labels only looks things up. */
export interface Plan {
  readonly rules: MergeRules;
  readonly hasClass: boolean;
  readonly hasIndex: boolean;
  /** The field holds one label, not a list. */
  readonly single: boolean;
  /** A label that comes back without track number loses it. On images it keeps it, unless compatible. */
  readonly erasesIndex: boolean;
  /** New labels lose their `keyframe` mark. */
  readonly dropsKeyframes: boolean;
  /** Read-only attributes are left out of new labels. */
  readonly guardsNewLabels: boolean;
  /** Null: all attributes of the payload are taken. */
  readonly declared: ((label: string | null) => DeclaredParts) | null;
}

const plans = new WeakMap<MergeRules, Plan>();

export function planOf(rules: MergeRules): Plan {
  const known = plans.get(rules);
  if (known !== undefined) return known;
  const made = makePlan(rules);
  plans.set(rules, made);
  return made;
}

function makePlan(rules: MergeRules): Plan {
  const { labelClass, numbering, compatible } = rules;
  return {
    rules,
    hasClass: labelClass !== 'Segmentation',
    hasIndex: labelClass !== 'Segmentation' && labelClass !== 'Classification',
    single: !isListClass(rules.fieldType),
    erasesIndex: compatible || numbering !== 'none',
    dropsKeyframes: (numbering === 'tracks' || numbering === 'blind') && !rules.onlyKeyframes,
    guardsNewLabels: !compatible && rules.existingField,
    declared: rules.schema === null ? null : declaredIn(rules),
  };
}

function declaredIn(rules: MergeRules): (label: string | null) => DeclaredParts {
  const common = rules.schema?.attributes ?? {};
  const otherwise = partsOf(common, rules);
  const byClass = new Map<string, DeclaredParts>();
  for (const group of rules.schema?.classes ?? []) {
    if (typeof group === 'string' || group.attributes === undefined) continue;
    const parts = partsOf({ ...common, ...group.attributes }, rules);
    for (const name of group.classes) byClass.set(name, parts);
  }
  return (label) => (label === null ? otherwise : (byClass.get(label) ?? otherwise));
}

function partsOf(schemas: Readonly<Record<string, AttributeSchema>>, rules: MergeRules): DeclaredParts {
  const attributes: Declared[] = rules.onlyKeyframes ? [keyframeOf(schemas, rules)] : [];
  const parts: Declared[] = [];
  for (const [name, schema] of Object.entries(schemas)) {
    const declared = { name, readOnly: schema.read_only === true };
    if (isPart(name, rules)) parts.push(declared);
    else if (name !== 'keyframe' || !rules.onlyKeyframes) attributes.push(declared);
  }
  return { attributes, parts, names: new Set(attributes.map(({ name }) => name)) };
}

/** The mark goes out wherever there are keyframes, declared or not; it is read-only only where it is declared so. */
const keyframeOf = ({ keyframe }: Readonly<Record<string, AttributeSchema>>, { compatible }: MergeRules): Declared => ({
  name: 'keyframe',
  readOnly: !compatible && keyframe?.read_only === true,
});

const isPart = (name: string, rules: MergeRules): boolean =>
  ['id', 'label', 'index', 'confidence', 'tags'].includes(name) || geometryMembers[rules.labelClass].includes(name);
