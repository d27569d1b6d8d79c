import { type Field, isFrameField, type Json, type JsonObject } from '../../domain/labels/index.js';
import type { DatasetHeader } from '../format.js';
import { objectIdOf } from '../json/extended-json.js';
import { isObject } from '../json/parse-json.js';
import { stableId } from '../stable-id.js';
import { entryOfField, frameEntries, sampleEntries } from './field-entries.js';
import { entriesOf, isBuiltInMember, slotOf } from './slots.js';

/** The FiftyOne version that a dataset of another origin is written for. */
const writtenFor = '1.22.1';

/** Whether the carried document is FiftyOne's own, which then is completed by nothing. */
const isTheirs = (document: JsonObject | null): document is JsonObject => typeof document?.version === 'string';

/** Whether the dataset holds videos, or fields for their frames: then it has a `frames.json`. */
export const hasVideos = (header: DatasetHeader): boolean =>
  header.mediaType === 'video' ||
  Object.values(header.groupMediaTypes).includes('video') ||
  header.fields.some((field) => isFrameField(field.name));

/** The id under which samples name their dataset. */
export const datasetIdOf = (header: DatasetHeader): string =>
  objectIdOf(header.document?._id) ?? stableId(`dataset\n${header.name ?? ''}`);

/** The document of `metadata.json`. `fields` are those to be written; `now` dates a dataset that has no dates yet. */
export function metadataOf(header: DatasetHeader, fields: readonly Field[], now: Date): JsonObject {
  const document = header.document ?? {};
  const base = isTheirs(header.document) ? document : { ...freshDocument(header, now), ...document };
  const written: JsonObject = {
    ...base,
    name: header.name ?? base.name ?? 'dataset',
    slug: slugOf(header, base),
    media_type: header.mediaType,
    persistent: header.persistent,
    group_media_types: header.groupMediaTypes,
    mask_targets: { ...(isObject(base.mask_targets) ? base.mask_targets : {}), ...header.maskTargets },
    sample_fields: entriesFor(base.sample_fields, fields, header, false),
    annotation_runs: Object.fromEntries(Object.entries(header.runs).map(([key, run]) => [key, run.entry])),
  };
  if ('frame_fields' in base || hasVideos(header)) {
    written.frame_fields = entriesFor(base.frame_fields, fields, header, true);
  }
  if (header.defaultMaskTargets !== null) written.default_mask_targets = header.defaultMaskTargets;
  if (header.groupField !== null) written.group_field = header.groupField;
  if (header.defaultGroupSlice !== null) written.default_group_slice = header.defaultGroupSlice;
  return written;
}

/** Entries in the order they had; those of fields that are no longer there are left out, new ones follow. */
function entriesFor(
  entries: Json | undefined,
  fields: readonly Field[],
  header: DatasetHeader,
  ofFrames: boolean,
): Json[] {
  const ours = new Map(
    fields.filter((field) => isFrameField(field.name) === ofFrames).map((field) => [slotOf(field).name, field]),
  );
  const written: Json[] = [];
  for (const entry of entriesOf(entries ?? baseEntries(header, ofFrames))) {
    const name = String(entry.name);
    const field = ours.get(name);
    ours.delete(name);
    if (field) written.push(entryOfField(field));
    else if (isBuiltInMember(name, header.groupField)) written.push(entry);
  }
  return [...written, ...[...ours.values()].map(entryOfField)];
}

function baseEntries(header: DatasetHeader, ofFrames: boolean): Json[] {
  return ofFrames ? (hasVideos(header) ? frameEntries() : []) : sampleEntries(header.mediaType, header.groupField);
}

/** The slug as it came as long as the dataset has the name it came with. */
function slugOf(header: DatasetHeader, base: JsonObject): string {
  const name = header.name ?? 'dataset';
  return typeof base.slug === 'string' && base.name === name ? base.slug : slugFor(name);
}

/** FiftyOne's form of a name in addresses: lower-case letters and digits, single hyphens for blanks and `+ _ . -`. */
const slugFor = (name: string): string =>
  name
    .replace(/[\s+_.-]+/g, '-')
    .replace(/[^A-Za-z0-9-]/g, '')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();

function freshDocument(header: DatasetHeader, now: Date): JsonObject {
  const id = datasetIdOf(header);
  const date = { $date: now.toISOString() };
  return {
    _id: { $oid: id },
    version: writtenFor,
    created_at: date,
    last_modified_at: date,
    last_deletion_at: null,
    last_loaded_at: date,
    sample_collection_name: `samples.${id}`,
    ...(hasVideos(header) ? { frame_collection_name: `frames.samples.${id}` } : {}),
    tags: [],
    info: {},
    app_config: {
      grid_media_field: 'filepath',
      media_fields: ['filepath'],
      modal_media_field: 'filepath',
      plugins: {},
    },
    classes: {},
    default_classes: [],
    default_mask_targets: {},
    skeletons: {},
    frame_fields: hasVideos(header) ? frameEntries() : [],
    saved_views: [],
    workspaces: [],
    brain_methods: {},
    evaluations: {},
    runs: {},
  };
}
