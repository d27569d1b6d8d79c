import {
  AttributeDefaultError,
  AttributesInvalidError,
  AttributeTypeRequiredError,
  AttributeValuesRequiredError,
  UnsupportedAttributeTypeError,
} from '../errors/label-schema-errors.js';
import { isCloseJson, type Json, type JsonObject } from '../labels/index.js';
import type { TypedContext } from './context.js';
import { type Attributes, observedAttributes } from './observed-attributes.js';
import { isObject } from './request.js';
import type { AttributeSchema } from './types.js';

/** Types whose `values` nobody must give: free text has none, and a checkbox is on or off. */
const needNoValues = ['text', 'checkbox'];

/**
 * The attributes of a field, or of the classes of a group. `asked`: see `LabelSchemaRequest.attributes`.
 */
export function resolveAttributes(
  context: TypedContext,
  asked: Json | undefined,
  classes: ReadonlySet<string> | null = null,
): Attributes {
  if (context.type === 'scalar' || context.type === 'segmentation' || isNone(asked)) return {};
  if (context.backend.capabilities.attributeTypes.length === 0) return withoutAttributes(context, asked);
  if (asked === undefined || asked === true) return observedAttributes(context, asked === true, classes);
  if (isObject(asked)) return declared(context, asked);
  return named(context, asked);
}

const isNone = (asked: Json | undefined): boolean =>
  asked === null || asked === false || asked === '' || (Array.isArray(asked) && asked.length === 0);

function withoutAttributes({ backend, field, existing, warn }: TypedContext, asked: Json | undefined): Attributes {
  const observed = asked === undefined || asked === true;
  if (!observed || (existing?.labels?.attributes.length ?? 0) > 0) {
    warn('ATTRIBUTES_NOT_SUPPORTED', `${backend.name} has no attributes: those of field "${field}" stay at home.`);
  }
  return {};
}

function named({ backend, field }: TypedContext, asked: Json | undefined): Attributes {
  const names = typeof asked === 'string' ? [asked] : asked;
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) {
    throw new AttributesInvalidError(field, `${JSON.stringify(asked)} is none of these`);
  }
  return Object.fromEntries((names as string[]).map((name) => [name, backend.recommendAttribute(name, null)]));
}

function declared(context: TypedContext, asked: JsonObject): Attributes {
  return Object.fromEntries(Object.entries(asked).map(([name, own]) => [name, attribute(context, name, own)]));
}

function attribute(context: TypedContext, name: string, own: Json): AttributeSchema {
  if (own === null || (isObject(own) && Object.keys(own).length === 0)) {
    return context.backend.recommendAttribute(name, null);
  }
  if (!isObject(own)) throw new AttributesInvalidError(context.field, `"${name}" is ${JSON.stringify(own)}`);
  const { type, values, default: preset, mutable, read_only, ...rest } = own;
  const attributeType = checkedType(context, name, type ?? null);
  const choices = checkedValues(context, name, attributeType, values ?? null);
  const kept = { values: choices, default: preset, mutable, read_only };
  checkDefault(context.field, name, preset ?? null, choices);
  return { ...rest, type: attributeType, ...withoutNulls(kept) };
}

function checkedType({ backend, field }: TypedContext, name: string, type: Json): string {
  const { attributeTypes } = backend.capabilities;
  if (type === null) throw new AttributeTypeRequiredError(field, name, attributeTypes);
  if (typeof type === 'string' && attributeTypes.includes(type)) return type;
  throw new UnsupportedAttributeTypeError(
    field,
    name,
    typeof type === 'string' ? type : JSON.stringify(type),
    backend.name,
    attributeTypes,
  );
}

function checkedValues(context: TypedContext, name: string, type: string, values: Json): Json[] | null {
  if (Array.isArray(values) && (values.length > 0 || !needsValues(context, type))) return values;
  if (values !== null && !Array.isArray(values)) {
    throw new AttributesInvalidError(context.field, `the values of "${name}" are no list`);
  }
  if (needsValues(context, type)) throw new AttributeValuesRequiredError(context.field, name, type);
  return null;
}

const needsValues = ({ backend, compatible }: TypedContext, type: string): boolean =>
  backend.capabilities.attributeTypesWithValues.includes(type) && (compatible || !needNoValues.includes(type));

function checkDefault(field: string, name: string, preset: Json, values: Json[] | null): void {
  if (preset === null || values === null || values.length === 0) return;
  if (!values.some((value) => isCloseJson(value, preset, 0)))
    throw new AttributeDefaultError(field, name, preset, values);
}

const withoutNulls = (members: Record<string, Json | undefined>): JsonObject =>
  Object.fromEntries(Object.entries(members).filter((entry): entry is [string, Json] => (entry[1] ?? null) !== null));
