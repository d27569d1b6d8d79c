import { geometryMembers, type Label } from '../labels/index.js';
import { Edit, editPart } from './edit.js';
import { editAttributes, overwriteCore } from './edit-attributes.js';
import type { Ledger } from './ledger.js';
import type { Plan } from './plan.js';
import type { ReturnedLabel } from './types.js';

/** Judges every part of a label that was sent, is still here and came back. */
export function editLabel(before: Label, now: Label, returned: ReturnedLabel, plan: Plan, ledger: Ledger): Edit {
  const { rules } = plan;
  const edit = new Edit(before, now, returned.label, plan, ledger);
  const present = returned.present ?? null;
  if (plan.hasClass && isPresent(present, ['label']))
    editPart(edit, 'label', rules.allowLabelEdits, 'LABEL_EDITS_NOT_ALLOWED');
  if (isPresent(present, geometryMembers[rules.labelClass]))
    editPart(edit, 'geometry', rules.allowSpatialEdits, 'SPATIAL_EDITS_NOT_ALLOWED');
  if (plan.hasIndex && (returned.label.index !== null || plan.erasesIndex) && isPresent(present, ['index']))
    editPart(edit, 'index', rules.allowIndexEdits, 'INDEX_EDITS_NOT_ALLOWED');
  editAttributes(edit, present);
  if (rules.compatible) overwriteCore(edit);
  return edit;
}

const isPresent = (present: readonly string[] | null, members: readonly string[]): boolean =>
  present === null || members.some((member) => present.includes(member));
