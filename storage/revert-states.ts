import { holdsLabels, type Material } from './as-of.js';
import type { FieldState } from './field-states.js';
import type { DatabaseTransaction } from './sql.js';
import { writeStates } from './state-writer.js';
import type { StoredField } from './stores.js';
import { fateOf, timelines } from './timelines.js';

type State = FieldState & { readonly validTo: number | null };

/**
 * Writes back scalars, opaque values and whether lists were null. A list that holds labels (`withLabels`: "sample frame")
 * cannot be null again: others have put them there.
 */
export async function revertStates(
  tx: DatabaseTransaction,
  field: StoredField,
  material: Material,
  events: ReadonlySet<number>,
  withLabels: ReadonlySet<string>,
): Promise<{ reverted: number; changedSince: number }> {
  const current = material.states.map((state) => ({ ...state, validTo: null }));
  const place = ({ sampleKey, frame }: FieldState): string => `${sampleKey} ${frame}`;
  const changes: { sampleKey: number; frame: number; value: string | null; filled: boolean }[] = [];
  let changedSince = 0;
  for (const versions of timelines<State>([...material.oldStates, ...current], place)) {
    const fate = fateOf(versions, events);
    if (fate === null || fate.now === null) continue;
    const target = { filled: fate.before?.filled ?? false, value: fate.before?.value ?? null };
    const now = versions.at(-1) as State;
    if (now.filled === target.filled && now.value === target.value) continue;
    const isHeld = holdsLabels(field) && !target.filled && withLabels.has(place(now));
    if (fate.changedSince || isHeld) changedSince++;
    else changes.push({ sampleKey: now.sampleKey, frame: now.frame, ...target });
  }
  if (changes.length > 0) await writeStates(tx, field.id, changes, await tx.eventNumber());
  return { reverted: changes.length, changedSince };
}
