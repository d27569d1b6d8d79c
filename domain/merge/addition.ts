import { isCloseJson, type JsonObject, type Label } from '../labels/index.js';
import { attributesText, attributeValue, parseAttributes, setAttribute } from './attributes.js';
import { editLabel } from './edit-label.js';
import { mergeHere, remember } from './existing.js';
import { type Frame, isOccupied, isSameToAnnotators } from './frame-work.js';
import { labelJson } from './ledger.js';
import { refuseAddition, refuseInvalid } from './refusal.js';
import { isId, isWellFormed } from './shape.js';
import type { ReturnedLabel } from './types.js';

/** A label that came back and was not sent. */
export function mergeNew(frame: Frame, back: ReturnedLabel): void {
  const { versions } = frame;
  const now = frame.current.get(back.key);
  const isDeletedThere = versions.deletedThere?.has(back.key) === true;
  const departed = now === undefined ? versions.departed?.find((label) => label.id === back.key) : undefined;
  if (now !== undefined && isDeletedThere) mergeHere(frame, back.label, now, back);
  else if (now !== undefined && isHereAlready(frame, now, back)) joinHere(frame, now, back);
  else if (departed !== undefined) restore(frame, departed, back);
  else if (isAdmitted(frame, back)) place(frame, newLabel(frame, back), back);
}

function isAdmitted(frame: Frame, back: ReturnedLabel): boolean {
  const { rules } = frame.plan;
  if (!rules.allowAdditions) refuseAddition(frame, back.label, 'ADDITIONS_NOT_ALLOWED');
  else if (!isId(back.key) || !isId(back.label.id)) refuseInvalid(frame, back.label, back.key, 'MALFORMED_ID');
  else if (!isWellFormed(rules.labelClass, back.label.geometry))
    refuseInvalid(frame, back.label, back.key, 'WRONG_SHAPE');
  else if (isOccupied(frame)) refuseAddition(frame, back.label, 'SINGLE_FIELD_OCCUPIED');
  else return true;
  return false;
}

/** Whether the dataset holds the new label already, added here under the same id with all that the payload carries. */
function isHereAlready({ plan, sent }: Frame, now: Label, { label }: ReturnedLabel): boolean {
  if (plan.rules.compatible || sent.some(({ id }) => id === now.id)) return false;
  if (isSameToAnnotators(now, label)) return true;
  if (now.label !== label.label || now.geometry !== label.geometry || now.index !== label.index) return false;
  const here = parseAttributes(now.attributes);
  return Object.entries(parseAttributes(label.attributes)).every(
    ([name, value]) => attributeValue(here, name) === value,
  );
}

/** Ours stands; the returned label counts as what the annotators had all along. */
function joinHere(frame: Frame, now: Label, back: ReturnedLabel): void {
  mergeHere(frame, back.label, now, back);
  frame.ledger.join(now.id);
}

/** A label that an earlier load deleted is back: as it was then, with what the annotators changed since. */
function restore(frame: Frame, departed: Label, back: ReturnedLabel): void {
  const { plan, versions } = frame;
  if (plan.rules.compatible && versions.current !== null) dropCompatibly(frame, back);
  else if (isAdmitted(frame, back)) putBack(frame, departed, back);
}

function putBack({ plan, ledger }: Frame, departed: Label, back: ReturnedLabel): void {
  const edit = plan.rules.compatible ? null : editLabel(departed, departed, back, plan, ledger);
  const label = edit?.result ?? back.label;
  ledger.add(label);
  ledger.join(label.id);
  ledger.counts.added++;
  remember(ledger, edit?.theirs ?? null, label, back.key);
}

/** FiftyOne still counts the label as one of the run and does not find it in the field. */
function dropCompatibly({ ledger }: Frame, { key, label }: ReturnedLabel): void {
  ledger.counts.conflicting++;
  const rule = 'DELETED_HERE_EDITED_THERE';
  ledger.note({ kind: 'CONFLICT', labelId: key, what: 'deletion', rule, ours: null, theirs: labelJson(label) });
}

/** The label as it joins the dataset: without keyframe mark where tracks have none, without read-only values. */
function newLabel(frame: Frame, back: ReturnedLabel): Label {
  const { plan } = frame;
  const { label } = back;
  if (label.attributes === null || !(plan.dropsKeyframes || plan.guardsNewLabels)) return label;
  const attributes = parseAttributes(label.attributes);
  const isMarked = plan.dropsKeyframes && 'keyframe' in attributes;
  if (isMarked) delete attributes.keyframe;
  const isGuarded = plan.guardsNewLabels && refuseReadOnly(frame, back, attributes);
  return isMarked || isGuarded ? { ...label, attributes: attributesText(attributes) } : label;
}

/**
 * Takes read-only values out, in place; tells whether there were any. A label that was sent for another sample keeps
 * those that it had there.
 */
function refuseReadOnly(frame: Frame, back: ReturnedLabel, attributes: JsonObject): boolean {
  const { plan, ledger, ids } = frame;
  const guarded = plan.declared?.(back.label.label).attributes.filter(({ readOnly }) => readOnly) ?? [];
  const origin = guarded.length === 0 ? undefined : ids.elsewhere.origin?.(back.key);
  const sent = parseAttributes(origin?.attributes ?? null);
  let found = false;
  for (const { name } of guarded) {
    const theirs = attributeValue(attributes, name);
    const ours = attributeValue(sent, name);
    if (isCloseJson(ours, theirs, plan.rules.tolerance)) continue;
    found = true;
    setAttribute(attributes, name, ours);
    const labelId = back.label.id;
    ledger.note({
      kind: 'REFUSED',
      labelId,
      what: 'attribute',
      attribute: name,
      rule: 'READ_ONLY_ATTRIBUTE',
      ours,
      theirs,
    });
  }
  return found;
}

function place(frame: Frame, label: Label, back: ReturnedLabel): void {
  const { ledger, ids } = frame;
  const { id, fresh } = ids.idFor(back, (wanted) => isInUse(frame, wanted));
  const stored = id === label.id ? label : { ...label, id };
  ledger.add(stored);
  ledger.join(id);
  ledger.counts.added++;
  if (back.key !== id) ledger.alias({ key: back.key, id, fresh });
  remember(ledger, label.attributes === back.label.attributes ? null : { ...back.label, id }, stored, back.key);
}

const isInUse = ({ current, sent, ledger }: Frame, id: string): boolean =>
  current.has(id) || sent.some((label) => label.id === id) || ledger.addsId(id);
