import { labelClassOf } from '../domain/labels/index.js';
import type { ClassNames } from './class-names.js';
import { type FieldState, type OldState, readOldStates, readStates } from './field-states.js';
import { type OldLabel, readOldLabels } from './label-history.js';
import { sampleOfLabel } from './label-key.js';
import { inListOrder, readLabels } from './label-reader.js';
import type { FieldLabel } from './label-text.js';
import type { SqlRunner } from './sql.js';
import type { StoredField } from './stores.js';

/** What a field holds on one image or frame. `labels` is null for scalars, opaque values and where the field is null. */
export interface Slot {
  readonly filled: boolean;
  readonly value: string | null;
  readonly labels: FieldLabel[] | null;
}

/** By field id, sample key and frame. Only images and frames where something was ever written. */
export type Content = Map<number, Map<number, Map<number, Slot>>>;

/** What was read of some fields on some samples, present and past. */
export interface Material {
  readonly fields: readonly StoredField[];
  readonly states: readonly FieldState[];
  readonly labels: readonly FieldLabel[];
  readonly oldStates: readonly OldState[];
  readonly oldLabels: readonly OldLabel[];
}

export interface Wanted {
  readonly datasetId: number;
  readonly fields: readonly StoredField[];
  readonly sampleKeys: readonly number[];
  readonly frames?: { readonly from: number; readonly to: number };
  readonly onFrames?: boolean;
  /** Old versions are read where they reach into this span of event numbers; null: none. */
  readonly past: { readonly from: number; readonly to: number } | null;
}

export const holdsLabels = (field: StoredField): boolean => labelClassOf(field.type) !== null;

/** Reads present and past of fields on samples; one statement for each part. */
export async function readMaterial(sql: SqlRunner, names: ClassNames, wanted: Wanted): Promise<Material> {
  const { datasetId, fields, sampleKeys, past } = wanted;
  const fieldIds = fields.map((field) => field.id);
  const withLabels = fields.filter(holdsLabels).map((field) => field.id);
  const states = await readStates(sql, fieldIds, sampleKeys);
  const range = { datasetId, sampleKeys, fieldIds: withLabels, onFrames: wanted.onFrames ?? false };
  const labels =
    withLabels.length === 0
      ? []
      : await readLabels(sql, names, { ...range, ...(wanted.frames ? { frames: wanted.frames } : {}) });
  if (past === null) return { fields, states, labels, oldStates: [], oldLabels: [] };
  const span = { since: past.from, until: past.to };
  const oldStates = await readOldStates(sql, fieldIds, sampleKeys, span);
  const oldLabels = await readOldLabels(sql, names, { ...range, ...span });
  return { fields, states, labels, oldStates, oldLabels };
}

/** The present content. */
export const presentContent = (material: Material): Content => contentOf(material, material.states, material.labels);

/** The content as it was when event `asOf` had happened. */
export function contentAsOf(material: Material, asOf: number): Content {
  const states = material.states.filter(({ validFrom }) => validFrom <= asOf);
  const labels = material.labels.filter(({ validFrom }) => validFrom <= asOf);
  const was = ({ validFrom, validTo }: { validFrom: number; validTo: number }): boolean =>
    validFrom <= asOf && validTo > asOf;
  return contentOf(
    material,
    [...states, ...material.oldStates.filter(was)],
    [...labels, ...material.oldLabels.filter(was)],
  );
}

function contentOf(material: Material, states: readonly FieldState[], labels: readonly FieldLabel[]): Content {
  const withLabels = new Set(material.fields.filter(holdsLabels).map((field) => field.id));
  const content: Content = new Map();
  for (const { sampleKey, fieldId, frame, filled, value } of states) {
    const slot = { filled, value: filled ? value : null, labels: filled && withLabels.has(fieldId) ? [] : null };
    inner(inner(content, fieldId), sampleKey).set(frame, slot);
  }
  placeLabels(content, labels);
  for (const samples of content.values())
    for (const frames of samples.values())
      for (const { labels: list } of frames.values()) if (list !== null) inListOrder(list);
  return content;
}

function inner<A, B, C>(map: Map<A, Map<B, C>>, key: A): Map<B, C> {
  let found = map.get(key);
  if (found === undefined) {
    found = new Map();
    map.set(key, found);
  }
  return found;
}

/** Labels of one list mostly follow one another: the last list is tried first. */
function placeLabels(content: Content, labels: readonly FieldLabel[]): void {
  let fieldId = -1;
  let sampleKey = -1;
  let frame = -1;
  let list: FieldLabel[] | null | undefined;
  for (const label of labels) {
    const sample = sampleOfLabel(label.key);
    if (sample !== sampleKey || label.frame !== frame || label.fieldId !== fieldId) {
      ({ fieldId, frame } = label);
      sampleKey = sample;
      list = content.get(fieldId)?.get(sample)?.get(frame)?.labels;
    }
    list?.push(label);
  }
}

/** Whether nothing that was read is newer than the event: then the present content is that of the event too. */
export const isUnchangedSince = (material: Material, event: number): boolean =>
  material.oldLabels.length === 0 &&
  material.oldStates.length === 0 &&
  material.labels.every(({ validFrom }) => validFrom <= event) &&
  material.states.every(({ validFrom }) => validFrom <= event);
