import type { Label } from '../labels/index.js';
import { mergeAbsent } from './absent.js';
import { mergeNew } from './addition.js';
import { baseOf } from './base.js';
import { copyReturned } from './copy.js';
import { mergeHere } from './existing.js';
import { type Frame, type FrameWork, isAsSent, isElsewhere, isSameToAnnotators } from './frame-work.js';
import { mergeGone } from './gone.js';
import { LabelFinder } from './label-finder.js';
import type { Plan } from './plan.js';
import { refuseInvalid } from './refusal.js';
import { isWellFormed } from './shape.js';
import type { ReturnedLabel } from './types.js';

/** Merges one image or frame: known labels in the payload's order, then deletions, then new labels. */
export function mergeFrame(work: FrameWork): void {
  const { versions, plan, ledger } = work;
  const { sent, placed } = baseOf(versions, plan.rules);
  ledger.counts.sent += sent.length;
  ledger.counts.returned += versions.returned?.length ?? 0;
  noteCollapsed(work);
  const leading = countLeadingUntouched(work, sent);
  ledger.counts.matched += leading;
  ledger.counts.unchanged += leading;
  if (isDone(work, sent, leading)) return;
  const frame: Frame = { ...work, sent, placed, current: new LabelFinder(versions.current ?? [], leading) };
  const { met, fresh } = mergeKnownLabels(frame, leading);
  for (let i = leading; i < sent.length; i++) if (met[i] !== 1) mergeAbsent(frame, sent[i] as Label);
  for (const label of fresh) mergeNew(frame, label);
  if (becomesEmptyList(frame)) ledger.becomesEmptyList();
  keepDeletedThere(frame);
}

/** The common case, at the cost of a few comparisons a label: what came back was sent, and is here, in the same order. */
function countLeadingUntouched({ versions: { current }, returned, plan }: FrameWork, sent: readonly Label[]): number {
  if (current === null || returned === null || plan.rules.toOtherField) return 0;
  const count = Math.min(returned.length, sent.length, current.length);
  for (let i = 0; i < count; i++) {
    const before = sent[i] as Label;
    const now = current[i] as Label;
    if (now.id !== before.id || !isUnchanged(now, before, returned[i] as ReturnedLabel, plan)) return i;
  }
  return count;
}

const isDone = ({ versions, returned }: FrameWork, sent: readonly Label[], leading: number): boolean =>
  leading > 0 && leading === sent.length && leading === returned?.length && (versions.deletedThere?.size ?? 0) === 0;

/** Walks the payload from a position on. Tells which sent labels were met, and which returned labels are new. */
function mergeKnownLabels(
  frame: Frame,
  from: number,
): { readonly met: Uint8Array; readonly fresh: readonly ReturnedLabel[] } {
  const { sent, returned, versions, ledger } = frame;
  const met = new Uint8Array(sent.length).fill(1, 0, from);
  const fresh: ReturnedLabel[] = [];
  const finder = new LabelFinder(sent, from);
  const count = returned?.length ?? 0;
  for (let i = from; i < count; i++) {
    const back = returned?.[i] as ReturnedLabel;
    const position = finder.find(versions.aliases?.get(back.key) ?? back.key);
    if (position < 0 || met[position] === 1) {
      fresh.push(back);
      continue;
    }
    met[position] = 1;
    ledger.counts.matched++;
    mergeKnown(frame, sent[position] as Label, back);
  }
  return { met, fresh };
}

function mergeKnown(frame: Frame, before: Label, back: ReturnedLabel): void {
  const { plan, ledger } = frame;
  const now = frame.current.get(before.id);
  const { geometry } = back.label;
  if (geometry !== before.geometry && !isWellFormed(plan.rules.labelClass, geometry)) {
    if (now !== before) ledger.leaveBehind(back.key, before);
    refuseInvalid(frame, back.label, before.id, 'WRONG_SHAPE');
  } else if (now !== undefined && isUnchanged(now, before, back, plan)) ledger.counts.unchanged++;
  else if (now !== undefined) mergeHere(frame, before, now, back);
  else if (isElsewhere(frame, before.id)) copyReturned(frame, before, back);
  else mergeGone(frame, before, back);
}

const isUnchanged = (now: Label, before: Label, { key, label }: ReturnedLabel, plan: Plan): boolean =>
  key === before.id && isAsSent(label, before, plan) && (now === before || isSameToAnnotators(now, before));

/** As in FiftyOne, a null field becomes an empty list where the payload names the image and has no labels for it. */
function becomesEmptyList({ versions, returned, complete, plan }: Frame): boolean {
  const { rules } = plan;
  if (versions.current !== null || returned?.length !== 0 || !complete) return false;
  return !rules.frameField && !plan.single && rules.allowAdditions;
}

/** A label that the annotators deleted and that stays here is still deleted there when the next load begins. */
function keepDeletedThere({ versions, returned, ledger, current }: Frame): void {
  for (const id of versions.deletedThere ?? []) {
    const isBack = returned?.some(({ key }) => key === id) === true;
    if (!isBack && current.has(id)) ledger.leaveBehind(id, null);
  }
}

/** Compatible with FiftyOne, tracks that were merged lose labels before the merge sees them. */
function noteCollapsed({ versions, returned, ledger }: FrameWork): void {
  const lost = (versions.returned?.length ?? 0) - (returned?.length ?? 0);
  if (lost === 0) return;
  ledger.counts.conflicting += lost;
  const rule = 'TRACKS_COLLAPSED';
  ledger.note({
    kind: 'CONFLICT',
    labelId: null,
    what: 'index',
    rule,
    ours: null,
    theirs: lost,
    outcome: 'took theirs',
  });
}
