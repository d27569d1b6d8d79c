import { isCloseJson, type Json } from '../labels/index.js';
import { emptyCounts } from './counts.js';
import { judge, outcomeOf, type Verdict } from './judge.js';
import type { MergeRuleCode } from './rule-codes.js';
import { fitScalar } from './scalar-type.js';
import type { Finding, MergeCounts, ScalarMerge, ScalarRules, ScalarVersions } from './types.js';

/**
 * Brings one returned scalar into the dataset. No flag guards edits. A value counts as one label: sent where it was not
 * null, returned where it is not null.
 */
export function mergeScalar(versions: ScalarVersions, rules: ScalarRules): ScalarMerge {
  const work = { versions, rules, counts: countSides(versions) };
  if (isLeftAlone(versions, rules)) return leaveAlone(work);
  const after = fitScalar(rules.type, versions.returned ?? null);
  if (after === undefined) return refuseType(work);
  if (after === null && isFirstPlacement(versions, rules)) return keepOut(work);
  return settle(work, { before: startOf(versions, rules), now: versions.current, after });
}

interface Work {
  readonly versions: ScalarVersions;
  readonly rules: ScalarRules;
  readonly counts: MergeCounts;
}

interface Sides {
  readonly before: Json;
  readonly now: Json;
  readonly after: Json;
}

function countSides({ sent, returned }: ScalarVersions): MergeCounts {
  const counts = emptyCounts();
  const isReturned = (returned ?? null) !== null;
  counts.sent = sent === null ? 0 : 1;
  counts.returned = isReturned ? 1 : 0;
  counts.matched = sent !== null && isReturned ? 1 : 0;
  return counts;
}

const isFirstPlacement = ({ placed }: ScalarVersions, { toOtherField }: ScalarRules): boolean =>
  toOtherField && placed === undefined;

/** What the annotators started from. What is first placed in another field has no history there. */
const startOf = (versions: ScalarVersions, rules: ScalarRules): Json =>
  isFirstPlacement(versions, rules) ? versions.current : (versions.placed ?? versions.sent);

/**
 * Whether a missing entry says nothing: the sample is not complete, or nothing was sent. FiftyOne erases frame values
 * that were not sent all the same.
 */
function isLeftAlone({ returned, complete, sent }: ScalarVersions, { compatible, frameField }: ScalarRules): boolean {
  if (returned !== undefined) return false;
  return !complete || (sent === null && !(compatible && frameField));
}

function leaveAlone({ versions: { sent, current }, counts }: Work): ScalarMerge {
  counts.notReturned = counts.sent;
  const isLeft = sent !== null && sent !== current;
  return { ...(isLeft ? { left: sent } : {}), finding: null, counts };
}

function refuseType({ versions, counts }: Work): ScalarMerge {
  counts.invalid = counts.returned;
  const returned = versions.returned ?? null;
  return { finding: note(versions, 'INVALID', 'WRONG_SCALAR_TYPE', returned, 'kept ours'), counts };
}

/** A value that the annotators erased is not placed in another field, except where deletions are not allowed. */
function keepOut({ versions, rules, counts }: Work): ScalarMerge {
  const { sent, current } = versions;
  if (rules.compatible || rules.allowDeletions || sent === null || current !== null) {
    counts.notReturned = counts.sent;
    return { finding: null, counts };
  }
  counts.refused = counts.refusedDeletions = 1;
  return { write: sent, finding: note(versions, 'REFUSED', 'DELETIONS_NOT_ALLOWED', null, 'kept ours'), counts };
}

function settle(work: Work, sides: Sides): ScalarMerge {
  const { rules, counts } = work;
  const verdict = judge(compare(sides, rules), isAllowed(work, sides), rules.compatible);
  count(verdict, sides, counts);
  const { after } = sides;
  if (verdict === 'same') return { finding: null, counts };
  if (verdict === 'ours') return { left: after, finding: null, counts };
  if (verdict === 'accepted') return { write: after, finding: null, counts };
  if (verdict === 'refused')
    return { finding: note(work.versions, 'REFUSED', refusalOf(after), after, 'kept ours'), counts };
  const outcome = outcomeOf[rules.policy];
  const finding = note(work.versions, 'CONFLICT', conflictOf(sides), after, outcome);
  return outcome === 'took theirs' ? { write: after, finding, counts } : { left: after, finding, counts };
}

const refusalOf = (after: Json): MergeRuleCode => (after === null ? 'DELETIONS_NOT_ALLOWED' : 'ADDITIONS_NOT_ALLOWED');

function conflictOf({ now, after }: Sides): MergeRuleCode {
  if (now === null) return 'DELETED_HERE_EDITED_THERE';
  return after === null ? 'CHANGED_HERE_DELETED_THERE' : 'CHANGED_ON_BOTH_SIDES';
}

const compare = ({ before, now, after }: Sides, { tolerance }: ScalarRules) => ({
  afterIsNow: isCloseJson(now, after, tolerance),
  afterIsBefore: isCloseJson(before, after, tolerance),
  nowIsBefore: now === before,
});

/** Edits always are; what is copied to another field is no addition there where it was sent. */
function isAllowed({ versions, rules }: Work, { now, after }: Sides): boolean {
  if (after === null) return rules.allowDeletions;
  if (now !== null)
    return rules.allowAdditions || rules.compatible || !isFirstPlacement(versions, rules) || versions.sent !== null;
  const isCopy = !rules.compatible && isFirstPlacement(versions, rules) && versions.sent !== null;
  return rules.allowAdditions || isCopy;
}

/** A value that goes counts on the side of what was sent, all others on the side of what came back. */
function count(verdict: Verdict, { before, after }: Sides, counts: MergeCounts): void {
  if (after === null) {
    if (counts.sent === 1) countDeletion(verdict, counts);
  } else if (verdict === 'conflict') counts.conflicting = 1;
  else if (verdict === 'refused') counts.refused = 1;
  else if (verdict !== 'accepted') counts.unchanged = 1;
  else if (before === null) counts.added = 1;
  else counts.edited = 1;
}

function countDeletion(verdict: Verdict, counts: MergeCounts): void {
  if (verdict === 'accepted') counts.deleted = 1;
  else if (verdict === 'refused') counts.refused = counts.refusedDeletions = 1;
  else if (verdict === 'conflict') counts.conflicting = counts.conflictingDeletions = 1;
  else counts.notReturned = 1;
}

function note(
  { frame, current }: ScalarVersions,
  kind: Finding['kind'],
  rule: MergeRuleCode,
  theirs: Json,
  outcome: Finding['outcome'],
): Finding {
  return { kind, frame, labelId: null, what: 'value', attribute: null, rule, ours: current, theirs, outcome };
}
