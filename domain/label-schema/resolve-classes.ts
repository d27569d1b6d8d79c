import { ClassesInvalidError, ClassesRequiredError } from '../errors/label-schema-errors.js';
import type { Json, JsonObject } from '../labels/index.js';
import type { TypedContext } from './context.js';
import { isNothing } from './inspect.js';
import { isObject } from './request.js';
import { resolveAttributes } from './resolve-attributes.js';
import type { ClassGroup } from './types.js';

export type Classes = readonly (string | ClassGroup)[];

/** The classes that annotators may give: as given, in their order, else all that the existing field holds, sorted. */
export function resolveClasses(context: TypedContext): Classes {
  const { definition, existing, field, type } = context;
  if (!isNothing(definition.classes)) {
    return elements(context, definition.classes).map((element) => given(context, element));
  }
  if (type === 'scalar') return [];
  if (existing === null) throw new ClassesRequiredError(field);
  return existing.classes;
}

/** A text stands for its letters, as in FiftyOne; the API refuses it before. */
function elements({ field }: TypedContext, classes: Json): readonly Json[] {
  if (typeof classes === 'string') return [...classes];
  if (Array.isArray(classes)) return classes;
  throw new ClassesInvalidError(field, `${JSON.stringify(classes)} is no list`);
}

function given(context: TypedContext, element: Json): string | ClassGroup {
  if (typeof element === 'string') return element;
  if (isObject(element)) return group(context, element);
  throw new ClassesInvalidError(context.field, `${JSON.stringify(element)} is neither a name nor a group`);
}

function group(context: TypedContext, element: JsonObject): ClassGroup {
  for (const key of ['classes', 'attributes']) {
    if (!Object.hasOwn(element, key)) throw new ClassesInvalidError(context.field, `a group has no "${key}"`);
  }
  const classes = groupClasses(context.field, element.classes ?? null);
  return { classes, attributes: resolveAttributes(context, element.attributes ?? null, new Set(classes)) };
}

function groupClasses(field: string, classes: Json): readonly string[] {
  if (typeof classes === 'string') return [classes];
  if (Array.isArray(classes) && classes.every((name) => typeof name === 'string')) return classes as string[];
  throw new ClassesInvalidError(field, `the classes of a group are ${JSON.stringify(classes)}`);
}

/** All class names, those inside groups too. */
export const classNames = (classes: Classes): string[] =>
  classes.flatMap((element) => (typeof element === 'string' ? [element] : element.classes));
