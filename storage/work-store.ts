import { randomBytes } from 'node:crypto';
import { LeaseLostError } from '../domain/errors/index.js';
import type { Lease, WorkItem, WorkKind } from '../domain/run/index.js';
import { bytesOfHex, hexOfBytes } from './dialect.js';
import { type Database, type DatabaseTransaction, type SqlRunner, type SqlValue, sqlOf } from './sql.js';
import type { Transaction, WorkStore } from './stores.js';

/** Runs are named by their public id, the others by their number. */
const keyColumn: Readonly<Record<WorkKind, string>> = { run: 'hex', task: 'id', operation: 'id' };
const keyOf = ({ kind, id }: Pick<WorkItem, 'kind' | 'id'>): SqlValue => (kind === 'run' ? bytesOfHex(id) : Number(id));

/** The part of a lease that its holder may use: it stops before anyone else can start. */
const trusted = 0.8;

/**
 * Claims and leases over the tables `run`, `task` and `operation`, which have the same four columns for it:
 * - `due`: when to look at the item; null when there is nothing to do, and while it is held, unless someone woke it since.
 * - `token`: of the present holder, new at each claim. Every later write names it, so that the database refuses a
 *   holder whose lease went to someone else.
 * - `expires`: until when nobody else may claim it.
 * - `attempts`: counted at the claim, so that a crash counts; started anew by progress, taken back by `handBack`.
 */
export class SqlWorkStore implements WorkStore {
  private turn = 0;

  constructor(private readonly database: Database) {}

  claimDue(options: Parameters<WorkStore['claimDue']>[0]): Promise<readonly Lease[]> {
    const { kinds, limit } = options;
    // Each kind gets its share first, and another one is first each time: a thousand due tasks cannot starve an operation.
    const start = this.turn++ % Math.max(1, kinds.length);
    const order = [...kinds.slice(start), ...kinds.slice(0, start)];
    return this.database.transaction(async (tx) => {
      for (const kind of kinds) await freeRunOut(tx, kind, options.now);
      const leases: Lease[] = [];
      for (const share of [Math.ceil(limit / Math.max(1, kinds.length)), limit])
        for (const kind of order)
          leases.push(...(await claimKind(tx, kind, { ...options, limit: Math.min(share, limit - leases.length) })));
      return leases;
    });
  }

  renew(lease: Lease, leaseFor: number, now: number): Promise<Lease | null> {
    return this.database.transaction(async (tx) => {
      const renewed = await updateHeld(tx, lease, 'expires = ?', [now + leaseFor]);
      return renewed ? { ...lease, trustedUntil: now + Math.floor(leaseFor * trusted) } : null;
    });
  }

  async finish(lease: Lease, next: Parameters<WorkStore['finish']>[1], tx?: Transaction): Promise<void> {
    if (tx === undefined) return this.database.transaction((own) => this.finish(lease, next, own));
    // Where someone woke the item while it was held, `due` is set already: the earlier of both counts.
    const due = 'CAST(? AS bigint)';
    const done = await updateHeld(
      sqlOf(tx),
      lease,
      `token = NULL, expires = NULL, attempts = CASE WHEN ? = 1 THEN 0 ELSE attempts END,
       due = CASE WHEN due IS NULL OR due > ${due} THEN ${due} ELSE due END`,
      [next.progressed ? 1 : 0, next.dueAt, next.dueAt],
    );
    if (!done) throw new LeaseLostError(lease.item.kind, lease.item.id);
  }

  async handBack(lease: Lease, now: number): Promise<void> {
    await this.database.transaction((tx) =>
      updateHeld(tx, lease, 'token = NULL, expires = NULL, attempts = attempts - 1, due = ?', [now]),
    );
  }

  async wake(tx: Transaction, item: Pick<WorkItem, 'kind' | 'id'>, dueAt: number): Promise<void> {
    await sqlOf(tx).run(
      `UPDATE ${item.kind} SET due = ? WHERE ${keyColumn[item.kind]} = ? AND (due IS NULL OR due > ?)`,
      [dueAt, keyOf(item), dueAt],
    );
  }

  async nextDue(kinds: readonly WorkKind[]): Promise<number | null> {
    const times = await Promise.all(kinds.map((kind) => nextDueOf(this.database, kind)));
    const known = times.flat();
    return known.length === 0 ? null : Math.min(...known);
  }
}

/** Throws LEASE_LOST unless the lease is still held; on PostgreSQL nobody can take it until the transaction ends. */
export async function checkLease(tx: DatabaseTransaction, { item, token }: Lease): Promise<void> {
  const held = await tx.run(
    `SELECT 1 AS held FROM ${item.kind} WHERE ${keyColumn[item.kind]} = ? AND token = ? ${tx.dialect.forUpdate()}`,
    [keyOf(item), token],
  );
  if (held.length === 0) throw new LeaseLostError(item.kind, item.id);
}

/** Leases that ran out end here; a late holder's token is known to nobody from now on. */
async function freeRunOut(tx: DatabaseTransaction, kind: WorkKind, now: number): Promise<void> {
  await tx.run(
    `UPDATE ${kind} SET due = CASE WHEN due IS NULL OR due > expires THEN expires ELSE due END, token = NULL, expires = NULL
     WHERE id IN (SELECT id FROM ${kind} WHERE expires <= ? ${tx.dialect.forUpdate('SKIP LOCKED')})`,
    [now],
  );
}

async function claimKind(
  tx: DatabaseTransaction,
  kind: WorkKind,
  { limit, leaseFor, now }: Omit<Parameters<WorkStore['claimDue']>[0], 'kinds'>,
): Promise<Lease[]> {
  if (limit <= 0) return [];
  const token = randomBytes(16).toString('hex');
  const rows = await tx.run<{ key: number | Uint8Array; attempts: number }>(
    `UPDATE ${kind} SET token = ?, expires = ?, due = NULL, attempts = attempts + 1
     WHERE id IN (SELECT id FROM ${kind} WHERE due <= ? AND token IS NULL ORDER BY due LIMIT ? ${tx.dialect.forUpdate('SKIP LOCKED')})
     RETURNING ${keyColumn[kind]} AS key, attempts`,
    [token, now + leaseFor, now, limit],
  );
  const trustedUntil = now + Math.floor(leaseFor * trusted);
  return rows.map(({ key, attempts }) => {
    const id = typeof key === 'number' ? String(key) : hexOfBytes(key);
    return { item: { kind, id, attempts }, token, trustedUntil };
  });
}

/** Updates the item if the lease is still held; tells whether it was. */
async function updateHeld(
  tx: DatabaseTransaction,
  { item, token }: Lease,
  change: string,
  params: readonly SqlValue[],
): Promise<boolean> {
  const rows = await tx.run(
    `UPDATE ${item.kind} SET ${change} WHERE ${keyColumn[item.kind]} = ? AND token = ? RETURNING 1 AS held`,
    [...params, keyOf(item), token],
  );
  return rows.length > 0;
}

/** When a free item is due and when a held one runs out, as far as there are any. */
async function nextDueOf(database: SqlRunner, kind: WorkKind): Promise<number[]> {
  const rows = await database.query<{ at: number }>(
    `SELECT * FROM (SELECT due AS at FROM ${kind} WHERE due IS NOT NULL AND token IS NULL ORDER BY due LIMIT 1) f
     UNION ALL
     SELECT * FROM (SELECT expires AS at FROM ${kind} WHERE expires IS NOT NULL ORDER BY expires LIMIT 1) h`,
  );
  return rows.map((row) => row.at);
}
