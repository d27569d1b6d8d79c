import type { FieldValue, JsonObject, Label, LabelClass } from '../../domain/labels/index.js';
import { binary, notANumber, objectId } from '../json/extended-json.js';
import { writtenPath } from '../media-path.js';
import { pathMembers } from './read-values.js';
import type { Slot } from './slots.js';

/**
 * Text of values as FiftyOne writes them. Labels are put together from their stored texts without parsing: that is
 * where an export of millions of labels spends its time.
 */

/** What is written on every label of a class before its own members. */
const head: Readonly<Record<LabelClass, string>> = {
  Classification: '"_cls": "Classification"',
  Detection: '"_cls": "Detection", "attributes": {}',
  Polyline: '"_cls": "Polyline", "attributes": {}',
  Keypoint: '"_cls": "Keypoint", "attributes": {}',
  Segmentation: '"_cls": "Segmentation"',
};

/** The same where the label has `attributes` of the older kind, which stand among its own members. */
const headWithAttributes = (labelClass: LabelClass): string => `"_cls": "${labelClass}"`;

/** What writing the values of one sample or frame needs to know. */
export interface WriteContext {
  readonly mediaRoot: string | null;
  /** Bytes of the masks that the labels at hand name. */
  readonly masks: ReadonlyMap<string, Uint8Array>;
}

/** The text of a field's value, or null where it holds nothing (its member is then left out). */
export function valueText(slot: Slot, value: FieldValue, context: WriteContext): string | null {
  if (slot.labelClass === null) return value.value === null ? null : plainText(value.value, context.mediaRoot);
  if (value.labels === null) return null;
  if (slot.listMember === null) {
    const label = value.labels[0];
    return label === undefined ? null : labelText(slot.labelClass, label, context);
  }
  let text = '';
  for (const label of value.labels) text += (text === '' ? '' : ', ') + labelText(slot.labelClass, label, context);
  const rest = value.value === null ? '' : withComma(inside(value.value));
  return `{"_cls": "${slot.field.type}", "${slot.listMember}": [${text}]${rest}}`;
}

function plainText(value: string, mediaRoot: string | null): string {
  if (mediaRoot === null || !/"(mask|map)_path"/.test(value) || !value.startsWith('{')) return value;
  return JSON.stringify(withWrittenPaths(JSON.parse(value) as JsonObject, mediaRoot));
}

/** The inside of an object's text. */
const inside = (text: string): string => text.slice(1, -1);
const withComma = (members: string): string => (members === '' ? '' : `, ${members}`);

function labelText(labelClass: LabelClass, label: Label, context: WriteContext): string {
  const attributes = label.attributes === null ? null : attributesText(label.attributes, context.mediaRoot);
  const isOlderKind = attributes?.includes('"attributes":') && 'attributes' in (JSON.parse(attributes) as JsonObject);
  let text = `{"_id": ${objectId(label.id)}, ${isOlderKind ? headWithAttributes(labelClass) : head[labelClass]}`;
  text += `, "tags": ${label.tags ?? '[]'}`;
  if (label.label !== null) text += `, "label": ${JSON.stringify(label.label)}`;
  if (label.geometry !== null) text += withComma(geometryText(labelClass, label.geometry, context));
  text += confidenceText(labelClass, label, attributes);
  if (label.index !== null) text += `, "index": ${label.index}`;
  if (attributes !== null) text += withComma(inside(attributes));
  return `${text}}`;
}

/** A keypoint's confidences are a list among the attributes; without any, null is written, as FiftyOne does. */
function confidenceText(labelClass: LabelClass, label: Label, attributes: string | null): string {
  if (label.confidence !== null) return `, "confidence": ${label.confidence}`;
  if (labelClass !== 'Keypoint') return '';
  const hasList = attributes?.includes('"confidence":') && 'confidence' in (JSON.parse(attributes) as JsonObject);
  return hasList ? '' : ', "confidence": null';
}

function geometryText(labelClass: LabelClass, geometry: string, context: WriteContext): string {
  const text = inside(geometry);
  if (labelClass === 'Keypoint' || labelClass === 'Polyline') {
    return text.includes('null') ? text.replaceAll('null', notANumber) : text;
  }
  const at = text.lastIndexOf('"mask":"'); // canonical order: nothing comes after a mask
  if (at < 0) return text;
  const hash = text.slice(at + 8, -1);
  const bytes = context.masks.get(hash);
  if (bytes === undefined) throw new Error(`the bytes of mask ${hash} were not fetched`);
  return `${text.slice(0, at)}"mask": ${binary(bytes)}`;
}

function attributesText(attributes: string, mediaRoot: string | null): string {
  if (mediaRoot === null || !attributes.includes('"mask_path":')) return attributes;
  return JSON.stringify(withWrittenPaths(JSON.parse(attributes) as JsonObject, mediaRoot));
}

function withWrittenPaths(document: JsonObject, mediaRoot: string): JsonObject {
  for (const member of pathMembers) {
    const path = document[member];
    if (typeof path === 'string') document[member] = writtenPath(path, mediaRoot);
  }
  return document;
}
