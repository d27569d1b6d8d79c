import {
  canonicalJson,
  geometryMembers,
  isCloseJson,
  type Json,
  type JsonObject,
  type Label,
} from '../labels/index.js';
import { isSameWhereDeclared } from './attribute-text.js';
import { attributeNames, attributesText, attributeValue, parseAttributes, setAttribute } from './attributes.js';
import { type Edit, editPart } from './edit.js';
import { judge } from './judge.js';
import type { Declared } from './plan.js';

/** Judges the declared attributes one by one. The class after the edit of the class decides which are declared. */
export function editAttributes(edit: Edit, present: readonly string[] | null): void {
  const { before, now, after, plan } = edit;
  const declared = plan.declared?.(edit.result.label) ?? null;
  if (declared !== null && declared.parts.length > 0) editDeclaredParts(edit, declared.parts, present);
  if (before.attributes === after.attributes && now.attributes === after.attributes) return;
  if (declared !== null && now.attributes === before.attributes && isAsSent(edit, declared.names)) return;
  const returned = parseAttributes(after.attributes);
  const names = declared === null ? allOf(returned) : declared.attributes;
  if (names.length === 0) return;
  const here = parseAttributes(now.attributes);
  const sent = now.attributes === before.attributes ? here : parseAttributes(before.attributes);
  const texts = new AttributeTexts(here);
  for (const attribute of names) {
    if (present !== null && !present.includes(attribute.name)) continue;
    editAttribute(edit, attribute, { sent, here, returned }, texts);
  }
  texts.finish(edit);
}

const isAsSent = ({ before, after }: Edit, names: ReadonlySet<string>): boolean =>
  isSameWhereDeclared(after.attributes, before.attributes, names);

const allOf = (attributes: JsonObject): readonly Declared[] =>
  attributeNames(attributes).map((name) => ({ name, readOnly: false }));

interface Sides {
  readonly sent: JsonObject;
  readonly here: JsonObject;
  readonly returned: JsonObject;
}

function editAttribute(edit: Edit, { name, readOnly }: Declared, sides: Sides, texts: AttributeTexts): void {
  const now = attributeValue(sides.here, name);
  const returned = attributeValue(sides.returned, name);
  if (returned === now) return;
  const before = attributeValue(sides.sent, name);
  const { tolerance, compatible } = edit.plan.rules;
  const comparison = {
    afterIsNow: isSame(now, returned, tolerance),
    afterIsBefore: isSame(before, returned, tolerance),
    nowIsBefore: sides.sent === sides.here || isSame(now, before, 0),
  };
  const verdict = judge(comparison, !readOnly, compatible);
  if (verdict === 'same') return;
  const theirs = comparison.afterIsBefore ? before : returned;
  const finding = { what: 'attribute', attribute: name, ours: now, theirs } as const;
  texts.set(name, theirs, verdict !== 'ours' && edit.settle(verdict, finding, 'READ_ONLY_ATTRIBUTE'));
}

const isSame = (a: Json, b: Json, tolerance: number): boolean =>
  a === b || (isObjectOrNumber(a) && isCloseJson(a, b, tolerance));
const isObjectOrNumber = (value: Json): boolean => typeof value === 'object' || typeof value === 'number';

/** The attributes to write and those the annotators left, copied from what is here when the first one differs. */
class AttributeTexts {
  private result: JsonObject | null = null;
  private theirs: JsonObject | null = null;
  private isLeft = false;

  constructor(private readonly here: JsonObject) {}

  set(name: string, value: Json, isWritten: boolean): void {
    this.theirs ??= { ...this.here };
    setAttribute(this.theirs, name, value);
    if (!isWritten) {
      this.isLeft = true;
      return;
    }
    this.result ??= { ...this.here };
    setAttribute(this.result, name, value);
  }

  finish(edit: Edit): void {
    if (this.result !== null) edit.write('attributes', attributesText(this.result));
    if (this.isLeft && this.theirs !== null) edit.leave('attributes', attributesText(this.theirs));
  }
}

/** Attributes named like a part that no flag guards are that part: `confidence` and `tags`. */
function editDeclaredParts(edit: Edit, parts: readonly Declared[], present: readonly string[] | null): void {
  for (const { name, readOnly } of parts) {
    if (present !== null && !present.includes(name)) continue;
    if (name === 'confidence' || name === 'tags') editPart(edit, name, !readOnly, 'READ_ONLY_ATTRIBUTE');
  }
}

/**
 * Compatible with FiftyOne only: an attribute named like another part (`label`, `bounding_box`) overwrites that part,
 * whatever the flags say.
 */
export function overwriteCore(edit: Edit): void {
  const { after, plan } = edit;
  const members = geometryMembers[plan.rules.labelClass];
  for (const { name, readOnly } of plan.declared?.(edit.result.label).parts ?? []) {
    if (readOnly) continue;
    if (name === 'label' && edit.result.label !== after.label) edit.write('label', after.label);
    if (name === 'index' && edit.result.index !== after.index) edit.write('index', after.index);
    if (members.includes(name)) overwriteMember(edit, name);
  }
}

function overwriteMember(edit: Edit, name: string): void {
  const geometry = parseAttributes(edit.result.geometry);
  const returned = parseAttributes(edit.after.geometry);
  geometry[name] = returned[name] ?? null;
  const text = canonicalJson(geometry);
  const written: Label['geometry'] = text === '{}' ? null : text;
  if (written !== edit.result.geometry) edit.write('geometry', written);
}
