import {
  type DatasetFacts,
  datasetField,
  type FieldFacts,
  LabelObserver,
  selectionOfView,
} from '../../domain/label-schema/index.js';
import {
  type FieldType,
  framePrefix,
  isListClass,
  type Json,
  type JsonObject,
  type Label,
  labelClassOf,
  labelFromDocument,
  listMember,
  type MediaType,
} from '../../domain/labels/index.js';
import { matchesFilter } from '../../domain/run/index.js';
import type { View } from '../../domain/view/view.js';

/** The parts of a conformance vector's dataset that label schemas depend on. */
export interface VectorDataset {
  readonly media_type: string;
  readonly field_schema: Readonly<Record<string, string>>;
  readonly declared_fields?: Readonly<Record<string, string>>;
  readonly samples: readonly VectorSample[];
  readonly mask_targets?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly default_mask_targets?: Readonly<Record<string, string>>;
  readonly group_media_types?: Readonly<Record<string, string>>;
}

interface VectorSample {
  readonly id: string;
  readonly fields: JsonObject;
  readonly frames?: Readonly<Record<string, { readonly fields: JsonObject }>>;
  readonly group?: { readonly name: string };
}

export type VectorView = { readonly kind: string } & Readonly<Record<string, Json>>;

/** The facts of a vector's dataset and view, straight from the JSON: what the server reads from storage. */
export function factsOfVector(dataset: VectorDataset, vectorView: VectorView | null): DatasetFacts {
  const view = viewOf(vectorView);
  const samples = dataset.samples.filter((sample) => isInView(sample, view));
  const unit = view?.frames ? 'frame' : view?.clips === undefined ? 'sample' : 'clip';
  const names = Object.entries(dataset.field_schema).filter(
    ([name]) => unit !== 'frame' || name.startsWith(framePrefix),
  );
  const fields = names.map(([stored, type]) => {
    const field = unit === 'frame' ? stored.slice(framePrefix.length) : stored;
    return [field, factsOfField(dataset, samples, datasetField(field, unit), type, view)] as const;
  });
  return {
    mediaType: mediaTypeOf(dataset, view, unit),
    unit,
    unitCount: samples.length,
    view,
    fields: new Map(fields),
    mediaFields: ['filepath', ...names.filter(([, type]) => type === 'string').map(([name]) => name)],
    maskTargets: dataset.mask_targets ?? {},
    defaultMaskTargets: dataset.default_mask_targets ?? null,
  };
}

/** A vector's view as ours. */
export function viewOf(view: VectorView | null): View | null {
  switch (view?.kind) {
    case undefined:
      return null;
    case 'select':
      return { samples: view.samples as string[] };
    case 'filter_labels':
      return {
        labels: [{ field: String(view.field), filter: { classes: view.labels as string[] }, onlyMatching: true }],
      };
    case 'patches':
      return { patches: String(view.field) };
    case 'group_slice':
      return { slices: [view.slices].flat() as string[] };
    case 'frames':
      return { frames: true };
    case 'clips':
      return { clips: String(view.support) };
    default:
      throw new Error(`a view of kind "${view?.kind}" is not known`);
  }
}

function isInView(sample: VectorSample, view: View | null): boolean {
  if (view?.samples !== undefined && !view.samples.includes(sample.id)) return false;
  return view?.slices === undefined || view.slices.includes(sample.group?.name ?? '');
}

function mediaTypeOf(dataset: VectorDataset, view: View | null, unit: string): DatasetFacts['mediaType'] {
  if (unit === 'frame') return 'image';
  if (dataset.media_type !== 'group') return dataset.media_type as MediaType;
  const chosen = new Set(view?.slices?.map((slice) => dataset.group_media_types?.[slice] ?? 'image') ?? []);
  const [only] = chosen;
  return only === undefined ? 'group' : chosen.size > 1 ? 'mixed' : (only as MediaType);
}

function factsOfField(
  dataset: VectorDataset,
  inView: readonly VectorSample[],
  field: string,
  type: string,
  view: View | null,
): FieldFacts {
  const observer = new LabelObserver(type);
  const { filter } = selectionOfView(field, view);
  for (const label of inView.flatMap((sample) => labelsOf(sample, field, type))) {
    if (filter === null || matchesFilter(label, filter)) observer.add(label);
  }
  const all = dataset.samples.flatMap((sample) => labelsOf(sample, field, type));
  const classes = new Set(all.map(({ label }) => label).filter((label) => label !== null));
  return { type, classes: [...classes].sort(), labels: observer.facts() };
}

/** All labels that a sample or its frames hold in a field, in order. */
export function labelsOf(sample: VectorSample, field: string, type: FieldType): readonly Label[] {
  if (!field.startsWith(framePrefix)) return labelsIn(sample.fields[field], type);
  const frames = Object.entries(sample.frames ?? {}).sort(([a], [b]) => Number(a) - Number(b));
  return frames.flatMap(([, frame]) => labelsIn(frame.fields[field.slice(framePrefix.length)], type));
}

function labelsIn(value: Json | undefined, type: FieldType): readonly Label[] {
  const labelClass = labelClassOf(type);
  if (labelClass === null || value === null || value === undefined) return [];
  const documents = isListClass(type) ? (value as JsonObject)[listMember[type]] : [value];
  return (documents as JsonObject[]).map(({ mask, id, ...members }) =>
    labelFromDocument(
      labelClass,
      mask === undefined || mask === null ? members : { ...members, mask: 'hash' },
      String(id),
    ),
  );
}
