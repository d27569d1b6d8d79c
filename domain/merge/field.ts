import { mergeFrame } from './frame.js';
import { Ids } from './ids.js';
import { Ledger } from './ledger.js';
import { planOf } from './plan.js';
import { numberTracks } from './tracks.js';
import type { FieldMerge, FieldVersions, MergeRules, ReturnedLabel } from './types.js';

/**
 * Brings the annotators' work on one field of one sample into the dataset. Decides; writes nothing. Existing labels keep
 * their order, new ones follow in the order of the payload.
 *
 * `newId` makes ids of 24 hex digits. `isTaken` tells whether a new label's id stands on another sample of the field
 * already, so that the label needs an id of its own; default: none does.
 */
export function mergeField(
  versions: FieldVersions,
  rules: MergeRules,
  newId: () => string,
  isTaken: (id: string) => boolean = () => false,
): FieldMerge {
  const plan = planOf(rules);
  const ledger = new Ledger();
  const numbered = numberTracks(versions.frames, rules);
  const ids = new Ids(() => payload(versions, numbered), newId, isTaken);
  for (const [frame, frameVersions] of versions.frames) {
    const returned = numbered?.get(frame) ?? frameVersions.returned;
    ledger.open(frame);
    mergeFrame({ versions: frameVersions, returned, complete: versions.complete, plan, ledger, ids });
    ledger.close();
  }
  return { frames: ledger.frames, findings: ledger.findings, counts: ledger.counts };
}

type Numbered = ReadonlyMap<number, readonly ReturnedLabel[]> | null;

function* payload(versions: FieldVersions, numbered: Numbered): Iterable<readonly ReturnedLabel[]> {
  for (const [frame, { returned }] of versions.frames) yield numbered?.get(frame) ?? returned ?? [];
}
