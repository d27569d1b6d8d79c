import {
  type Field,
  framePrefix,
  isFrameField,
  isListClass,
  isScalarType,
  type Json,
  type JsonObject,
  type LabelClass,
  labelClassOf,
  listMember,
} from '../../domain/labels/index.js';
import { isObject } from '../json/parse-json.js';

/** Where a field stands in the documents of a dataset's samples or frames. */
export interface Slot {
  readonly field: Field;
  /** Name inside the document: without `frames.`; for ids it differs from the field's name. */
  readonly member: string;
  /** Name without `frames.`. */
  readonly name: string;
  readonly labelClass: LabelClass | null;
  /** The member of the list document that holds the labels; null for single labels and other values. */
  readonly listMember: string | null;
}

const memberOf = (field: Field, name: string): string =>
  typeof field.document?.db_field === 'string' ? field.document.db_field : name;

/** The slot of a field; its member name is the one that FiftyOne's own entry gives, if there is one. */
export function slotOf(field: Field): Slot {
  const name = isFrameField(field.name) ? field.name.slice(framePrefix.length) : field.name;
  return {
    field,
    name,
    member: memberOf(field, name),
    labelClass: labelClassOf(field.type),
    listMember: isListClass(field.type) ? listMember[field.type] : null,
  };
}

/** Members of sample and frame documents that the model holds itself or carries in `extra`: no fields of ours. */
const builtIn = new Set(['id', 'filepath', 'tags', 'metadata', 'created_at', 'last_modified_at', 'frame_number']);

/** Whether a member of a sample or frame document is no field of ours. */
export const isBuiltInMember = (name: string, groupField: string | null): boolean =>
  builtIn.has(name) || name.startsWith('_') || name === groupField;

const scalarOfClass: Readonly<Record<string, string>> = {
  StringField: 'string',
  IntField: 'int',
  FloatField: 'float',
  BooleanField: 'bool',
};

const lastPart = (className: Json | undefined): string =>
  typeof className === 'string' ? (className.split('.').pop() ?? '') : '';

/** What a field entry of `metadata.json` says that the field holds; the class name itself where it is carried opaquely. */
function fieldTypeOfEntry(entry: JsonObject): string {
  const fieldClass = lastPart(entry.ftype);
  if (fieldClass === 'EmbeddedDocumentField') return lastPart(entry.embedded_doc_type) || fieldClass;
  return scalarOfClass[fieldClass] ?? (isScalarType(fieldClass) ? `${fieldClass}Field` : fieldClass || 'unknown');
}

/** The fields among the entries of `sample_fields` or `frame_fields`. */
export function fieldsOf(entries: Json | undefined, prefix: string, groupField: string | null): Field[] {
  return entriesOf(entries)
    .filter((entry) => !isBuiltInMember(String(entry.name), groupField))
    .map((entry) => ({ name: `${prefix}${String(entry.name)}`, type: fieldTypeOfEntry(entry), document: entry }));
}

/** The objects in a list of field entries; none where there is no list. */
export const entriesOf = (entries: Json | undefined): JsonObject[] =>
  Array.isArray(entries) ? entries.filter((entry) => isObject(entry)) : [];
