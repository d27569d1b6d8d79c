import { isFrameField } from '../domain/labels/index.js';
import { contentAsOf, isUnchangedSince, type Material, presentContent, readMaterial, type Slot } from './as-of.js';
import type { ClassNames } from './class-names.js';
import { sampleOfLabel } from './label-key.js';
import type { FieldLabel } from './label-text.js';
import type { SqlRunner } from './sql.js';
import type { StoredField, ValueVersions } from './stores.js';

type Base = number | ReadonlyMap<number, number>;

/**
 * Present and base of a field on samples. Where nothing is newer than the base event, `base` is the same array as
 * `current`. A sample that the map does not name has no base of its own: its present counts.
 */
export async function readVersions(
  sql: SqlRunner,
  names: ClassNames,
  field: StoredField,
  sampleKeys: readonly number[],
  base: Base,
): Promise<Map<number, Map<number, ValueVersions>>> {
  const events = typeof base === 'number' ? [base] : [...base.values()];
  const past = events.length === 0 ? null : { from: Math.min(...events), to: Math.max(...events) };
  const wanted = { datasetId: field.datasetId, fields: [field], sampleKeys, past, onFrames: isFrameField(field.name) };
  const material = await readMaterial(sql, names, wanted);
  const present = presentContent(material).get(field.id);
  const before = slotsBefore(material, field, base);
  const versions = new Map<number, Map<number, ValueVersions>>();
  for (const key of sampleKeys) versions.set(key, pairs(present?.get(key), before(key), isFrameField(field.name)));
  return versions;
}

type Slots = ReadonlyMap<number, Slot>;

/** What the samples held at their base events; undefined where nothing changed since. */
function slotsBefore(material: Material, field: StoredField, base: Base): (key: number) => Slots | undefined {
  const touched = changedSamples(material, base);
  if (touched.size === 0) return () => undefined;
  const bySample = split(material, touched);
  return (key) => {
    const own = bySample.get(key);
    const event = typeof base === 'number' ? base : base.get(key);
    if (own === undefined || event === undefined || isUnchangedSince(own, event)) return undefined;
    return contentAsOf(own, event).get(field.id)?.get(key) ?? new Map<number, Slot>();
  };
}

function changedSamples(material: Material, base: Base): ReadonlySet<number> {
  const event = (key: number): number =>
    typeof base === 'number' ? base : (base.get(key) ?? Number.POSITIVE_INFINITY);
  const touched = new Set<number>();
  const lowest = typeof base === 'number' ? base : Math.min(...base.values());
  for (const { key, validFrom } of material.labels) {
    if (validFrom > lowest && validFrom > event(sampleOfLabel(key))) touched.add(sampleOfLabel(key));
  }
  for (const { sampleKey, validFrom } of material.states) if (validFrom > event(sampleKey)) touched.add(sampleKey);
  for (const { sampleKey } of material.oldLabels) touched.add(sampleKey);
  for (const { sampleKey } of material.oldStates) touched.add(sampleKey);
  return touched;
}

/** The material of each of these samples by itself. */
function split(material: Material, samples: ReadonlySet<number>): ReadonlyMap<number, Material> {
  const parts = new Map<
    number,
    {
      fields: Material['fields'];
      states: (typeof material.states)[number][];
      labels: FieldLabel[];
      oldStates: (typeof material.oldStates)[number][];
      oldLabels: (typeof material.oldLabels)[number][];
    }
  >();
  for (const sample of samples)
    parts.set(sample, { fields: material.fields, states: [], labels: [], oldStates: [], oldLabels: [] });
  for (const label of material.labels) parts.get(sampleOfLabel(label.key))?.labels.push(label);
  for (const state of material.states) parts.get(state.sampleKey)?.states.push(state);
  for (const label of material.oldLabels) parts.get(label.sampleKey)?.oldLabels.push(label);
  for (const state of material.oldStates) parts.get(state.sampleKey)?.oldStates.push(state);
  return parts;
}

function pairs(present: Slots | undefined, before: Slots | undefined, onFrames: boolean): Map<number, ValueVersions> {
  const frames = new Set([...(onFrames ? [] : [0]), ...(present?.keys() ?? []), ...(before?.keys() ?? [])]);
  const result = new Map<number, ValueVersions>();
  for (const frame of frames) {
    const now = present?.get(frame);
    const then = before === undefined ? now : before.get(frame);
    result.set(frame, {
      current: now?.labels ?? null,
      base: sameOr(now?.labels ?? null, then?.labels ?? null),
      currentValue: now?.value ?? null,
      baseValue: then?.value ?? null,
    });
  }
  return result;
}

/** The first list where both hold the same versions. */
function sameOr(now: FieldLabel[] | null, then: FieldLabel[] | null): FieldLabel[] | null {
  if (now === null || then === null || now.length !== then.length) return then;
  return now.every((label, i) => label === then[i]) ? now : then;
}
