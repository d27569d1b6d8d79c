import type { Label } from '../labels/index.js';
import type { FrameVersions, LeftBehind, MergeRules } from './types.js';

/** What a load starts from, for `FrameVersions`. */
export interface StartingPoint {
  readonly sent: readonly Label[];
  readonly aliases: ReadonlyMap<string, string>;
  readonly deletedThere: ReadonlySet<string>;
}

/**
 * The run's labels of one frame as the dataset held them after the load before (`base`), with what the annotators left
 * behind then put over them.
 */
export function startingPoint(base: readonly Label[], leftBehind: readonly LeftBehind[]): StartingPoint {
  const aliases = new Map<string, string>();
  const deletedThere = new Set<string>();
  if (leftBehind.length === 0) return { sent: base, aliases, deletedThere };
  const labels = new Map(base.map((label) => [label.id, label]));
  for (const { id, returned } of leftBehind) {
    if (returned === null) {
      labels.delete(id);
      deletedThere.add(id);
    } else {
      labels.set(returned.id, returned);
      if (returned.id !== id) aliases.set(id, returned.id);
    }
  }
  return { sent: [...labels.values()], aliases, deletedThere };
}

/** Which labels a merge takes as sent, and which of them the load before put into another field. */
export interface Base {
  readonly sent: readonly Label[];
  /** With `toOtherField`, those of `sent` that are in the destination by an earlier load; null: all of them are. */
  readonly placed: ReadonlySet<string> | null;
}

/**
 * In another field, FiftyOne knows only what earlier loads put there. We compare with what was sent as well, so that
 * restrictions hold.
 */
export function baseOf(versions: FrameVersions, rules: MergeRules): Base {
  if (!rules.toOtherField) return { sent: versions.sent, placed: null };
  const placed = versions.placed ?? [];
  if (rules.compatible) return { sent: placed, placed: null };
  const ids = new Set(placed.map((label) => label.id));
  const byId = new Map(placed.map((label) => [label.id, label]));
  const sent = versions.sent.map((label) => byId.get(label.id) ?? label);
  const sentIds = new Set(sent.map((label) => label.id));
  return { sent: [...sent, ...placed.filter((label) => !sentIds.has(label.id))], placed: ids };
}
