import type { Label } from '../labels/index.js';
import type { Edit } from './edit.js';
import { editLabel } from './edit-label.js';
import type { Frame } from './frame-work.js';
import type { Ledger } from './ledger.js';
import type { ReturnedLabel } from './types.js';

/** A label that was sent, is here and came back. */
export function mergeHere({ plan, ledger }: Frame, before: Label, now: Label, back: ReturnedLabel): void {
  const edit = editLabel(before, now, back, plan, ledger);
  if (edit.wrote) ledger.update(edit.result);
  remember(ledger, edit.theirs, edit.result, back.key);
  countEdit(edit, ledger);
}

export function countEdit(edit: Edit, { counts }: Ledger): void {
  if (edit.conflicting) counts.conflicting++;
  else if (edit.refused) counts.refused++;
  else if (edit.wrote) counts.edited++;
  else counts.unchanged++;
}

/** Leaves behind what the annotators have where it differs from what is here, and always where the key differs. */
export function remember(ledger: Ledger, theirs: Label | null, here: Label, key: string): void {
  if (theirs !== null || key !== here.id) ledger.leaveBehind(key, theirs ?? here);
}
