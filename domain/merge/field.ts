import { mergeFrame } from './frame.js';
import { Ids } from './ids.js';
import { Ledger } from './ledger.js';
import { planOf } from './plan.js';
import { numberTracks } from './tracks.js';
import type { Elsewhere, FieldMerge, FieldVersions, MergeRules, ReturnedLabel } from './types.js';

/**
 * Brings the annotators' work on one field of one sample into the dataset. Decides; writes nothing. Existing labels keep
 * their order, new ones follow in the order of the payload.
 *
 * `newId` makes ids of 24 hex digits; `elsewhere` knows the labels of other samples and is asked only about labels that
 * are new on this one (default: there are none).
 */
export function mergeField(
  versions: FieldVersions,
  rules: MergeRules,
  newId: () => string,
  elsewhere: Elsewhere = nowhere,
): FieldMerge {
  const plan = planOf(rules);
  const ledger = new Ledger();
  const numbered = numberTracks(versions.frames, rules);
  const ids = new Ids(() => payload(versions, numbered), newId, elsewhere);
  for (const [frame, frameVersions] of versions.frames) {
    const returned = numbered?.get(frame) ?? frameVersions.returned;
    ledger.open(frame);
    mergeFrame({ versions: frameVersions, returned, complete: versions.complete, plan, ledger, ids });
    ledger.close();
  }
  return { frames: ledger.frames, findings: ledger.findings, counts: ledger.counts };
}

const nowhere: Elsewhere = { isTaken: () => false };

type Numbered = ReadonlyMap<number, readonly ReturnedLabel[]> | null;

function* payload(versions: FieldVersions, numbered: Numbered): Iterable<readonly ReturnedLabel[]> {
  for (const [frame, { returned }] of versions.frames) yield numbered?.get(frame) ?? returned ?? [];
}
