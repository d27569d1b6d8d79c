import { isFrameField, isListClass, isSameLabel } from '../domain/labels/index.js';
import { holdsLabels, type Material, readMaterial } from './as-of.js';
import type { ClassNames } from './class-names.js';
import { sampleOfLabel } from './label-key.js';
import type { FieldLabel } from './label-text.js';
import { deleteLabels, keepOldVersions, restoreLabels } from './label-writer.js';
import { revertStates } from './revert-states.js';
import type { DatabaseTransaction } from './sql.js';
import { type ListChange, writeListChanges } from './state-writer.js';
import type { StoredField } from './stores.js';
import { type Fate, fateOf, ownEvents, timelines } from './timelines.js';

type Version = FieldLabel & { readonly validTo: number | null };

/** What was done to labels, and how many stayed because others changed them since. */
interface Reverted {
  readonly removed: readonly FieldLabel[];
  readonly restored: readonly { readonly before: Version; readonly now: Version | null }[];
  readonly changedSince: number;
}

/** Writes back what the labels and values of a page of samples were before an operation. What changed since stays. */
export async function revertPage(
  tx: DatabaseTransaction,
  names: ClassNames,
  field: StoredField,
  sampleKeys: readonly number[],
  span: { readonly first: number; readonly last: number },
): Promise<{ reverted: number; changedSince: number }> {
  const past = { from: span.first - 1, to: Number.MAX_SAFE_INTEGER };
  const wanted = { datasetId: field.datasetId, fields: [field], sampleKeys, past, onFrames: isFrameField(field.name) };
  const material = await readMaterial(tx, names, wanted);
  const events = await ownEvents(
    tx,
    [...material.labels, ...material.states, ...material.oldLabels, ...material.oldStates],
    span,
  );
  const labels = decide(material, events);
  await writeLabels(tx, field, labels);
  const states =
    holdsLabels(field) && !isListClass(field.type)
      ? { reverted: 0, changedSince: 0 } // the state of a single label follows the label
      : await revertStates(tx, field, material, events, placesWithLabels(material, labels));
  return {
    reverted: labels.removed.length + labels.restored.length + states.reverted,
    changedSince: labels.changedSince + states.changedSince,
  };
}

function decide(material: Material, events: ReadonlySet<number>): Reverted {
  const current = material.labels.map((label) => ({ ...label, validTo: null }));
  const versions = timelines<Version>([...material.oldLabels, ...current], ({ key }) => key);
  const fates = [...versions].flatMap((own) => fateOf(own, events) ?? []).filter(isDifferent);
  const open = fates.filter(({ changedSince }) => !changedSince);
  const removed = open.flatMap(({ before, now }) => (before === null && now !== null ? [now] : []));
  const wanted = open.flatMap(({ before, now }) => (before === null ? [] : [{ before, now }]));
  const gone = new Set(removed.map(({ key }) => key));
  const taken = new Map(current.filter(({ key }) => !gone.has(key)).map((label) => [placeAndId(label), label.key]));
  // A label of the same id may have been made here since the operation deleted this one.
  const restored = wanted.filter(({ before }) => (taken.get(placeAndId(before)) ?? before.key) === before.key);
  return { removed, restored, changedSince: fates.length - removed.length - restored.length };
}

/** What is as before already needs nothing, whoever made it so: a revert can be repeated. */
const isDifferent = ({ before, now }: Fate<Version>): boolean =>
  before === null || now === null || !isSameLabel(before, now);

const placeAndId = ({ key, frame, id }: FieldLabel): string => `${sampleOfLabel(key)} ${frame} ${id}`;

async function writeLabels(
  tx: DatabaseTransaction,
  field: StoredField,
  { removed, restored }: Reverted,
): Promise<void> {
  if (removed.length + restored.length === 0) return;
  const event = await tx.eventNumber();
  const replaced = [...removed, ...restored.flatMap(({ now }) => now ?? [])].map(({ key }) => key);
  await keepOldVersions(tx, replaced, event);
  await deleteLabels(tx, replaced);
  await restoreLabels(
    tx,
    field.id,
    restored.map(({ before }) => before),
    event,
  );
  const back = restored.filter(({ now }) => now === null).map(({ before }) => before);
  const changes = [...removed.map((label) => change(label, -1)), ...back.map((label) => change(label, 1))];
  await writeListChanges(tx, field.id, isListClass(field.type), summed(changes), event);
}

const change = ({ key, frame }: FieldLabel, added: number): ListChange => ({
  sampleKey: sampleOfLabel(key),
  frame,
  added,
});

/** One change for each image or frame. */
function summed(changes: readonly ListChange[]): ListChange[] {
  const byPlace = new Map<string, ListChange>();
  for (const { sampleKey, frame, added } of changes) {
    const place = `${sampleKey} ${frame}`;
    byPlace.set(place, { sampleKey, frame, added: added + (byPlace.get(place)?.added ?? 0) });
  }
  return [...byPlace.values()];
}

/** Images and frames that hold labels after the revert: "sample frame". */
function placesWithLabels(material: Material, { removed, restored }: Reverted): ReadonlySet<string> {
  const gone = new Set(removed.map(({ key }) => key));
  const left = [...material.labels.filter(({ key }) => !gone.has(key)), ...restored.map(({ before }) => before)];
  return new Set(left.map(({ key, frame }) => `${sampleOfLabel(key)} ${frame}`));
}
