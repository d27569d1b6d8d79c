import type { Label } from '../labels/index.js';
import type { FrameWork } from './frame-work.js';
import { labelJson } from './ledger.js';

type Work = Pick<FrameWork, 'ledger'>;

/** A new label that a rule keeps out. */
export function refuseAddition(
  { ledger }: Work,
  label: Label,
  rule: 'ADDITIONS_NOT_ALLOWED' | 'SINGLE_FIELD_OCCUPIED',
): void {
  ledger.counts.refused++;
  ledger.note({ kind: 'REFUSED', labelId: label.id, what: 'addition', rule, ours: null, theirs: labelJson(label) });
}

/** A deletion that a rule forbids; `now` is the label as it stays, null where it is only copied to stay. */
export function refuseDeletion({ ledger }: Work, before: Label, now: Label | null): void {
  ledger.counts.refused++;
  ledger.counts.refusedDeletions++;
  const both = { ours: labelJson(now ?? before), theirs: null };
  ledger.note({ kind: 'REFUSED', labelId: before.id, what: 'deletion', rule: 'DELETIONS_NOT_ALLOWED', ...both });
}

/** A returned label that cannot be used. */
export function refuseInvalid(
  { ledger }: Work,
  label: Label,
  labelId: string,
  rule: 'MALFORMED_ID' | 'WRONG_SHAPE',
): void {
  ledger.counts.invalid++;
  const what = rule === 'WRONG_SHAPE' ? 'geometry' : 'addition';
  ledger.note({ kind: 'INVALID', labelId, what, rule, ours: null, theirs: labelJson(label) });
}
