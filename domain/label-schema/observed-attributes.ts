import { isFrameField, type Json, returnTypeOf } from '../labels/index.js';
import type { FieldContext, TypedContext } from './context.js';
import { type AttributeFacts, mostStrings, type ValueKind } from './facts.js';
import { takenGeometry } from './resolve-type.js';
import type { AttributeSchema } from './types.js';

export type Attributes = Readonly<Record<string, AttributeSchema>>;

/** What all labels that a run takes say about one attribute. */
interface Observation {
  readonly name: string;
  readonly kinds: ReadonlySet<ValueKind>;
  readonly strings: ReadonlySet<string>;
  readonly first: Json;
}

/**
 * The attributes that the labels of an existing field have, each with the tool that suits its values: all of them
 * (`byAllValues`), or in FiftyOne's way the first one met. Of a class group only labels of its classes are looked at.
 */
export function observedAttributes(
  context: TypedContext,
  byAllValues: boolean,
  classes: ReadonlySet<string> | null,
): Attributes {
  const attributes: [string, AttributeSchema][] = [];
  for (const observation of observations(context, classes)) {
    const tool =
      byAllValues && !context.compatible
        ? toolForAll(context, observation)
        : context.backend.recommendAttribute(observation.name, observation.first);
    if (tool !== null) attributes.push([observation.name, tool]);
  }
  return Object.fromEntries(attributes);
}

function observations(context: TypedContext, classes: ReadonlySet<string> | null): readonly Observation[] {
  const byName = new Map<string, AttributeFacts[]>();
  for (const facts of taken(context, classes)) {
    const rows = byName.get(facts.name);
    if (rows === undefined) byName.set(facts.name, [facts]);
    else rows.push(facts);
  }
  return [...byName.values()].map(combined);
}

function taken(context: TypedContext, classes: ReadonlySet<string> | null): readonly AttributeFacts[] {
  const geometry = takenGeometry(context.type);
  const marksKeyframes = isTrackable(context);
  return (context.existing?.labels?.attributes ?? []).filter(
    (facts) =>
      facts.geometry === geometry &&
      (classes === null || (facts.label !== null && classes.has(facts.label))) &&
      !(marksKeyframes && facts.name === 'keyframe'),
  );
}

function combined(rows: readonly AttributeFacts[]): Observation {
  const first = rows.reduce((earliest, row) => (row.firstAt < earliest.firstAt ? row : earliest));
  return {
    name: first.name,
    kinds: new Set(rows.flatMap(({ kinds }) => kinds)),
    strings: new Set(rows.flatMap(({ strings }) => strings)),
    first: first.first,
  };
}

/** Whether the labels of a field can make tracks through a video: frame fields of boxes, polylines and keypoints. */
export const isTrackable = ({ field, type }: Pick<TypedContext, 'field' | 'type'>): boolean =>
  isFrameField(field) && ['detections', 'polylines', 'keypoints'].includes(returnTypeOf[type]);

/** Null where the values cannot be shown to annotators. */
function toolForAll(context: FieldContext, { name, kinds, strings, first }: Observation): AttributeSchema | null {
  const { backend } = context;
  if (kinds.has('list') || kinds.has('object')) return leftOut(context, name);
  if (kinds.size > 1) return backend.recommendAttribute(name, '');
  if (kinds.has('string') && isChoice(strings) && backend.capabilities.attributeTypes.includes('select')) {
    return { type: 'select', values: [...strings].sort() };
  }
  return backend.recommendAttribute(name, first);
}

/** One text alone is no choice: an annotator could never give another. */
const isChoice = (strings: ReadonlySet<string>): boolean => strings.size > 1 && strings.size < mostStrings;

function leftOut({ field, warn }: FieldContext, name: string): null {
  warn(
    'ATTRIBUTE_LEFT_OUT',
    `Attribute "${name}" of field "${field}" holds lists or objects, which nobody can annotate: it is left out and stays as it is.`,
  );
  return null;
}
