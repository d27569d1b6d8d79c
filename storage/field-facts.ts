import {
  type DatasetFacts,
  type FieldFacts,
  type FieldInspection,
  fieldsToInspect,
  LabelObserver,
  type LabelSchemaRequest,
} from '../domain/label-schema/index.js';
import { framePrefix, isFrameField, labelClassOf, type MediaType } from '../domain/labels/index.js';
import type { RunUnit } from '../domain/run/index.js';
import type { View } from '../domain/view/view.js';
import type { Dataset, Storage, StoredField } from './stores.js';
import { storedName } from './view-query.js';

type Stores = Pick<Storage, 'datasets' | 'labels' | 'samples'>;

/** What the resolution of a request must know of the dataset and the view. VIEW_INVALID, UNKNOWN_FIELD, LABEL_SCHEMA_INVALID. */
export async function gatherFacts(
  storage: Stores,
  dataset: Dataset,
  view: View | null,
  request: LabelSchemaRequest,
): Promise<DatasetFacts> {
  const stored = await storage.datasets.fields(dataset.id);
  const unitCount = await storage.samples.count(dataset.id, view === null ? {} : { view });
  const fields = new Map<string, FieldFacts>();
  for (const inspection of fieldsToInspect(request)) {
    const facts = await observeField(storage, stored, inspection, view);
    if (facts !== null) fields.set(inspection.field, facts);
  }
  return {
    mediaType: await mediaTypeOf(storage, dataset, view),
    unit: unitOf(view),
    unitCount,
    view,
    slices: Object.keys(dataset.groupMediaTypes),
    fields,
    mediaFields: [
      'filepath',
      ...stored.filter(({ name, type }) => type === 'string' && !isFrameField(name)).map(({ name }) => name),
    ],
    maskTargets: maskTargetsOf(dataset, view),
    defaultMaskTargets: dataset.defaultMaskTargets,
  };
}

/**
 * Looks at one field; null when the dataset has no such field. The view's labels are always walked, for the warnings about
 * labels left out; their attributes are read only where they are asked for, which is most of the cost.
 */
async function observeField(
  storage: Pick<Storage, 'labels'>,
  fields: readonly StoredField[],
  inspection: FieldInspection,
  view: View | null,
): Promise<FieldFacts | null> {
  const field = fields.find(({ name }) => name === storedName(view, inspection.field));
  if (field === undefined) return null;
  if (labelClassOf(field.type) === null) return { type: field.type, classes: [], labels: null };
  return {
    type: field.type,
    classes: inspection.classes ? await storage.labels.classes(field) : [],
    labels: await observedLabels(storage, field, view, inspection.labels),
  };
}

async function observedLabels(
  storage: Pick<Storage, 'labels'>,
  field: StoredField,
  view: View | null,
  withAttributes: boolean,
): Promise<FieldFacts['labels']> {
  const observer = new LabelObserver(field.type);
  for await (const labels of storage.labels.scan(field, view))
    for (const label of labels) observer.add(withAttributes ? label : { ...label, attributes: null });
  return observer.facts();
}

const unitOf = (view: View | null): RunUnit => (view?.frames ? 'frame' : view?.clips !== undefined ? 'clip' : 'sample');

const mediaTypes: readonly MediaType[] = ['image', 'video', '3d', 'point-cloud'];
const isMediaType = (type: string | undefined): type is MediaType =>
  (mediaTypes as readonly (string | undefined)[]).includes(type);

/** Of the units: frames are images. */
async function mediaTypeOf(storage: Stores, dataset: Dataset, view: View | null): Promise<DatasetFacts['mediaType']> {
  if (view?.frames) return 'image';
  if (isMediaType(dataset.mediaType)) return dataset.mediaType;
  if (dataset.mediaType === 'group' && view?.slices === undefined) return 'group';
  const found = await mediaTypesIn(storage, dataset, view);
  return found.length > 1 ? 'mixed' : (found[0] ?? 'image');
}

async function mediaTypesIn(storage: Stores, dataset: Dataset, view: View | null): Promise<readonly MediaType[]> {
  const known = (view?.slices ?? []).map((slice) => dataset.groupMediaTypes[slice]);
  if (known.length > 0 && known.every(isMediaType)) return [...new Set(known)];
  const found: MediaType[] = [];
  for (const mediaType of mediaTypes) {
    const { items } = await storage.samples.list(
      dataset.id,
      { first: 1 },
      { filter: { mediaType }, ...(view === null ? {} : { view }) },
    );
    if (items.length > 0) found.push(mediaType);
  }
  return found;
}

/** By field as the view names it: without prefix in a view of frames. */
function maskTargetsOf(dataset: Dataset, view: View | null): DatasetFacts['maskTargets'] {
  if (!view?.frames) return dataset.maskTargets;
  const named = Object.entries(dataset.maskTargets).filter(([name]) => isFrameField(name));
  return Object.fromEntries(named.map(([name, targets]) => [name.slice(framePrefix.length), targets]));
}
