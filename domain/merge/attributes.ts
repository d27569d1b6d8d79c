import { canonicalJson, type Json, type JsonObject } from '../labels/index.js';

/**
 * Attributes live among the members of a label, or, older, in its member `attributes` as {name: {"_cls", "value"}}.
 * The older place wins where a name is in it.
 */
export const parseAttributes = (text: string | null): JsonObject =>
  text === null ? {} : (JSON.parse(text) as JsonObject);

/** The value of an attribute wherever it lives; null where there is none. */
export function attributeValue(attributes: JsonObject, name: string): Json {
  const older = olderAttribute(attributes, name);
  if (older !== null) return older.value ?? null;
  return Object.hasOwn(attributes, name) ? (attributes[name] ?? null) : null;
}

/** Sets an attribute where it lives, in place (the older member is copied first). Null erases. */
export function setAttribute(attributes: JsonObject, name: string, value: Json): void {
  const older = olderAttribute(attributes, name);
  if (older === null) attributes[name] = value;
  else attributes.attributes = { ...(attributes.attributes as JsonObject), [name]: { ...older, value } };
}

/** The canonical text, null where nothing is left. */
export function attributesText(attributes: JsonObject): string | null {
  const text = canonicalJson(attributes);
  return text === '{}' ? null : text;
}

/** All names that have a value, wherever they live. */
export function attributeNames(attributes: JsonObject): string[] {
  const older = attributes.attributes;
  if (!isObject(older)) return Object.keys(attributes);
  return [...Object.keys(attributes).filter((name) => name !== 'attributes'), ...Object.keys(older)];
}

function olderAttribute(attributes: JsonObject, name: string): JsonObject | null {
  const members = attributes.attributes;
  if (!isObject(members)) return null;
  const member = Object.hasOwn(members, name) ? members[name] : null;
  return isObject(member) ? member : null;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
