import { canonicalJson, isListClass, type Json, type PackedMask } from '../../domain/labels/index.js';
import { addCounts, mergeField, mergeScalar } from '../../domain/merge/index.js';
import type {
  FieldMerge,
  Finding,
  FrameVersions,
  LeftBehind,
  MergeCounts,
  ReturnedLabel,
} from '../../domain/merge/types.js';
import type { LabelWrites, ScalarWrite } from '../../storage/stores.js';
import type { LabelTarget, ScalarTarget, Target } from './load-plan.js';
import type { PlacedUnit } from './page-units.js';
import type { ReturnedPart } from './returned-units.js';
import { type PageStates, scalarId } from './versions.js';

/** A finding with its place. */
export type PlacedFinding = Finding & { readonly field: string; readonly sampleKey: number };

/** A deletion that waits for the end of its task: only then is it known whether too many labels would go. */
export interface PendingDeletion {
  readonly sampleKey: number;
  readonly frame: number;
  readonly id: string;
}

/** What the merge of one target on a page wants written and remembered. */
export class TargetMerge {
  readonly labels: LabelWrites[] = [];
  readonly scalars: ScalarWrite[] = [];
  readonly findings: PlacedFinding[] = [];
  readonly pending: PendingDeletion[] = [];
  readonly joined: { sampleKey: number; frame: number; id: string }[] = [];
  readonly leftBehind: ({ sampleKey: number; frame: number } & LeftBehind)[] = [];
  readonly masks: PackedMask[] = [];

  constructor(
    readonly target: Target,
    readonly counts: MergeCounts,
  ) {}
}

/** Ids of labels that came back on more than one unit of the page, or stand on other samples: a new label needs its own. */
export interface Repeats {
  isRepeated(key: string): boolean;
}

/**
 * Merges what came back for a target on one unit. Decides; writes nothing. A single field's deletion is never put off:
 * its replacement may be on the way.
 */
export function mergeUnit(
  into: TargetMerge,
  states: PageStates,
  placed: PlacedUnit,
  part: ReturnedPart | undefined,
  repeats: Repeats,
  newId: () => string,
  holdsPossible: boolean,
): void {
  if (into.target.kind === 'labels')
    mergeLabels(
      into,
      into.target,
      states,
      placed,
      part,
      repeats,
      newId,
      holdsPossible && isListClass(into.target.rules.fieldType),
    );
  else mergeValues(into, into.target, states, placed, part);
}

function mergeLabels(
  into: TargetMerge,
  target: LabelTarget,
  states: PageStates,
  placed: PlacedUnit,
  part: ReturnedPart | undefined,
  repeats: Repeats,
  newId: () => string,
  holdsPossible: boolean,
): void {
  const { sampleKey, unit } = placed;
  const frames = new Map<number, FrameVersions>();
  const keyOf = new Map<number, ReturnType<PageStates['state']>>();
  for (const frame of framesOf(target, states, placed, part)) {
    const state = states.state(sampleKey, frame);
    keyOf.set(frame, state);
    frames.set(frame, { ...state.versions, returned: returnedOn(part, placed, frame) });
  }
  const merged = mergeField({ frames, complete: unit.complete }, target.rules, newId, {
    isTaken: (id) => !unit.made.has(id) && repeats.isRepeated(id),
    origin: (id) => (unit.made.has(id) ? undefined : states.sentAnywhere(id)),
  });
  addCounts(into.counts, merged.counts);
  for (const finding of merged.findings) into.findings.push({ ...finding, field: target.field.name, sampleKey });
  for (const frame of merged.frames)
    collect(into, sampleKey, frame, keyOf.get(frame.frame)?.current ?? [], holdsPossible);
}

