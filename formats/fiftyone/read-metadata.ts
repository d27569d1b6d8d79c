import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MalformedFileError } from '../../domain/errors/index.js';
import { framePrefix, type Json, type JsonObject } from '../../domain/labels/index.js';
import type { DatasetHeader } from '../format.js';
import { isObject, parseJson } from '../json/parse-json.js';
import type { Report } from '../report.js';
import { entriesOf, fieldsOf, isBuiltInMember } from './slots.js';

/** Results of one run beyond this size are not carried: they would not fit into one record. */
const largestResults = 256 * 1024 * 1024;

/** Reads `metadata.json` and the results of annotation runs. Throws `MalformedFileError`. */
export async function readHeader(folder: string, report: Report): Promise<DatasetHeader> {
  const metadata = await readMetadata(join(folder, 'metadata.json'));
  const groupField = textOf(metadata.group_field);
  return {
    name: textOf(metadata.name),
    mediaType: textOf(metadata.media_type) ?? 'image',
    fields: [
      ...fieldsOf(metadata.sample_fields, '', groupField),
      ...fieldsOf(metadata.frame_fields, framePrefix, groupField),
    ],
    document: documentOf(metadata, groupField),
    persistent: metadata.persistent === true,
    maskTargets: objectOf(metadata.mask_targets, isTextMap) as Record<string, Record<string, string>>,
    defaultMaskTargets: isTextMap(metadata.default_mask_targets) ? metadata.default_mask_targets : null,
    groupField,
    groupMediaTypes: objectOf(metadata.group_media_types, (value) => typeof value === 'string') as Record<
      string,
      string
    >,
    defaultGroupSlice: textOf(metadata.default_group_slice),
    runs: await readRuns(folder, metadata.annotation_runs, report),
  };
}

async function readMetadata(file: string): Promise<JsonObject> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new MalformedFileError(file, 'the folder', 'a FiftyOneDataset folder with metadata.json in it', { cause });
  });
  const metadata = parseJson(text, () => ({ file, where: 'the top level' }));
  if (!isObject(metadata)) throw new MalformedFileError(file, 'the top level', 'an object');
  for (const member of ['sample_fields', 'frame_fields']) {
    const entries = metadata[member] ?? [];
    const isFine =
      Array.isArray(entries) && entries.every((entry) => isObject(entry) && typeof entry.name === 'string');
    if (!isFine) throw new MalformedFileError(file, member, 'a list of objects with names');
  }
  return metadata;
}

const textOf = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);

const isTextMap = (value: Json | undefined): value is Record<string, string> =>
  isObject(value) && Object.values(value).every((entry) => typeof entry === 'string');

/** The members of an object that pass. */
function objectOf(value: Json | undefined, passes: (value: Json | undefined) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(isObject(value) ? value : {}).filter(([, entry]) => passes(entry)));
}

const modelled = [
  'media_type',
  'persistent',
  'group_field',
  'group_media_types',
  'default_group_slice',
  'annotation_runs',
];

/**
 * What is carried of the document. Fields of ours are kept in `sample_fields` and `frame_fields` by name alone: they
 * hold their place in the order. The name stays too, to tell later whether the dataset was renamed.
 */
function documentOf(metadata: JsonObject, groupField: string | null): JsonObject {
  const rest = Object.fromEntries(Object.entries(metadata).filter(([name]) => !modelled.includes(name)));
  for (const member of ['sample_fields', 'frame_fields']) {
    if (member in rest) rest[member] = withPlaceholders(metadata[member], groupField);
  }
  if (isObject(rest.mask_targets)) rest.mask_targets = objectOf(rest.mask_targets, (value) => !isTextMap(value));
  if (isTextMap(rest.default_mask_targets)) delete rest.default_mask_targets;
  return rest;
}

const withPlaceholders = (entries: Json | undefined, groupField: string | null): Json[] =>
  entriesOf(entries).map((entry) =>
    isBuiltInMember(String(entry.name), groupField) ? entry : { name: String(entry.name) },
  );

async function readRuns(folder: string, runs: Json | undefined, report: Report): Promise<DatasetHeader['runs']> {
  const read: Record<string, { entry: JsonObject; results: JsonObject | null }> = {};
  for (const [key, value] of Object.entries(isObject(runs) ? runs : {})) {
    const entry = runEntryOf(folder, key, value);
    read[key] = { entry, results: await readResults(folder, key, report) };
  }
  return read;
}

/** Older versions keep an entry as JSON text. */
function runEntryOf(folder: string, key: string, value: Json): JsonObject {
  const where = `annotation_runs.${key}`;
  const file = join(folder, 'metadata.json');
  const entry = typeof value === 'string' ? parseJson(value, () => ({ file, where })) : value;
  if (!isObject(entry)) throw new MalformedFileError(file, where, 'an object');
  return entry;
}

/** Keys become file names: one with anything else in it could lead out of the folder. */
export const isFileName = (key: string): boolean => /^[\w-][\w.-]*$/.test(key);

async function readResults(folder: string, key: string, report: Report): Promise<JsonObject | null> {
  if (!isFileName(key)) return null;
  const file = join(folder, 'annotations', `${key}.json`);
  const size = await stat(file).then(
    (stats) => stats.size,
    () => null,
  );
  if (size === null) return null;
  if (size > largestResults) {
    report.note(
      'RUN_RESULTS_NOT_KEPT',
      null,
      `Results of annotation runs larger than ${largestResults >> 20} MiB were left out.`,
    );
    return null;
  }
  const results = parseJson(await readFile(file, 'utf8'), () => ({ file, where: 'the top level' }));
  if (!isObject(results)) throw new MalformedFileError(file, 'the top level', 'an object');
  return results;
}
