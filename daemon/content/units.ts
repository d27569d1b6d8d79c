import type { SentField, TaskUnit } from '../../backends/backend.js';
import { NotFoundError } from '../../domain/errors/index.js';
import { documentOfLabel, type FieldValue, type Json, type JsonObject, type Label } from '../../domain/labels/index.js';
import { declaredAttributes, isSelected, type Run, sentLabel, takesAll } from '../../domain/run/index.js';
import type { RunSample, Storage, StoredSample } from '../../storage/stores.js';
import type { RunField } from './run-fields.js';
import { UnitHash } from './unit-hash.js';

/** One unit of a run with the hash of what is sent. */
export interface SentUnit {
  readonly unit: TaskUnit;
  readonly sampleKey: number;
  readonly hash: string;
  readonly labels: number;
}

const pageSize = 100;

/** Streams the units of a task (all of the run where `part` is null), with their labels as of the freeze, in order. */
export async function* sentUnits(
  storage: Storage,
  run: Run,
  fields: readonly RunField[],
  part: number | null,
): AsyncIterable<SentUnit> {
  let afterPosition = -1;
  for (;;) {
    const page = await storage.runs.samples(run.id, {
      afterPosition,
      limit: pageSize,
      ...(part === null ? {} : { part }),
    });
    yield* unitsOfPage(storage, run, fields, page);
    if (page.length < pageSize) return;
    afterPosition = page.at(-1)?.position ?? afterPosition;
  }
}

/** The ids of a task's units, in order. */
export async function unitIds(storage: Storage, run: Run, part: number): Promise<readonly string[]> {
  const ids: string[] = [];
  let afterPosition = -1;
  for (;;) {
    const page = await storage.runs.samples(run.id, { afterPosition, part, limit: 1_000 });
    const samples = await samplesOf(storage, page);
    for (const member of page) {
      const sample = samples.get(member.sampleKey);
      if (sample !== undefined) ids.push(...(await placesOf(storage, run, sample, member)).map((place) => place.id));
    }
    if (page.length < 1_000) return ids;
    afterPosition = page.at(-1)?.position ?? afterPosition;
  }
}

async function samplesOf(storage: Storage, page: readonly RunSample[]): Promise<Map<number, StoredSample>> {
  const samples = await storage.samples.byKeys(page.map((member) => member.sampleKey));
  return new Map(samples.map((sample) => [sample.key, sample]));
}

async function* unitsOfPage(
  storage: Storage,
  run: Run,
  fields: readonly RunField[],
  page: readonly RunSample[],
): AsyncIterable<SentUnit> {
  const keys = page.map((member) => member.sampleKey);
  const samples = await samplesOf(storage, page);
  const content = await sentContent(storage, run, fields, keys);
  const media = await mediaPaths(storage, run, samples);
  for (const member of page) {
    const sample = samples.get(member.sampleKey);
    if (sample === undefined) continue; // deleted since the run was made: there is nothing to send
    for (const place of await placesOf(storage, run, sample, member))
      yield sentUnit(
        fields,
        sample,
        place.mediaPath === null ? { ...place, mediaPath: media(sample) } : place,
        content,
      );
  }
}

/** Where the media to show is: of the run's `mediaField`, which is the sample's own path or a text field. */
async function mediaPaths(
  storage: Storage,
  run: Run,
  samples: ReadonlyMap<number, StoredSample>,
): Promise<(sample: StoredSample) => string | null> {
  if (run.selection.unit === 'frame') return (sample) => sample.path;
  if (run.mediaField === 'filepath') return (sample) => sample.path;
  const field = (await storage.datasets.fields(run.datasetId)).find(({ name }) => name === run.mediaField);
  if (field === undefined)
    throw new NotFoundError(
      'field',
      run.mediaField,
      'It names the media to annotate; it was there when the run was made.',
    );
  const values = await storage.labels.values(field, [...samples.keys()], run.frozenAt);
  return (sample) => textOf(values.get(sample.key)?.get(0)) ?? sample.path;
}

function textOf(value: FieldValue | undefined): string | null {
  const parsed: unknown = value?.value == null ? null : JSON.parse(value.value);
  return typeof parsed === 'string' ? parsed : null;
}

/** Where a unit is on its sample. */
export interface UnitPlace {
  readonly id: string;
  /** The frame of a frames view, else null. */
  readonly frame: number | null;
  readonly support: readonly [number, number] | null;
  readonly mediaPath: string | null;
}

/** The units that a sample of a run makes: itself, its clips or its frames. */
export async function placesOf(
  storage: Storage,
  run: Run,
  sample: StoredSample,
  member: RunSample,
): Promise<readonly UnitPlace[]> {
  if (run.selection.unit === 'clip')
    return (member.clips ?? []).map(({ id, first, last }) => ({
      id,
      frame: null,
      support: [first, last] as const,
      mediaPath: null,
    }));
  if (run.selection.unit === 'sample') return [{ id: sample.id, frame: null, support: null, mediaPath: null }];
  const frames = await storage.samples.frames(sample.key);
  return frames.map(({ id, number, extra }) => ({ id, frame: number, support: null, mediaPath: framePath(extra) }));
}

const framePath = (extra: JsonObject | null): string | null =>
  typeof extra?.filepath === 'string' ? extra.filepath : null;

type Content = ReadonlyMap<string, ReadonlyMap<number, ReadonlyMap<number, FieldValue>>>;

