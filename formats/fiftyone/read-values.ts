import { MalformedFileError } from '../../domain/errors/index.js';
import {
  canonicalJson,
  type FieldValue,
  type Json,
  type JsonObject,
  type Label,
  type LabelClass,
  type LabelDocument,
  labelFromDocument,
  type PackedMask,
} from '../../domain/labels/index.js';
import type { MaskIntake } from '../format.js';
import { bytesOf, isNotANumber, objectIdOf } from '../json/extended-json.js';
import { isObject } from '../json/parse-json.js';
import { absolutePath } from '../media-path.js';
import type { Report } from '../report.js';
import { stableId } from '../stable-id.js';
import type { Slot } from './slots.js';

/** What reading the values of one sample or frame needs to know. */
export interface ValueContext {
  readonly file: string;
  /** Path of the document in the file, e.g. `samples[12]`. */
  readonly where: () => string;
  /** Id of the sample or frame. */
  readonly ownerId: string;
  readonly root: string;
  readonly intake: MaskIntake;
  readonly masks: PackedMask[];
  readonly report: Report;
}

/** Reads what one field holds on one sample or frame. Throws `MalformedFileError` for anything but what the field's type says. */
export function readValue(slot: Slot, value: Json, context: ValueContext): FieldValue {
  if (slot.labelClass === null) return { labels: null, value: plainValue(value, context) };
  if (!isObject(value) || (value._cls !== undefined && value._cls !== slot.field.type)) {
    throw malformed(slot, context, `a ${slot.field.type} document`);
  }
  if (slot.listMember === null) return { labels: readLabels(slot, slot.labelClass, [value], context), value: null };
  const list = value[slot.listMember] ?? [];
  if (!Array.isArray(list)) throw malformed(slot, context, `a list "${slot.listMember}"`);
  return { labels: readLabels(slot, slot.labelClass, list, context), value: restOf(value, slot.listMember) };
}

const malformed = (slot: Slot, context: ValueContext, expected: string): MalformedFileError =>
  new MalformedFileError(context.file, `${context.where()}.${slot.member}`, expected);

/** Scalars get the one text of their value; opaque values keep the order of their members. */
function plainValue(value: Json, context: ValueContext): string {
  if (isObject(value)) value = withAbsolutePath(value, context.root) as JsonObject;
  return typeof value === 'object' ? JSON.stringify(value) : canonicalJson(value);
}

/** The members of a list document beside its labels, e.g. `logits`. */
function restOf(container: JsonObject, listMember: string): string | null {
  let rest: JsonObject | null = null;
  for (const key in container) {
    const value = container[key];
    if (key === '_cls' || key === listMember || value === null || value === undefined) continue;
    rest ??= {};
    rest[key] = value;
  }
  return rest === null ? null : canonicalJson(rest);
}

function readLabels(slot: Slot, labelClass: LabelClass, documents: Json[], context: ValueContext): Label[] {
  const labels: Label[] = new Array(documents.length);
  const ids = new Set<string>();
  for (let i = 0; i < documents.length; i++) {
    const document = documents[i];
    if (!isObject(document)) throw malformed(slot, context, `an object as label ${i}`);
    const id = uniqueId(slot, document, i, ids, context);
    labels[i] = labelFromDocument(labelClass, withOurForms(slot, labelClass, document, context), id);
  }
  return labels;
}

function uniqueId(
  slot: Slot,
  document: JsonObject,
  position: number,
  taken: Set<string>,
  context: ValueContext,
): string {
  const own = objectIdOf(document._id);
  const id =
    own === null || taken.has(own) ? stableId(`label\n${context.ownerId}\n${slot.field.name}\n${position}`) : own;
  if (own !== null && id !== own) {
    context.report.note(
      'DUPLICATE_LABEL_ID',
      slot.field.name,
      'Labels with an id that an earlier label of the same list has were given a new id.',
    );
  }
  taken.add(id);
  return id;
}

/** Puts a mask's hash in place of its bytes, null in place of NaN, an absolute path in place of a relative one; in place. */
function withOurForms(slot: Slot, labelClass: LabelClass, document: JsonObject, context: ValueContext): LabelDocument {
  const { mask } = document;
  if (mask !== undefined && mask !== null && (labelClass === 'Detection' || labelClass === 'Segmentation')) {
    document.mask = nameMask(slot, mask, context);
  }
  if (document.points !== undefined && (labelClass === 'Keypoint' || labelClass === 'Polyline')) {
    document.points = withoutNaN(document.points);
  }
  if (document.mask_path !== undefined) {
    withAbsolutePath(document, context.root);
    context.report.note(
      'MASKS_ON_DISK',
      slot.field.name,
      'Labels name a mask file on disk: the path is kept, the pixels are not read.',
    );
  }
  return document;
}

function nameMask(slot: Slot, value: Json, context: ValueContext): string {
  const bytes = bytesOf(value);
  if (bytes === null) throw malformed(slot, context, 'a mask as bytes');
  try {
    const packed = context.intake.name(bytes);
    context.masks.push(packed);
    return packed.hash;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MalformedFileError(
      context.file,
      `${context.where()}.${slot.member}`,
      `a zlib stream of a NumPy array as mask (${reason})`,
      { cause },
    );
  }
}

function withoutNaN(value: Json): Json {
  if (isNotANumber(value)) return null;
  if (!Array.isArray(value)) return value;
  for (let i = 0; i < value.length; i++) {
    const entry = value[i] as Json;
    if (typeof entry !== 'number') value[i] = withoutNaN(entry);
  }
  return value;
}

/** Members that name a file beside the media. */
export const pathMembers = ['mask_path', 'map_path'] as const;

function withAbsolutePath(document: JsonObject, root: string): JsonObject {
  for (const member of pathMembers) {
    const path = document[member];
    if (typeof path === 'string') document[member] = absolutePath(path, root);
  }
  return document;
}
