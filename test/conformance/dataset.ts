import {
  canonicalJson,
  documentOfLabel,
  elementClass,
  type Field,
  type FieldValue,
  isLabelClass,
  isListClass,
  isScalarType,
  type Label,
  type LabelClass,
  type LabelDocument,
  labelFromDocument,
  listMember,
  type Mask,
  type PackedMask,
  type WholeFrame,
  type WholeSample,
} from '../../domain/labels/index.js';
import { packMask, unpackMask } from '../../storage/mask-codec.js';
import type { Storage } from '../../storage/stores.js';
import type { Json, JsonObject, VectorDataset, VectorSample } from './vectors.js';

/** Masks met while reading a vector. */
export type Masks = Map<string, PackedMask>;

const packed = (value: Json, masks: Masks): string => {
  const { shape, data } = value as { shape: number[]; data: number[] };
  const mask = packMask({ shape, element: '<i8', data });
  masks.set(mask.hash, mask);
  return mask.hash;
};

/** A label of a vector as ours; its mask is packed. */
export function labelOfVector(
  labelClass: LabelClass,
  document: JsonObject,
  masks: Masks,
  id = String(document.id),
): Label {
  const { mask, ...rest } = document;
  const own = mask === undefined || mask === null ? rest : { ...rest, mask: packed(mask, masks) };
  return labelFromDocument(labelClass, own as LabelDocument, id);
}

/** What a vector says of one field on one sample or frame. */
export function valueOfVector(type: string, value: Json, masks: Masks): FieldValue {
  if (isListClass(type)) {
    const documents = (value as JsonObject)[listMember[type]] as JsonObject[];
    return { labels: documents.map((document) => labelOfVector(elementClass[type], document, masks)), value: null };
  }
  if (isLabelClass(type)) return { labels: [labelOfVector(type, value as JsonObject, masks)], value: null };
  return { labels: null, value: isScalarType(type) ? canonicalJson(value) : JSON.stringify(value) };
}

function fieldsOf(
  values: Readonly<Record<string, Json>>,
  types: Readonly<Record<string, string>>,
  prefix: string,
  masks: Masks,
): Map<string, FieldValue> {
  const fields = new Map<string, FieldValue>();
  for (const [name, value] of Object.entries(values)) {
    const type = types[`${prefix}${name}`];
    if (value !== null && type !== undefined) fields.set(name, valueOfVector(type, value, masks));
  }
  return fields;
}

export function wholeSample(sample: VectorSample, dataset: VectorDataset, masks: Masks): WholeSample {
  const groupType = dataset.group_media_types?.[sample.group?.name ?? ''];
  const mediaType = dataset.media_type === 'group' ? (groupType ?? 'image') : dataset.media_type;
  return {
    id: sample.id,
    path: sample.filepath,
    mediaType: mediaType as WholeSample['mediaType'],
    width: 1000,
    height: 1000,
    metadata: null,
    tags: [],
    group: sample.group ? { id: sample.group.id, slice: sample.group.name } : null,
    extra: null,
    fields: fieldsOf(sample.fields, dataset.field_schema, '', masks),
  };
}

function wholeFrames(sample: VectorSample, dataset: VectorDataset, masks: Masks): WholeFrame[] {
  return Object.entries(sample.frames ?? {}).map(([number, frame]) => ({
    id: frame.id,
    sampleId: sample.id,
    number: Number(number),
    extra: null,
    fields: fieldsOf(frame.fields, dataset.field_schema, 'frames.', masks),
  }));
}

