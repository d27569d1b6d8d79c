import { DuplicateLabelIdError } from '../domain/errors/index.js';
import { type FieldValue, isFrameField, isSameLabel, type Label } from '../domain/labels/index.js';
import { holdsLabels } from './as-of.js';
import type { ClassNames } from './class-names.js';
import { addFrames } from './frame-rows.js';
import { isNull } from './import-rows.js';
import { writeLabels } from './label-writer.js';
import type { DatabaseTransaction } from './sql.js';
import { writeStates } from './state-writer.js';
import type { LabelWrites, StoredField, StoredLabel, ValueVersions } from './stores.js';
import { readVersions } from './versions.js';

/** What a field shall hold on an image or frame. `sample` is named in errors. */
export interface Replacement {
  readonly sampleKey: number;
  readonly sample: string;
  readonly frame: number;
  readonly value: FieldValue | null;
}

/** Makes the field hold exactly these values, with history; what is equal already is left alone. Tells how many labels were given. */
export async function replaceValues(
  tx: DatabaseTransaction,
  names: ClassNames,
  field: StoredField,
  replacements: readonly Replacement[],
  now: number,
): Promise<number> {
  if (replacements.length === 0) return 0;
  const keys = [...new Set(replacements.map(({ sampleKey }) => sampleKey))];
  const versions = await readVersions(tx, names, field, keys, new Map());
  const changes = replacements.map((wanted) =>
    changeTo(field, wanted, versions.get(wanted.sampleKey)?.get(wanted.frame)),
  );
  if (holdsLabels(field))
    await writeLabels(
      tx,
      names,
      field,
      changes.map(({ writes }) => writes),
      now,
    );
  const states = changes.filter(({ state }) => state !== null).map(({ state }) => state as NonNullable<typeof state>);
  if (isFrameField(field.name))
    await addFrames(
      tx,
      states.filter(({ filled }) => filled),
    );
  if (states.length > 0) await writeStates(tx, field.id, states, await tx.eventNumber());
  return replacements.reduce((sum, { value }) => sum + (value?.labels?.length ?? 0), 0);
}

interface Change {
  readonly writes: LabelWrites;
  readonly state: {
    readonly sampleKey: number;
    readonly frame: number;
    readonly value: string | null;
    readonly filled: boolean;
  } | null;
}

function changeTo(field: StoredField, wanted: Replacement, versions: ValueVersions | undefined): Change {
  const { sampleKey, frame, value } = wanted;
  const empty = value === null || isNull(field, value);
  const before = versions?.current ?? [];
  const after = empty ? [] : (value.labels ?? []);
  checkUnique(field, wanted, after);
  const writes = { sampleKey, frame, ...labelChanges(before, after), becomesEmptyList: false };
  const filledBefore = holdsLabels(field)
    ? versions !== undefined && versions.current !== null
    : versions?.currentValue != null;
  const valueAfter = empty ? null : value.value;
  const same = filledBefore === !empty && (versions?.currentValue ?? null) === valueAfter;
  return { writes, state: same ? null : { sampleKey, frame, value: valueAfter, filled: !empty } };
}

/** Labels keep their row where the id stays. Where the order would differ, all are made anew: a place only grows. */
function labelChanges(
  before: readonly StoredLabel[],
  after: readonly Label[],
): Pick<LabelWrites, 'updates' | 'additions' | 'deletions'> {
  const known = new Map(before.map((label) => [label.id, label]));
  const kept = after.filter(({ id }) => known.has(id));
  const wanted = new Set(kept.map(({ id }) => id));
  const inOrder = isPrefixOf(kept, after) && isInOrder(kept, known);
  if (!inOrder) return { updates: [], additions: after, deletions: before.map(({ key }) => key) };
  const updates = kept.flatMap((label) => {
    const now = known.get(label.id);
    return now === undefined || isSameLabel(now, label) ? [] : [{ key: now.key, label, whole: true }];
  });
  const deletions = before.filter(({ id }) => !wanted.has(id)).map(({ key }) => key);
  return { updates, additions: after.slice(kept.length), deletions };
}

const isPrefixOf = (kept: readonly Label[], after: readonly Label[]): boolean =>
  kept.every((label, i) => label === after[i]);

const isInOrder = (kept: readonly Label[], known: ReadonlyMap<string, StoredLabel>): boolean =>
  kept.every(({ id }, i) => i === 0 || position(known, id) > position(known, kept[i - 1]?.id ?? ''));

const position = (known: ReadonlyMap<string, StoredLabel>, id: string): number => known.get(id)?.position ?? -1;

function checkUnique(field: StoredField, { sample, frame }: Replacement, labels: readonly Label[]): void {
  const seen = new Set<string>();
  for (const { id } of labels) {
    if (seen.has(id)) throw new DuplicateLabelIdError(sample, field.name, frame, id);
    seen.add(id);
  }
}
