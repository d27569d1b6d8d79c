import type { Label } from '../labels/index.js';
import { isSameWhereDeclared } from './attribute-text.js';
import type { Ids } from './ids.js';
import type { LabelFinder } from './label-finder.js';
import type { Ledger } from './ledger.js';
import type { DeclaredParts, Plan } from './plan.js';
import type { FrameVersions, ReturnedLabel } from './types.js';

/** One image or frame that is to be merged. */
export interface FrameWork {
  readonly versions: FrameVersions;
  /** The payload after its tracks got their numbers; null where it has no entry. */
  readonly returned: readonly ReturnedLabel[] | null;
  readonly complete: boolean;
  readonly plan: Plan;
  readonly ledger: Ledger;
  readonly ids: Ids;
}

/** What the steps of a frame share. */
export interface Frame extends FrameWork {
  readonly sent: readonly Label[];
  /** With `toOtherField`: which sent labels are in the destination by an earlier load. Null: all of them. */
  readonly placed: ReadonlySet<string> | null;
  readonly current: LabelFinder;
}

/** Whether a sent label is only in the field that it was sent from, not yet in the one that is written. */
export const isElsewhere = ({ placed }: Frame, id: string): boolean => placed !== null && !placed.has(id);

/** Whether a field of one label holds one, this merge's writes included. */
export function isOccupied({ plan, versions, ledger }: Frame): boolean {
  if (!plan.single) return false;
  if (ledger.additions.length > 0) return true;
  return (versions.current ?? []).some((label) => !ledger.deletions.includes(label.id));
}

/** Whether a label came back as it was sent: what annotators do not see may be missing. */
export function isAsSent(back: Label, before: Label, plan: Plan): boolean {
  if (back.geometry !== before.geometry || back.label !== before.label || back.index !== before.index) return false;
  const declared = plan.declared === null ? undeclared : plan.declared(before.label);
  if (declared.parts.length > 0 && (back.confidence !== before.confidence || back.tags !== before.tags)) return false;
  return isSameWhereDeclared(back.attributes, before.attributes, declared.names);
}

const undeclared: DeclaredParts = { attributes: [], parts: [], names: new Set() };

/** Whether two versions are the same in all that annotators can see. */
export const isSameToAnnotators = (a: Label, b: Label): boolean =>
  a.geometry === b.geometry && a.label === b.label && a.attributes === b.attributes && a.index === b.index;

/** The payload's key of one of our labels. */
export function keyOf({ versions }: Frame, id: string): string {
  for (const [key, ours] of versions.aliases ?? []) if (ours === id) return key;
  return id;
}
