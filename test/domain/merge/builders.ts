import type { AttributeSchema, FieldLabelSchema } from '../../../domain/label-schema/types.js';
import { type Json, type Label, labelFromDocument } from '../../../domain/labels/index.js';
import {
  applyMerge,
  checkCounts,
  type Elsewhere,
  type FieldMerge,
  type Finding,
  type FrameVersions,
  type LeftBehind,
  type LoadOptions,
  mergeField,
  mergeRulesFor,
  type ReturnedLabel,
  type StartingPoint,
  startingPoint,
} from '../../../domain/merge/index.js';

/** 24 hex digits that end in the given ones. */
export const id = (end: string): string => end.padStart(24, '0');

export interface BoxParts {
  readonly label?: string | null;
  readonly box?: readonly number[] | null;
  readonly index?: number | null;
  readonly confidence?: number;
  readonly tags?: readonly string[];
  readonly [attribute: string]: unknown;
}

/** A detection with a class and a place; a test states only what matters to it. */
export function box(end: string, parts: BoxParts = {}): Label {
  const { box: place = [0.1, 0.2, 0.3, 0.4], label = 'cat', ...rest } = parts;
  return labelFromDocument('Detection', { label, bounding_box: place, ...rest }, id(end));
}

export const back = (label: Label, key = label.id): ReturnedLabel => ({ key, label });

const attributes = {
  size: { type: 'select', values: ['small', 'large'] },
  note: { type: 'text' },
  source: { type: 'text', read_only: true },
} satisfies Record<string, AttributeSchema>;

/** An existing field of boxes on images, where everything is allowed. */
export const boxes: FieldLabelSchema = {
  type: 'detections',
  classes: ['cat', 'dog'],
  attributes,
  existing_field: true,
};

export interface Load extends LoadOptions {
  readonly sent?: readonly Label[];
  /** Default: as sent. */
  readonly current?: readonly Label[] | null;
  readonly returned?: readonly (Label | ReturnedLabel)[] | null;
  readonly complete?: boolean;
  readonly schema?: FieldLabelSchema | null;
  readonly fieldType?: string;
  readonly toOtherField?: boolean;
  readonly elsewhere?: Elsewhere;
  readonly from?: StartingPoint;
  readonly versions?: Partial<FrameVersions>;
}

export interface Loaded {
  readonly merge: FieldMerge;
  /** The field afterwards. */
  readonly labels: readonly Label[] | null;
  readonly findings: readonly Finding[];
  /** Rule codes of the findings, in order. */
  readonly rules: readonly string[];
  readonly leftBehind: readonly LeftBehind[];
  /** What the next load starts from. */
  readonly next: StartingPoint;
}

let made = 0;
export const newId = (): string => (++made).toString(16).padStart(24, 'f');

/** One load into a field of an image, with the counting rule checked. */
export function load(given: Load): Loaded {
  const versions = versionsOf(given);
  const facts = { frameField: false, unit: 'sample', toOtherField: given.toOtherField ?? false } as const;
  const rules = mergeRulesFor(
    given.schema === undefined ? boxes : given.schema,
    { fieldType: given.fieldType ?? 'Detections', ...facts },
    given,
  );
  const frames = new Map([[0, versions]]);
  const merge = mergeField({ frames, complete: given.complete ?? true }, rules, newId, given.elsewhere);
  checkCounts(merge.counts);
  return outcome(merge, versions);
}

function versionsOf(given: Load): FrameVersions {
  const sent = given.from?.sent ?? given.sent ?? [];
  const returned = given.returned === undefined ? sent : given.returned;
  return {
    sent,
    current: given.current === undefined ? sent : given.current,
    returned: returned?.map((label) => ('key' in label ? label : back(label))) ?? null,
    ...(given.from === undefined ? {} : { aliases: given.from.aliases, deletedThere: given.from.deletedThere }),
    ...given.versions,
  };
}

function outcome(merge: FieldMerge, versions: FrameVersions): Loaded {
  const frame = merge.frames[0];
  const labels = frame === undefined ? versions.current : applyMerge(versions.current, frame);
  const leftBehind = frame?.leftBehind ?? [];
  const members = new Set([
    ...versions.sent.map((label) => label.id),
    ...(versions.deletedThere ?? []),
    ...(frame?.joined ?? []),
  ]);
  const base = (labels ?? []).filter((label) => members.has(label.id));
  const { findings } = merge;
  return {
    merge,
    labels,
    findings,
    rules: findings.map(({ rule }) => rule),
    leftBehind,
    next: startingPoint(base, leftBehind),
  };
}

/** One frame of a video: what was sent, came back and, if it changed since, is here. */
export interface VideoFrame {
  readonly sent?: readonly Label[];
  readonly current?: readonly Label[] | null;
  readonly returned?: readonly (Label | ReturnedLabel)[] | null;
}

/** One load into a frame field; the labels afterwards by frame number (from 1). */
export function loadVideo(
  frames: readonly VideoFrame[],
  options: LoadOptions & { readonly schema?: FieldLabelSchema; readonly unit?: 'sample' | 'clip' | 'frame' } = {},
): { readonly frames: readonly (readonly Label[] | null)[]; readonly merge: FieldMerge } {
  const facts = { fieldType: 'Detections', frameField: true, unit: options.unit ?? 'sample' } as const;
  const rules = mergeRulesFor(options.schema ?? boxes, facts, options);
  const versions = new Map(frames.map((frame, i) => [i + 1, versionsOf(frame)]));
  const merge = mergeField({ frames: versions, complete: true }, rules, newId);
  checkCounts(merge.counts);
  const byFrame = new Map(merge.frames.map((frame) => [frame.frame, frame]));
  const after = frames.map((_, i) => {
    const written = byFrame.get(i + 1);
    const current = versions.get(i + 1)?.current ?? null;
    return written === undefined ? current : applyMerge(current, written);
  });
  return { frames: after, merge };
}

/** Attributes of a label as JSON. */
export const attributesOf = (label: Label | undefined): Record<string, Json> =>
  label?.attributes == null ? {} : (JSON.parse(label.attributes) as Record<string, Json>);
