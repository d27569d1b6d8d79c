import {
  type Field,
  type FieldType,
  isListClass,
  type Json,
  type JsonObject,
  type LabelClass,
} from '../../domain/labels/index.js';
import { slotOf } from './slots.js';

/**
 * Field entries of `metadata.json` for fields that FiftyOne has not described itself. Member lists follow what
 * FiftyOne 1.22 writes for each label class.
 */

interface EntryType {
  readonly ftype: string;
  readonly document?: string;
  readonly subfield?: string;
  readonly fields?: readonly JsonObject[];
}

const fieldClass = (name: string): string => `fiftyone.core.fields.${name}`;
const labelDocument = (name: string): string => `fiftyone.core.labels.${name}`;

function entry(name: string, type: EntryType, options: { member?: string; isReadOnly?: boolean } = {}): JsonObject {
  return {
    name,
    ftype: fieldClass(type.ftype),
    embedded_doc_type: type.document ?? null,
    subfield: type.subfield === undefined ? null : fieldClass(type.subfield),
    fields: [...(type.fields ?? [])],
    db_field: options.member ?? name,
    description: null,
    info: null,
    read_only: options.isReadOnly ?? false,
    created_at: null,
  };
}

const text: EntryType = { ftype: 'StringField' };
const integer: EntryType = { ftype: 'IntField' };
const float: EntryType = { ftype: 'FloatField' };
const bool: EntryType = { ftype: 'BooleanField' };
const date: EntryType = { ftype: 'DateTimeField' };
const idType: EntryType = { ftype: 'ObjectIdField' };
const tagList: EntryType = { ftype: 'ListField', subfield: 'StringField' };
const floatList: EntryType = { ftype: 'ListField', subfield: 'FloatField' };

const idAndTags = (): JsonObject[] => [entry('id', idType, { member: '_id' }), entry('tags', tagList)];
const olderAttributes = (): JsonObject =>
  entry('attributes', { ftype: 'DictField', subfield: 'EmbeddedDocumentField', document: labelDocument('Attribute') });

const labelMembers: Readonly<Record<LabelClass, () => JsonObject[]>> = {
  Classification: () => [
    ...idAndTags(),
    entry('label', text),
    entry('confidence', float),
    entry('logits', { ftype: 'VectorField' }),
  ],
  Detection: () => [
    ...idAndTags(),
    olderAttributes(),
    entry('label', text),
    entry('bounding_box', floatList),
    entry('mask', { ftype: 'ArrayField' }),
    entry('mask_path', text),
    entry('confidence', float),
    entry('index', integer),
  ],
  Polyline: () => [
    ...idAndTags(),
    olderAttributes(),
    entry('label', text),
    entry('points', { ftype: 'PolylinePointsField' }),
    entry('confidence', float),
    entry('index', integer),
    entry('closed', bool),
    entry('filled', bool),
  ],
  Keypoint: () => [
    ...idAndTags(),
    olderAttributes(),
    entry('label', text),
    entry('points', { ftype: 'KeypointsField' }),
    entry('confidence', floatList),
    entry('index', integer),
  ],
  Segmentation: () => [...idAndTags(), entry('mask', { ftype: 'ArrayField' }), entry('mask_path', text)],
};

const scalars: Readonly<Record<string, EntryType>> = { string: text, int: integer, float, bool };

/** The entry of one field: its own where it came with one, else a new one of its type. */
export function entryOfField(field: Field): JsonObject {
  return field.document ?? entry(slotOf(field).name, typeOf(field.type));
}

function typeOf(type: FieldType): EntryType {
  const scalar = scalars[type];
  if (scalar) return scalar;
  const slot = slotOf({ name: '', type, document: null });
  if (slot.labelClass === null)
    return type.endsWith('Field') ? { ftype: type } : { ftype: 'EmbeddedDocumentField', document: labelDocument(type) };
  const members = labelMembers[slot.labelClass]();
  if (!isListClass(type)) return { ftype: 'EmbeddedDocumentField', document: labelDocument(type), fields: members };
  const list: EntryType = {
    ftype: 'ListField',
    subfield: 'EmbeddedDocumentField',
    document: labelDocument(slot.labelClass),
    fields: members,
  };
  return {
    ftype: 'EmbeddedDocumentField',
    document: labelDocument(type),
    fields: [entry(slot.listMember ?? '', list)],
  };
}

const imageMetadata = (): JsonObject[] => [
  entry('size_bytes', integer),
  entry('mime_type', text),
  entry('width', integer),
  entry('height', integer),
  entry('num_channels', integer),
];

const videoMetadata = (): JsonObject[] => [
  entry('size_bytes', integer),
  entry('mime_type', text),
  entry('frame_width', integer),
  entry('frame_height', integer),
  entry('frame_rate', float),
  entry('total_frame_count', integer),
  entry('duration', float),
  entry('encoding_str', text),
];

function metadataType(mediaType: string): EntryType {
  if (mediaType === 'video') {
    return {
      ftype: 'EmbeddedDocumentField',
      document: 'fiftyone.core.metadata.VideoMetadata',
      fields: videoMetadata(),
    };
  }
  if (mediaType === 'image') {
    return {
      ftype: 'EmbeddedDocumentField',
      document: 'fiftyone.core.metadata.ImageMetadata',
      fields: imageMetadata(),
    };
  }
  return { ftype: 'EmbeddedDocumentField', document: 'fiftyone.core.metadata.Metadata' };
}

/** The entries that every dataset has for its samples. */
export function sampleEntries(mediaType: string, groupField: string | null): Json[] {
  const group: EntryType = {
    ftype: 'EmbeddedDocumentField',
    document: 'fiftyone.core.groups.Group',
    fields: [entry('id', idType, { member: '_id' }), entry('name', text)],
  };
  return [
    entry('id', idType, { member: '_id' }),
    entry('filepath', text),
    entry('tags', tagList),
    entry('metadata', metadataType(mediaType)),
    entry('created_at', date, { isReadOnly: true }),
    entry('last_modified_at', date, { isReadOnly: true }),
    entry('_media_type', text),
    entry('_rand', float),
    entry('_dataset_id', idType),
    ...(groupField === null ? [] : [entry(groupField, group)]),
  ];
}

/** The entries that every dataset with videos has for its frames. */
export const frameEntries = (): Json[] => [
  entry('id', idType, { member: '_id' }),
  entry('frame_number', { ftype: 'FrameNumberField' }),
  entry('created_at', date, { isReadOnly: true }),
  entry('last_modified_at', date, { isReadOnly: true }),
  entry('_sample_id', idType),
  entry('_dataset_id', idType),
];
