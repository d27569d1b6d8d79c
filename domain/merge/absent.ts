import { isSameLabel, type Label } from '../labels/index.js';
import { copyAbsent } from './copy.js';
import { type Frame, isElsewhere, keyOf } from './frame-work.js';
import { outcomeOf } from './judge.js';
import { labelJson } from './ledger.js';
import { refuseDeletion } from './refusal.js';

/** A label that was sent and did not come back. Only where the sample is complete is that a deletion. */
export function mergeAbsent(frame: Frame, before: Label): void {
  const { ledger, complete } = frame;
  const now = frame.current.get(before.id);
  if (isElsewhere(frame, before.id)) copyAbsent(frame, before, now);
  else if (complete && now !== undefined) mergeDeletion(frame, before, now);
  else {
    ledger.counts.notReturned++;
    if (!complete && now !== before) ledger.leaveBehind(keyOf(frame, before.id), before);
  }
}

function mergeDeletion(frame: Frame, before: Label, now: Label): void {
  const { rules } = frame.plan;
  if (!rules.allowDeletions) refuseDeletion(frame, before, now);
  else if (rules.compatible) deleteLabel(frame, now);
  else if (rules.holdDeletions) holdDeletion(frame, before, now);
  else if (now === before || isSameLabel(now, before)) deleteLabel(frame, now);
  else decideDeletion(frame, before, now);
}

function deleteLabel({ ledger }: Frame, now: Label): void {
  ledger.delete(now.id);
  ledger.counts.deleted++;
}

function holdDeletion({ ledger }: Frame, before: Label, now: Label): void {
  ledger.counts.heldDeletions++;
  const both = { ours: labelJson(now), theirs: null };
  ledger.note({
    kind: 'HELD_DELETION',
    labelId: before.id,
    what: 'deletion',
    rule: 'MANY_DELETIONS',
    ...both,
    outcome: 'held',
  });
  ledger.leaveBehind(before.id, null);
}

/** Changed here, deleted there. */
function decideDeletion({ plan, ledger }: Frame, before: Label, now: Label): void {
  ledger.counts.conflicting++;
  ledger.counts.conflictingDeletions++;
  const outcome = outcomeOf[plan.rules.policy];
  const both = { ours: labelJson(now), theirs: null };
  ledger.note({
    kind: 'CONFLICT',
    labelId: before.id,
    what: 'deletion',
    rule: 'CHANGED_HERE_DELETED_THERE',
    ...both,
    outcome,
  });
  if (outcome === 'took theirs') ledger.delete(now.id);
  else ledger.leaveBehind(before.id, null);
}
