import { canonicalJson, isCloseJson, type Json, type Label } from '../labels/index.js';
import { judge, outcomeOf, type Verdict } from './judge.js';
import type { Ledger } from './ledger.js';
import type { Plan } from './plan.js';
import { withoutRounding } from './rounding.js';
import type { MergeRuleCode } from './rule-codes.js';
import type { Finding } from './types.js';

export type MutableLabel = { -readonly [part in keyof Label]: Label[part] };

/**
 * The merge of one label that all three sides know, in the making: `result` is what the dataset gets, `theirs` what the
 * annotators left, on top of the result. Both are `now` until something differs.
 */
export class Edit {
  result: MutableLabel;
  refused = false;
  conflicting = false;
  private left: Partial<MutableLabel> | null = null;

  constructor(
    readonly before: Label,
    readonly now: Label,
    readonly after: Label,
    readonly plan: Plan,
    readonly ledger: Ledger,
  ) {
    this.result = now;
  }

  get wrote(): boolean {
    return this.result !== this.now;
  }

  /** What the annotators left, null where the dataset holds the same. */
  get theirs(): Label | null {
    return this.left === null ? null : { ...this.result, ...this.left };
  }

  write<P extends keyof Label>(part: P, value: Label[P]): void {
    if (this.result === this.now) this.result = { ...this.now };
    this.result[part] = value;
  }

  leave<P extends keyof Label>(part: P, value: Label[P]): void {
    this.left ??= {};
    this.left[part] = value;
  }

  /** Notes a refusal or conflict and tells whether their value is to be written. */
  settle(
    verdict: Verdict,
    finding: Pick<Finding, 'what' | 'ours' | 'theirs'> & { attribute?: string },
    rule: MergeRuleCode,
  ): boolean {
    if (verdict === 'refused') {
      this.refused = true;
      this.ledger.note({ kind: 'REFUSED', labelId: this.now.id, rule, ...finding });
    } else if (verdict === 'conflict') {
      const outcome = outcomeOf[this.plan.rules.policy];
      this.conflicting = true;
      this.ledger.note({ kind: 'CONFLICT', labelId: this.now.id, rule: 'CHANGED_ON_BOTH_SIDES', ...finding, outcome });
      return outcome === 'took theirs';
    }
    return verdict === 'accepted';
  }
}

type PlainPart = 'label' | 'geometry' | 'index' | 'confidence' | 'tags';

/** Judges a part that is compared as a whole. */
export function editPart(edit: Edit, part: PlainPart, allowed: boolean, rule: MergeRuleCode): void {
  const before = edit.before[part];
  const now = edit.now[part];
  const after = settled(edit, part);
  if (after === now) return;
  const comparison = { afterIsNow: false, afterIsBefore: after === before, nowIsBefore: now === before };
  const verdict = judge(comparison, allowed, edit.plan.rules.compatible);
  const isWritten =
    verdict === 'ours'
      ? false
      : edit.settle(verdict, { what: part, ours: json(part, now), theirs: json(part, after) }, rule);
  if (isWritten) edit.write(part, after as never);
  else edit.leave(part, after as never);
}

/**
 * The returned part; where it equals what was sent, or what is here, within the backend's rounding: exactly that. Of
 * geometry that was edited in part, the rest is as it was sent.
 */
function settled(edit: Edit, part: PlainPart): Label[PlainPart] {
  const after = edit.after[part];
  const { tolerance } = edit.plan.rules;
  if (tolerance === 0 || (part !== 'geometry' && part !== 'confidence')) return after;
  for (const known of [edit.before[part], edit.now[part]]) {
    if (after === known) return known;
    if (isCloseJson(json(part, known), json(part, after), tolerance)) return known;
  }
  return part === 'geometry' && after !== null
    ? unroundedGeometry(edit.before.geometry, after as string, tolerance)
    : after;
}

/** Geometry that was edited in part: what was not edited is as it was sent. */
function unroundedGeometry(before: Label['geometry'], after: string, tolerance: number): Label['geometry'] {
  if (before === null) return after;
  return canonicalJson(withoutRounding(JSON.parse(before) as Json, JSON.parse(after) as Json, tolerance));
}

const json = (part: PlainPart, value: Label[PlainPart]): Json =>
  (part === 'geometry' || part === 'tags') && typeof value === 'string' ? (JSON.parse(value) as Json) : value;
