/** How long to wait before trying again. All times in milliseconds. */
export interface RetryPolicy {
  readonly first: number;
  readonly longest: number;
  /** Attempts in all before the work is given up. */
  readonly attempts: number;
}

export const defaultRetryPolicy: RetryPolicy = { first: 1_000, longest: 300_000, attempts: 8 };

/**
 * The wait after the given number of failed attempts: doubling, between half and all of the step (`random` in 0..1), never
 * shorter than what the remote asked for. Null when the attempts are used up.
 */
export function retryDelay(
  policy: RetryPolicy,
  failed: number,
  random: number,
  retryAfter: number | null,
): number | null {
  if (failed >= policy.attempts) return null;
  const step = Math.min(policy.longest, policy.first * 2 ** Math.max(0, failed - 1));
  return Math.max(retryAfter ?? 0, Math.round(step * (0.5 + random / 2)));
}
