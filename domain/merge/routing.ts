import type { FieldLabelSchema, LabelSchema } from '../label-schema/types.js';
import { type FieldType, framePrefix, isFrameField, type ReturnType, returnTypeOf } from '../labels/index.js';
import type { UnexpectedRule } from '../run/requests.js';
import type { Warning } from '../run/run.js';

/**
 * Where labels of one type go that came back under one field of the label schema. `IGNORE` drops them, counted;
 * `suppressed` tells that they would have been kept or held if the field allowed additions.
 */
export type Route =
  | { readonly kind: 'EXPECTED' }
  | { readonly kind: 'KEEP'; readonly field: string }
  | { readonly kind: 'HOLD' | 'RETURN' }
  | { readonly kind: 'IGNORE'; readonly suppressed: boolean };

/** Decides for a field ("" for none) and a type whether the label schema asks for it, and else what becomes of it. */
export function routeReturned(schema: LabelSchema, field: string, type: ReturnType, unexpected: UnexpectedRule): Route {
  const fieldSchema = Object.hasOwn(schema, field) ? schema[field] : undefined;
  if (isExpected(fieldSchema, type)) return { kind: 'EXPECTED' };
  const route = routeUnexpected(field, type, unexpected);
  const isAddition = route.kind === 'KEEP' || route.kind === 'HOLD';
  return isAddition && fieldSchema?.allow_additions === false ? { kind: 'IGNORE', suppressed: true } : route;
}

const isExpected = (schema: FieldLabelSchema | undefined, type: ReturnType): boolean =>
  schema?.type !== undefined && returnTypeOf[schema.type] === type;

function routeUnexpected(field: string, type: ReturnType, unexpected: UnexpectedRule): Route {
  if (typeof unexpected !== 'string') return keptIn(field, namedTarget(type, unexpected));
  if (unexpected === 'KEEP') return keptIn(field, type);
  return unexpected === 'IGNORE' ? { kind: 'IGNORE', suppressed: false } : { kind: unexpected };
}

function namedTarget(type: ReturnType, unexpected: Exclude<UnexpectedRule, string>): string | undefined {
  if (isList(unexpected)) return unexpected.includes(type) ? type : undefined;
  return Object.hasOwn(unexpected, type) ? unexpected[type] : undefined;
}

const isList = (unexpected: Exclude<UnexpectedRule, string>): unexpected is readonly ReturnType[] =>
  Array.isArray(unexpected);

/** What comes back for frames is kept on frames. */
function keptIn(field: string, target: string | undefined): Route {
  if (target === undefined) return { kind: 'IGNORE', suppressed: false };
  const needsPrefix = isFrameField(field) && !isFrameField(target);
  return { kind: 'KEEP', field: needsPrefix ? `${framePrefix}${target}` : target };
}

/** The type of a field that unexpected labels are kept in; null for scalars, which take theirs from the first value. */
export const keptFieldType: Readonly<Record<ReturnType, FieldType | null>> = {
  classifications: 'Classifications',
  detections: 'Detections',
  polylines: 'Polylines',
  keypoints: 'Keypoints',
  segmentation: 'Segmentation',
  scalar: null,
};

/** The field that each field of a run is loaded into, and what of `destField` was not followed. */
export interface Destinations {
  readonly fields: ReadonlyMap<string, string>;
  readonly warnings: readonly Warning[];
}

/** Reads `destField`: a name holds only for a run of one field, a map for the fields that it names. */
export function resolveDestinations(
  fields: readonly string[],
  destField: string | Readonly<Record<string, string>> | null,
): Destinations {
  const own = new Map(fields.map((field) => [field, field]));
  if (destField === null) return { fields: own, warnings: [] };
  if (typeof destField === 'string') return toOneField(own, destField);
  const unknown = Object.keys(destField).filter((field) => !own.has(field));
  for (const field of fields) if (Object.hasOwn(destField, field)) own.set(field, destField[field] as string);
  return { fields: own, warnings: unknown.map(unknownField) };
}

function toOneField(own: Map<string, string>, destField: string): Destinations {
  const [first] = own.keys();
  if (own.size === 1 && first !== undefined) return { fields: new Map([[first, destField]]), warnings: [] };
  const message = `destField "${destField}" was ignored: the run has ${own.size} fields. Name each as {field: destination}.`;
  return { fields: own, warnings: [{ code: 'DEST_FIELD_IGNORED', message, field: null }] };
}

const unknownField = (field: string): Warning => ({
  code: 'DEST_FIELD_UNKNOWN',
  message: `destField names "${field}", which is not a field of this run; it was ignored.`,
  field,
});
