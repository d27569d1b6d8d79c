import type { AttributeSchema, FieldLabelSchema } from '../label-schema/types.js';
import { attributesOf, canonicalJson, type Json, type Label } from '../labels/index.js';

/**
 * The label as annotators get it: class, geometry, track number, `keyframe` and the attributes that the label schema
 * declares for its class. What nobody is asked about (other attributes, confidence, tags) stays at home.
 */
export function sentLabel(label: Label, declared: (label: string | null) => ReadonlySet<string>): Label {
  return { ...label, attributes: sentAttributes(label, declared(label.label)), confidence: null, tags: null };
}

function sentAttributes(label: Label, names: ReadonlySet<string>): string | null {
  if (label.attributes === null) return null;
  const sent: Record<string, Json> = {};
  let some = false;
  for (const [name, value] of Object.entries(attributesOf(label))) {
    const kept = name === 'attributes' ? legacy(value, names) : name === 'keyframe' || names.has(name) ? value : null;
    if (kept === null) continue;
    sent[name] = kept;
    some = true;
  }
  return some ? canonicalJson(sent) : null;
}

/** FiftyOne's older attributes live in one member `attributes`: {name: {"_cls", "value"}}. */
function legacy(value: Json, names: ReadonlySet<string>): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  const kept = Object.entries(value).filter(([name]) => names.has(name));
  return kept.length === 0 ? null : Object.fromEntries(kept);
}

/** The names of the attributes that a label schema declares for a class, those of its class groups included. */
export function declaredAttributes(schema: FieldLabelSchema): (label: string | null) => ReadonlySet<string> {
  const common = Object.keys(schema.attributes ?? {});
  const byClass = new Map<string, Set<string>>();
  for (const group of schema.classes ?? []) {
    if (typeof group === 'string') continue;
    for (const name of group.classes) byClass.set(name, new Set([...common, ...names(group.attributes)]));
  }
  const otherwise = new Set(common);
  return (label) => (label === null ? otherwise : (byClass.get(label) ?? otherwise));
}

const names = (attributes: Readonly<Record<string, AttributeSchema>> | undefined): string[] =>
  Object.keys(attributes ?? {});
