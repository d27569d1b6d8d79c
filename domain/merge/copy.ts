import type { JsonObject, Label } from '../labels/index.js';
import { attributesText, attributeValue, parseAttributes } from './attributes.js';
import type { Edit } from './edit.js';
import { editLabel } from './edit-label.js';
import { remember } from './existing.js';
import { type Frame, isOccupied } from './frame-work.js';
import type { Plan } from './plan.js';
import { refuseAddition, refuseDeletion } from './refusal.js';
import type { ReturnedLabel } from './types.js';

/**
 * A label that was sent from another field (`destField`) and comes back: a copy with what the payload carries. What
 * the annotators may not edit keeps the value that was sent.
 */
export function copyReturned(frame: Frame, before: Label, back: ReturnedLabel): void {
  if (isOccupied(frame)) refuseAddition(frame, back.label, 'SINGLE_FIELD_OCCUPIED');
  else placeCopy(frame, before, back);
}

function placeCopy(frame: Frame, before: Label, back: ReturnedLabel): void {
  const { ledger, plan } = frame;
  const edit = editLabel(before, before, withOwnIndex(frame, before, back), plan, ledger);
  const copy = copyOf(edit, back, plan);
  addCopy(frame, copy);
  remember(ledger, edit.theirs === null ? null : { ...back.label, id: before.id }, copy, back.key);
  if (edit.refused) ledger.counts.refused++;
  else ledger.counts.added++;
}

/** Where track numbers may not be edited, the number is judged as the annotators gave it, not as it was renumbered. */
function withOwnIndex({ versions, plan }: Frame, before: Label, back: ReturnedLabel): ReturnedLabel {
  if (plan.rules.allowIndexEdits || plan.rules.numbering === 'none') return back;
  const raw = versions.returned?.find(({ key }) => key === back.key)?.label.index ?? before.index;
  return { ...back, label: { ...back.label, index: raw } };
}

function copyOf(edit: Edit, back: ReturnedLabel, plan: Plan): Label {
  const { label, geometry, index } = edit.result;
  return {
    ...back.label,
    id: edit.before.id,
    label,
    geometry,
    index,
    attributes: guardedAttributes(edit, back.label, plan),
  };
}

/** The payload's attributes, those that are read-only as they were sent. */
function guardedAttributes({ before, result }: Edit, back: Label, plan: Plan): string | null {
  const guarded = plan.declared?.(result.label).attributes.filter((attribute) => attribute.readOnly) ?? [];
  if (guarded.length === 0) return back.attributes;
  const attributes = parseAttributes(back.attributes);
  const sent = parseAttributes(before.attributes);
  for (const { name } of guarded) attributes[name] = attributeValue(sent, name);
  return attributesText(attributes);
}

/** A label that was sent from another field and did not come back: copied only where deletions are not allowed. */
export function copyAbsent(frame: Frame, before: Label, now: Label | undefined): void {
  const { plan, ledger, complete } = frame;
  if (!complete || now !== undefined || plan.rules.allowDeletions || isOccupied(frame)) {
    ledger.counts.notReturned++;
    return;
  }
  refuseDeletion(frame, before, null);
  addCopy(frame, { ...before, attributes: declaredAttributes(before, plan), confidence: null, tags: null });
}

function declaredAttributes(label: Label, plan: Plan): string | null {
  if (plan.declared === null) return label.attributes;
  const all = parseAttributes(label.attributes);
  const kept: JsonObject = {};
  for (const { name } of plan.declared(label.label).attributes) kept[name] = attributeValue(all, name);
  return attributesText(kept);
}

function addCopy({ ledger }: Frame, copy: Label): void {
  ledger.add(copy);
  ledger.join(copy.id);
}
