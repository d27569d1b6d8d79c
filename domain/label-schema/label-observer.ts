import { attributesOf, type FieldType, geometryMembers, type Json, type Label, labelClassOf } from '../labels/index.js';
import { type AttributeFacts, type Geometry, type LabelFacts, mostStrings, type ValueKind } from './facts.js';

/** Members of labels that FiftyOne knows itself: never attributes that somebody chose. */
const builtIn = new Set(['confidence', 'index', 'tags', 'label', 'attributes', 'logits', 'mask_path', 'instance']);

interface Summary {
  readonly name: string;
  readonly geometry: Geometry;
  readonly label: string | null;
  readonly kinds: Set<ValueKind>;
  readonly strings: Set<string>;
  readonly first: Json;
  readonly firstAt: number;
}

interface Group {
  readonly geometry: Geometry;
  readonly label: string | null;
  count: number;
  readonly attributes: Map<string, Summary>;
}

/**
 * Sums up the labels of a field, one by one in the order of the view. Holds a row per (geometry, class, attribute) with
 * at most `mostStrings` texts, however many labels there are.
 */
export class LabelObserver {
  private readonly groups = new Map<string, Group>();
  private readonly core: ReadonlySet<string>;
  private seen = 0;
  private keyframes = false;

  constructor(private readonly fieldType: FieldType) {
    const labelClass = labelClassOf(fieldType);
    this.core = new Set([...builtIn, ...(labelClass === null ? [] : geometryMembers[labelClass])]);
  }

  add(label: Label): void {
    const group = this.group(geometryKind(this.fieldType, label), label.label);
    group.count++;
    this.seen++;
    if (label.attributes === null) return;
    for (const [name, value] of Object.entries(attributesOf(label))) {
      if (name === 'keyframe' && value === true) this.keyframes = true;
      if (name === 'attributes') this.addLegacy(group, value);
      else if (!this.core.has(name) && !name.startsWith('_')) this.addValue(group, name, value);
    }
  }

  facts(): LabelFacts {
    const groups = [...this.groups.values()];
    return {
      counts: groups.map(({ geometry, label, count }) => ({ geometry, label, count })),
      keyframes: this.keyframes,
      attributes: groups.flatMap((group) => [...group.attributes.values()].map(factsOf)),
    };
  }

  /** FiftyOne's older attributes: `attributes: {name: {"_cls", "value"}}`. */
  private addLegacy(group: Group, attributes: Json): void {
    if (typeof attributes !== 'object' || attributes === null || Array.isArray(attributes)) return;
    for (const [name, entry] of Object.entries(attributes)) {
      if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) continue;
      this.addValue(group, name, entry.value ?? null);
    }
  }

  private addValue(group: Group, name: string, value: Json): void {
    if (value === null) return;
    let summary = group.attributes.get(name);
    if (summary === undefined) {
      const { geometry, label } = group;
      summary = { name, geometry, label, kinds: new Set(), strings: new Set(), first: value, firstAt: this.seen };
      group.attributes.set(name, summary);
    }
    summary.kinds.add(kindOf(value));
    if (typeof value === 'string' && summary.strings.size < mostStrings) summary.strings.add(value);
  }

  private group(geometry: Geometry, label: string | null): Group {
    const key = `${geometry ?? ''}:${label === null ? 'null' : JSON.stringify(label)}`;
    let group = this.groups.get(key);
    if (group === undefined) {
      group = { geometry, label, count: 0, attributes: new Map() };
      this.groups.set(key, group);
    }
    return group;
  }
}

const factsOf = (summary: Summary): AttributeFacts => ({
  ...summary,
  kinds: [...summary.kinds],
  strings: [...summary.strings],
});

function kindOf(value: NonNullable<Json>): ValueKind {
  if (Array.isArray(value)) return 'list';
  return typeof value as Exclude<ValueKind, 'list'>;
}

/** Read from the text: the geometry of a polyline can be long, and parsing it would cost more than all the rest. */
function geometryKind(type: FieldType, { geometry }: Label): Geometry {
  const labelClass = labelClassOf(type);
  if (labelClass === 'Detection') return geometry?.includes('"mask":"') ? 'masked' : 'unmasked';
  if (labelClass === 'Polyline') return geometry?.includes('"filled":true') ? 'filled' : 'open';
  return null;
}