/** What each field holds on the samples as of the freeze; labels that the run does not take left out. */
async function sentContent(
  storage: Storage,
  run: Run,
  fields: readonly RunField[],
  keys: readonly number[],
): Promise<Content> {
  const content = new Map<string, ReadonlyMap<number, ReadonlyMap<number, FieldValue>>>();
  for (const field of fields) {
    if (field.stored === null) continue;
    const values = await storage.labels.values(field.stored, keys, run.frozenAt);
    content.set(field.name, field.scalar ? values : await takenLabels(storage, run, field, values));
  }
  return content;
}

async function takenLabels(
  storage: Storage,
  run: Run,
  field: RunField,
  values: Map<number, Map<number, FieldValue>>,
): Promise<typeof values> {
  const { selection, stored } = field;
  if (stored === null || selection === null || takesAll(selection)) return values;
  const listed = await listedLabels(storage, run, stored.id, selection.listed ? [...values.keys()] : []);
  for (const [key, frames] of values)
    for (const [frame, value] of frames) {
      const labels = (value.labels ?? []).filter((label) =>
        isSelected(label, selection, (id) => listed.has(`${key} ${frame} ${id}`)),
      );
      frames.set(frame, { labels, value: value.value });
    }
  return values;
}

/** The labels named one by one when the run was made, as "sample frame id". */
export async function listedLabels(
  storage: Storage,
  run: Run,
  fieldId: number,
  keys: readonly number[],
): Promise<ReadonlySet<string>> {
  const listed = new Set<string>();
  if (keys.length === 0) return listed;
  for (const [key, labels] of await storage.runs.runLabels(null, run.id, fieldId, keys))
    for (const label of labels) if (label.kind === 1) listed.add(`${key} ${label.frame} ${label.id}`);
  return listed;
}

function sentUnit(fields: readonly RunField[], sample: StoredSample, place: UnitPlace, content: Content): SentUnit {
  const hash = new UnitHash();
  const sent: Record<string, SentField> = {};
  let labels = 0;
  for (const field of fields) {
    const frames = content.get(field.name)?.get(sample.key);
    const made =
      field.frameLevel && place.frame === null
        ? framesField(field, frames, place, hash)
        : imageField(field, frames?.get(place.frame ?? 0), place.frame ?? 0, hash);
    sent[field.name] = made.field;
    labels += made.labels;
  }
  return { unit: unitOf(sample, place, sent), sampleKey: sample.key, hash: hash.digest(), labels };
}

interface MadeField {
  readonly field: SentField;
  readonly labels: number;
}

function imageField(field: RunField, value: FieldValue | undefined, frame: number, hash: UnitHash): MadeField {
  const { schema, labelClass } = field;
  if (field.scalar) {
    const scalar = scalarOf(value);
    hash.part(field.name, frame);
    hash.value(scalar);
    return { field: { schema, labelClass: null, value: scalar }, labels: 0 };
  }
  const labels = sentLabels(field, value?.labels ?? []);
  if (value !== undefined) hash.part(field.name, frame); // null and an empty list differ
  hash.labels(labels.map((label) => ({ key: label.id, label })));
  return { field: { schema, labelClass, labels: labels.map(documentOfLabel) }, labels: labels.length };
}

function framesField(
  field: RunField,
  values: ReadonlyMap<number, FieldValue> | undefined,
  place: UnitPlace,
  hash: UnitHash,
): MadeField {
  const frames = new Map<number, { labels?: ReturnType<typeof documentOfLabel>[]; value?: Json }>();
  let count = 0;
  for (const [frame, value] of [...(values ?? [])].sort(([a], [b]) => a - b)) {
    if (place.support !== null && (frame < place.support[0] || frame > place.support[1])) continue;
    const { field: made, labels } = imageField(field, value, frame, hash);
    count += labels;
    if (field.scalar) frames.set(frame, { value: made.value ?? null });
    else if (labels > 0) frames.set(frame, { labels: [...(made.labels ?? [])] });
  }
  return { field: { schema: field.schema, labelClass: field.labelClass, frames }, labels: count };
}

const scalarOf = (value: FieldValue | undefined): Json =>
  value === undefined || value.value === null ? null : (JSON.parse(value.value) as Json);

const declaredOf = new WeakMap<object, ReturnType<typeof declaredAttributes>>();

function sentLabels(field: RunField, labels: readonly Label[]): readonly Label[] {
  let declared = declaredOf.get(field.schema);
  if (declared === undefined) {
    declared = declaredAttributes(field.schema);
    declaredOf.set(field.schema, declared);
  }
  const names = declared;
  return labels.map((label) => sentLabel(label, names));
}

function unitOf(sample: StoredSample, place: UnitPlace, fields: Readonly<Record<string, SentField>>): TaskUnit {
  const ownImage = place.frame !== null && place.mediaPath !== null;
  return {
    id: place.id,
    sampleId: sample.id,
    mediaPath: place.mediaPath ?? sample.path,
    mediaType: ownImage ? 'image' : sample.mediaType,
    ...(place.frame === null ? {} : { frame: place.frame }),
    width: sample.width,
    height: sample.height,
    frameRate: numberOf(sample.metadata, 'frame_rate'),
    frameCount: numberOf(sample.metadata, 'total_frame_count'),
    support: place.support,
    fields,
  };
}

const numberOf = (document: JsonObject | null, name: string): number | null => {
  const value = document?.[name];
  return typeof value === 'number' ? value : null;
};
