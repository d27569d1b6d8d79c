import type { DatabaseTransaction } from './sql.js';

/** A version of something; `validTo` is null (or absent) while it is the current one. */
export interface Version {
  readonly validFrom: number;
  readonly validTo?: number | null;
}

/** What an operation changed: how it was before (null: it was not there) and how it is now. */
export interface Fate<V> {
  readonly before: V | null;
  readonly now: V | null;
  /** Whether others changed it since. */
  readonly changedSince: boolean;
}

/** All versions of each thing, oldest first. */
export function timelines<V extends Version>(
  versions: readonly V[],
  keyOf: (version: V) => string | number,
): Iterable<readonly V[]> {
  const byKey = new Map<string | number, V[]>();
  for (const version of versions) {
    const own = byKey.get(keyOf(version));
    if (own === undefined) byKey.set(keyOf(version), [version]);
    else own.push(version);
  }
  for (const own of byKey.values()) own.sort((a, b) => a.validFrom - b.validFrom);
  return byKey.values();
}

/** Null where the operation with these events changed nothing. `versions` are those since just before its first event. */
export function fateOf<V extends Version>(versions: readonly V[], events: ReadonlySet<number>): Fate<V> | null {
  const start = versions.findIndex(({ validFrom, validTo }) => events.has(validFrom) || events.has(validTo ?? -1));
  const first = versions[start];
  const last = versions.at(-1);
  if (first === undefined || last === undefined) return null;
  // A version that an event of the operation began had none before it: that one would have ended by the same event.
  const before = events.has(first.validFrom) ? null : first;
  const now = (last.validTo ?? null) === null ? last : null;
  if (before === null && now === null) return null; // gone again, as it was
  const ends = versions.slice(start).flatMap(({ validTo }) => validTo ?? []);
  const begins = versions.slice(before === null ? start : start + 1).map(({ validFrom }) => validFrom);
  return { before, now, changedSince: [...ends, ...begins].some((event) => !events.has(event)) };
}

/**
 * Which of the versions' event numbers are those of the operation that wrote event `first`. Others may have written between
 * its first and last. Events that are no longer kept count as its own.
 */
export async function ownEvents(
  tx: DatabaseTransaction,
  versions: readonly Version[],
  { first, last }: { readonly first: number; readonly last: number },
): Promise<ReadonlySet<number>> {
  const seen = new Set(
    versions.flatMap(({ validFrom, validTo }) => [validFrom, ...(typeof validTo === 'number' ? [validTo] : [])]),
  );
  const inSpan = [...seen].filter((event) => event >= first && event <= last);
  const { each, item } = tx.dialect;
  const foreign = await tx.run<{ number: number }>(
    `SELECT e.number FROM event f CROSS JOIN ${each('?1')} CROSS JOIN event e
     WHERE f.number = ?2 AND f.operation_id IS NOT NULL AND e.number = ${item.int} AND e.operation_id IS DISTINCT FROM f.operation_id`,
    [JSON.stringify(inSpan), first],
  );
  const others = new Set(foreign.map(({ number }) => number));
  return new Set(inSpan.filter((event) => !others.has(event)));
}
