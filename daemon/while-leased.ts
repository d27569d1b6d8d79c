import { LeaseLostError } from '../domain/errors/index.js';
import type { Lease } from '../domain/run/index.js';
import type { WorkStore } from '../storage/stores.js';
import { slept } from './slept.js';

/*
 * The lease.
 *
 * Several daemons may run, and any of them may be killed, paused or cut off from the database at any moment. Yet no two
 * of them may write the results of the same piece of work. This is how.
 *
 * Who is the authority. The row of the work item in the database, and nothing else: no clock of ours, no belief that we
 * are alive. A claim is one conditional update that puts a new random token and an expiry into the row. While the expiry
 * lies ahead nobody else can claim it. Every later write of the holder names the token, inside the same transaction as
 * what it writes (`storage.transaction(work, { lease })`, `finish`, `handBack`, `renew`): if the row carries another
 * token by then, the transaction throws LeaseLostError and nothing of it is kept.
 *
 * What is trusted for how long. `trustedUntil` is counted from the moment we asked for the lease, not from the moment
 * the answer came, and it ends before the row expires. So we stop on our own before anyone else can start, as long as
 * our clock runs at about the same speed as that of the others; it need not show the same time.
 *
 * Renewal. Beside the work, a third of the lease's time after another, the lease is renewed. If the database cannot be
 * reached the old deadline stands and we ask again soon: a restart of the database does not cost the work. If it says
 * that the lease is lost, or the deadline has come, the work's signal aborts, and its adapter is to give up promptly:
 * its requests carry that signal.
 *
 * What happens to a late writer. A process that slept (a paused machine, a long garbage collection) wakes up believing
 * that it holds the lease. What it does at the remote before it notices cannot be prevented; that is why every verb of a
 * backend may be repeated and looks for what is there before it makes something. What it writes to the database is
 * refused, by the token. Being late costs work, never correctness.
 *
 * The lease is held until the work has really ended, even where it ignores its signal: a second attempt in the same
 * process would otherwise run beside the first.
 */

export interface LeaseOptions {
  /** How long a renewal is asked for, in milliseconds. */
  readonly leaseFor: number;
  /** Milliseconds since 1970. */
  clock(): number;
}

/**
 * Does `work` while the lease is kept up beside it. The signal that `work` gets aborts when the lease is lost; then
 * whatever it throws turns into LeaseLostError. Returns what `work` returns.
 */
export async function whileLeased<T>(
  lease: Lease,
  store: Pick<WorkStore, 'renew'>,
  options: LeaseOptions,
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const lost = new AbortController();
  const kept = keepUp(lease, store, options, done.signal).catch((error: unknown) => lost.abort(error));
  try {
    return await work(lost.signal);
  } catch (error) {
    throw lost.signal.aborted ? lost.signal.reason : error;
  } finally {
    done.abort();
    await kept;
  }
}

/** Renews until `done`; throws LeaseLostError when the lease is no longer to be trusted. */
async function keepUp(
  first: Lease,
  store: Pick<WorkStore, 'renew'>,
  options: LeaseOptions,
  done: AbortSignal,
): Promise<void> {
  let lease = first;
  while (await slept(untilRenewal(lease, options), done)) {
    const renewed = await store.renew(lease, options.leaseFor, options.clock()).catch(() => lease); // unreachable for now: the old deadline stands
    if (done.aborted) return;
    if (renewed === null || options.clock() >= renewed.trustedUntil) throw lostLease(lease);
    lease = renewed;
  }
}

/** A third of the lease's time, but never past its deadline, and never more often than every 10 ms. */
function untilRenewal(lease: Lease, { leaseFor, clock }: LeaseOptions): number {
  return Math.max(10, Math.min(leaseFor / 3, lease.trustedUntil - clock()));
}

const lostLease = ({ item }: Lease): LeaseLostError => new LeaseLostError(item.kind, item.id);
