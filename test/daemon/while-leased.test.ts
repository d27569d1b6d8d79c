import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { whileLeased } from '../../daemon/while-leased.js';
import { LeaseLostError } from '../../domain/errors/index.js';
import type { Lease } from '../../domain/run/index.js';

const leaseFor = 3_000;
const options = { leaseFor, clock: () => Date.now() };
const lease = (): Lease => ({
  item: { kind: 'run', id: 'a'.repeat(24), attempts: 1 },
  token: 'mine',
  trustedUntil: Date.now() + 2_400,
});
const renewed = (old: Lease, now: number): Lease => ({ ...old, trustedUntil: now + 2_400 });

/** Work that goes on until its signal aborts, and then throws as adapters do. */
const untilLost = (lost: AbortSignal): Promise<never> =>
  new Promise((_, reject) => lost.addEventListener('abort', () => reject(new Error('aborted')), { once: true }));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('work under a lease', () => {
  test('gives its result, and the lease is not renewed afterwards', async () => {
    const renew = vi.fn(async (old: Lease, _for: number, now: number) => renewed(old, now));
    expect(await whileLeased(lease(), { renew }, options, async () => 'done')).toBe('done');
    await vi.advanceTimersByTimeAsync(10 * leaseFor);
    expect(renew).not.toHaveBeenCalled();
  });

  test('goes on for many times the length of a lease that is renewed', async () => {
    const renew = vi.fn(async (old: Lease, _for: number, now: number) => renewed(old, now));
    let finish = (_: string) => {};
    const working = whileLeased(
      lease(),
      { renew },
      options,
      () =>
        new Promise<string>((resolve) => {
          finish = resolve;
        }),
    );
    await vi.advanceTimersByTimeAsync(10 * leaseFor);
    expect(renew.mock.calls.length).toBeGreaterThanOrEqual(25);
    finish('late');
    expect(await working).toBe('late');
  });

  test('is aborted when the database says that the lease is lost', async () => {
    const working = whileLeased(lease(), { renew: async () => null }, options, untilLost);
    const outcome = expect(working).rejects.toThrow(LeaseLostError);
    await vi.advanceTimersByTimeAsync(leaseFor / 3);
    await outcome;
  });

  test('goes on while the database is away, but not past the deadline', async () => {
    const renew = vi.fn(async (): Promise<Lease | null> => {
      throw new Error('connection refused');
    });
    let abortedAt = 0;
    const start = Date.now();
    const working = whileLeased(lease(), { renew }, options, (lost) => {
      lost.addEventListener('abort', () => {
        abortedAt = Date.now();
      });
      return untilLost(lost);
    });
    const outcome = expect(working).rejects.toThrow(LeaseLostError);
    await vi.advanceTimersByTimeAsync(leaseFor);
    await outcome;
    expect(renew.mock.calls.length).toBeGreaterThanOrEqual(2);
    expect(abortedAt - start).toBe(2_400);
  });

  test('is aborted when the process slept past the deadline, though the renewal came through', async () => {
    const asleep = async (old: Lease, _for: number, now: number): Promise<Lease> => {
      vi.setSystemTime(Date.now() + 60_000); // the answer is a minute late
      return renewed(old, now);
    };
    const outcome = expect(whileLeased(lease(), { renew: asleep }, options, untilLost)).rejects.toThrow(LeaseLostError);
    await vi.advanceTimersByTimeAsync(leaseFor / 3);
    await outcome;
  });

  test('keeps its own error while the lease holds', async () => {
    const renew = async (old: Lease): Promise<Lease> => old;
    const working = whileLeased(lease(), { renew }, options, () => Promise.reject(new TypeError('a bug')));
    await expect(working).rejects.toThrow(TypeError);
  });
});