function collect(
  into: TargetMerge,
  sampleKey: number,
  merge: FieldMerge['frames'][number],
  current: readonly { readonly id: string; readonly key: number }[],
  holdsPossible: boolean,
): void {
  const { frame } = merge;
  const deletions = holdsPossible ? [] : merge.deletions;
  if (holdsPossible)
    for (const id of merge.deletions) {
      into.pending.push({ sampleKey, frame, id });
      into.leftBehind.push({ sampleKey, frame, id, returned: null });
    }
  for (const id of merge.joined) into.joined.push({ sampleKey, frame, id });
  for (const left of merge.leftBehind) into.leftBehind.push({ sampleKey, frame, ...left });
  if (merge.updates.length + merge.additions.length + deletions.length === 0 && !merge.becomesEmptyList) return;
  const whole = into.target.kind === 'labels' && declaresRest(into.target) ? { whole: 'given' as const } : {};
  const keys =
    merge.updates.length + deletions.length === 0 ? null : new Map(current.map((label) => [label.id, label.key]));
  into.labels.push({
    sampleKey,
    frame,
    updates: merge.updates.map((label) => ({ key: keys?.get(label.id) ?? missing(label.id), label, ...whole })),
    additions: merge.additions,
    deletions: deletions.map((id) => keys?.get(id) ?? missing(id)),
    becomesEmptyList: merge.becomesEmptyList,
  });
}

/** Whether the label schema declares confidence or tags as attributes: else a merge never changes them. */
const declaresRest = ({ rules: { schema } }: LabelTarget): boolean =>
  schema === null || 'confidence' in (schema.attributes ?? {}) || 'tags' in (schema.attributes ?? {});

function missing(id: string): never {
  throw new Error(`The merge wants to write label ${id}, which the dataset does not hold`);
}

function mergeValues(
  into: TargetMerge,
  target: ScalarTarget,
  states: PageStates,
  placed: PlacedUnit,
  part: ReturnedPart | undefined,
): void {
  const { sampleKey, unit } = placed;
  for (const frame of framesOf(target, states, placed, part)) {
    const state = states.state(sampleKey, frame);
    const returned = valueOn(part, placed, frame);
    const merged = mergeScalar(
      {
        sent: parsed(state.sentValue),
        current: parsed(state.currentValue),
        returned,
        complete: unit.complete,
        frame,
        placed: state.placedValue === null ? undefined : parsed(state.placedValue),
      },
      target.rules,
    );
    addCounts(into.counts, merged.counts);
    if (merged.finding !== null) into.findings.push({ ...merged.finding, field: target.field.name, sampleKey });
    if (merged.write !== undefined)
      into.scalars.push({ sampleKey, frame, value: merged.write === null ? null : canonicalJson(merged.write) });
    if (merged.left !== undefined)
      into.leftBehind.push({ sampleKey, frame, id: scalarId, returned: leftScalar(merged.left) });
  }
}

const parsed = (text: string | null): Json => (text === null ? null : (JSON.parse(text) as Json));

const leftScalar = (value: Json): LeftBehind['returned'] =>
  value === null
    ? null
    : {
        id: scalarId,
        label: null,
        geometry: canonicalJson(value),
        attributes: null,
        index: null,
        confidence: null,
        tags: null,
      };

/** The frames that a merge looks at: those of the dataset and those that came back, within the unit. */
function framesOf(
  target: Target,
  states: PageStates,
  placed: PlacedUnit,
  part: ReturnedPart | undefined,
): readonly number[] {
  const { place, sampleKey } = placed;
  if (place.frame !== null) return [place.frame];
  if (!target.frameLevel) return [0];
  const frames = new Set(states.frames(sampleKey));
  for (const frame of (part?.type === 'scalar' ? part.values : part?.labels)?.keys() ?? []) frames.add(frame);
  const { support } = place;
  const own = [...frames].filter(
    (frame) => frame > 0 && (support === null || (frame >= support[0] && frame <= support[1])),
  );
  return own.sort((a, b) => a - b);
}

/** An image of a frames view comes back as frame 0 and belongs on its frame. */
const frameIn = (placed: PlacedUnit, frame: number): number => (placed.place.frame === null ? frame : 0);

const returnedOn = (
  part: ReturnedPart | undefined,
  placed: PlacedUnit,
  frame: number,
): readonly ReturnedLabel[] | null => part?.labels.get(frameIn(placed, frame)) ?? null;

function valueOn(part: ReturnedPart | undefined, placed: PlacedUnit, frame: number): Json | undefined {
  const values = part?.values;
  return values?.has(frameIn(placed, frame)) ? (values.get(frameIn(placed, frame)) ?? null) : undefined;
}
