import { documentOfLabel, type JsonObject } from '../../domain/labels/index.js';
import { emptyCounts, mergeRuleCodes } from '../../domain/merge/index.js';
import type { MergeCounts } from '../../domain/merge/types.js';
import type { HeldLabel } from '../../storage/stores.js';
import type { LoadPlan } from './load-plan.js';
import type { PlacedFinding } from './merge-target.js';
import type { PlacedPage, PlacedUnit } from './page-units.js';
import type { ReturnedPart, ReturnedUnit } from './returned-units.js';

type Held = Omit<HeldLabel, 'id' | 'operationId' | 'runId' | 'sampleId'> & { readonly sampleKey: number };

/** Labels of types that the label schema does not ask for, and units that are not in the dataset. */
export interface Unexpected {
  readonly held: readonly Held[];
  readonly findings: readonly PlacedFinding[];
  readonly counts: MergeCounts;
}

/**
 * What becomes of a page's unexpected labels that are not merged: held or returned ones are stored for a decision or to
 * be read; ignored ones are counted and noted. Units without a place in the dataset are counted.
 */
export function unexpectedLabels(plan: LoadPlan, placed: PlacedPage): Unexpected {
  const work = { held: [] as Held[], findings: [] as PlacedFinding[], counts: emptyCounts() };
  for (const units of placed.samples.values())
    for (const unit of units) for (const part of unit.unit.parts) storePart(plan, work, unit, part);
  for (const unit of placed.strangers) count(work.counts, sizeOf(unit));
  return work;
}

type Work = { held: Held[]; findings: PlacedFinding[]; counts: MergeCounts };

function storePart(plan: LoadPlan, work: Work, placed: PlacedUnit, part: ReturnedPart): void {
  const route = plan.routes.routeOf(part.field, part.type);
  if (route.kind === 'EXPECTED' || route.kind === 'KEEP') return;
  for (const { frame, document, id } of documentsOf(placed, part)) {
    count(work.counts, 1);
    const place = { sampleKey: placed.sampleKey, frame };
    if (route.kind === 'IGNORE') work.findings.push({ ...place, ...ignored(part, id, document) });
    else
      work.held.push({
        ...place,
        field: part.field,
        returnType: part.type,
        labelId: id,
        document,
        reason: mergeRuleCodes.UNEXPECTED_TYPE,
        state: route.kind === 'HOLD' ? 'HELD' : 'RETURNED',
      });
  }
}

const ignored = (
  part: ReturnedPart,
  labelId: string | null,
  document: JsonObject,
): Omit<PlacedFinding, 'sampleKey' | 'frame'> => ({
  field: part.field,
  kind: 'UNEXPECTED',
  labelId,
  what: 'addition',
  attribute: null,
  rule: 'UNEXPECTED_TYPE',
  ours: null,
  theirs: document,
  outcome: 'kept ours',
});

function* documentsOf(
  placed: PlacedUnit,
  part: ReturnedPart,
): Iterable<{ frame: number; id: string | null; document: JsonObject }> {
  const own = placed.place.frame;
  for (const [frame, labels] of part.labels)
    for (const { key, label } of labels)
      yield { frame: own ?? frame, id: key, document: documentOfLabel(label) as JsonObject };
  for (const [frame, value] of part.values)
    if (value !== null) yield { frame: own ?? frame, id: null, document: { value } };
}

function sizeOf(unit: ReturnedUnit): number {
  let size = 0;
  for (const part of unit.parts) {
    for (const labels of part.labels.values()) size += labels.length;
    for (const value of part.values.values()) size += value === null ? 0 : 1;
  }
  return size;
}

function count(counts: MergeCounts, size: number): void {
  counts.returned += size;
  counts.unexpected += size;
}