/** Puts a vector's dataset into the database and gives its id. */
export async function storeDataset(storage: Storage, name: string, dataset: VectorDataset): Promise<number> {
  const masks: Masks = new Map();
  const samples = dataset.samples.map((sample) => wholeSample(sample, dataset, masks));
  const frames = dataset.samples.flatMap((sample) => wholeFrames(sample, dataset, masks));
  return storage.transaction(async (tx) => {
    const { id } = await storage.datasets.create(tx, {
      hex: newHex(),
      name,
      mediaType: dataset.media_type,
      document: null,
      persistent: true,
      maskTargets: dataset.mask_targets ?? {},
      defaultMaskTargets: dataset.default_mask_targets ?? null,
      groupField: dataset.media_type === 'group' ? 'group' : null,
      groupMediaTypes: dataset.group_media_types ?? {},
      defaultGroupSlice: dataset.media_type === 'group' ? 'left' : null,
      foreignRuns: null,
    });
    for (const field of fieldList(dataset)) await storage.datasets.ensureField(tx, id, field);
    await storage.samples.insertWhole(tx, id, samples, [...masks.values()]);
    if (frames.length > 0) await storage.samples.insertFrames(tx, id, frames, []);
    tx.emit({ kind: 'DATASET_CREATED', datasetId: id, detail: { name } });
    return id;
  });
}

const fieldList = (dataset: VectorDataset): Field[] =>
  Object.entries(dataset.field_schema).map(([name, type]) => ({ name, type, document: null }));

let made = 0;
/** A fresh 24-hex id that no vector uses. */
export const newHex = (): string => `9${(++made).toString(16).padStart(23, '0')}`;

/** The dataset as it stands in the database, in the vectors' form. */
export async function readDataset(storage: Storage, datasetId: number): Promise<VectorDataset> {
  const dataset = await storage.datasets.byId(datasetId);
  const fields = await storage.datasets.fields(datasetId);
  const types = Object.fromEntries(fields.map((field) => [field.name, field.type]));
  const samples = new Map<string, VectorSample & { frames: Record<string, unknown> }>();
  for await (const sample of storage.samples.whole(datasetId, {}))
    samples.set(sample.id, await vectorSample(storage, sample, types));
  for await (const frame of storage.samples.wholeFrames(datasetId, {})) {
    const into = samples.get(frame.sampleId);
    if (into)
      into.frames[frame.number] = { id: frame.id, fields: await vectorFields(storage, frame.fields, types, 'frames.') };
  }
  return {
    media_type: dataset?.mediaType ?? '',
    field_schema: types,
    samples: [...samples.values()] as unknown as VectorSample[],
  };
}

async function vectorSample(
  storage: Storage,
  sample: WholeSample,
  types: Record<string, string>,
): Promise<VectorSample & { frames: Record<string, unknown> }> {
  return {
    id: sample.id,
    filepath: sample.path,
    fields: await vectorFields(storage, sample.fields, types, ''),
    frames: {},
    ...(sample.group ? { group: { id: sample.group.id, name: sample.group.slice } } : {}),
  };
}

async function vectorFields(
  storage: Storage,
  fields: ReadonlyMap<string, FieldValue>,
  types: Record<string, string>,
  prefix: string,
): Promise<Record<string, Json>> {
  const result: Record<string, Json> = {};
  for (const [name, value] of fields) result[name] = await vectorValue(storage, types[`${prefix}${name}`] ?? '', value);
  return result;
}

async function vectorValue(storage: Storage, type: string, value: FieldValue): Promise<Json> {
  if (value.labels === null) return value.value === null ? null : (JSON.parse(value.value) as Json);
  const labelClass = isListClass(type) ? elementClass[type] : (type as LabelClass);
  const documents = await Promise.all(value.labels.map((label) => vectorLabel(storage, labelClass, label)));
  return isListClass(type) ? { _cls: type, [listMember[type]]: documents } : (documents[0] ?? null);
}

/** A label in the vectors' form, mask unpacked. */
export async function vectorLabel(storage: Storage, labelClass: LabelClass, label: Label): Promise<JsonObject> {
  const document = documentOfLabel(label) as JsonObject;
  const bytes = typeof document.mask === 'string' ? await storage.masks.get(document.mask) : null;
  return { _cls: labelClass, ...document, ...(bytes ? { mask: vectorMask(unpackMask(bytes)) } : {}) };
}

export const vectorMask = (mask: Mask): JsonObject => ({ shape: [...mask.shape], data: Array.from(mask.data) });
