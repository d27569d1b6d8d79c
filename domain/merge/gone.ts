import type { Label } from '../labels/index.js';
import type { Edit } from './edit.js';
import { editLabel } from './edit-label.js';
import { countEdit, remember } from './existing.js';
import { type Frame, isOccupied, isSameToAnnotators } from './frame-work.js';
import { outcomeOf } from './judge.js';
import { labelJson } from './ledger.js';
import type { ReturnedLabel } from './types.js';

/**
 * A label that was sent and came back, but was deleted here since. Untouched by the annotators it stays deleted; edited
 * it is a conflict. It never comes back unless the policy is THEIRS.
 */
export function mergeGone(frame: Frame, before: Label, back: ReturnedLabel): void {
  const { plan, ledger } = frame;
  if (plan.rules.compatible) mergeGoneCompatibly(frame, before, back);
  else {
    const edit = editLabel(before, before, back, plan, ledger);
    if (mayComeBack(frame, edit)) {
      ledger.add(edit.result);
      remember(ledger, edit.theirs, edit.result, back.key);
    } else ledger.leaveBehind(back.key, edit.theirs ?? edit.result);
  }
}

/** Where nobody may add labels, or the field holds another one by now, ours stands whatever the policy. */
function mayComeBack(frame: Frame, edit: Edit): boolean {
  if (!edit.wrote) {
    countEdit(edit, frame.ledger);
    return false;
  }
  const { allowAdditions, policy } = frame.plan.rules;
  const outcome = allowAdditions && !isOccupied(frame) ? outcomeOf[policy] : 'kept ours';
  noteConflict(frame, edit.before.id, edit.theirs ?? edit.result, outcome);
  return outcome === 'took theirs';
}

/** FiftyOne writes the whole payload where the field is null, and drops the label without a word where it is not. */
function mergeGoneCompatibly(frame: Frame, before: Label, back: ReturnedLabel): void {
  const { plan, ledger, versions } = frame;
  const theirs = { ...back.label, id: before.id };
  if (versions.current === null && plan.rules.allowAdditions && !isOccupied(frame)) {
    ledger.add(theirs);
    ledger.join(before.id);
    ledger.counts.added++;
    remember(ledger, null, theirs, back.key);
  } else {
    if (isSameToAnnotators(back.label, before)) ledger.counts.unchanged++;
    else noteConflict(frame, before.id, theirs, 'kept ours');
    ledger.leaveBehind(back.key, theirs);
  }
}

function noteConflict(
  { ledger }: Frame,
  labelId: string,
  theirs: Label,
  outcome: 'kept ours' | 'took theirs' | 'held',
): void {
  ledger.counts.conflicting++;
  const both = { ours: null, theirs: labelJson(theirs) };
  ledger.note({ kind: 'CONFLICT', labelId, what: 'deletion', rule: 'DELETED_HERE_EDITED_THERE', ...both, outcome });
}
