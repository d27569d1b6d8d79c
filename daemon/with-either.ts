/**
 * Does work under a signal that aborts when either of two does. Unlike `AbortSignal.any`, which on Node 20 keeps a
 * little memory per call as long as one of its sources lives, nothing is left behind: a daemon makes millions of these.
 */
export async function withEither<T>(
  first: AbortSignal,
  second: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const either = new AbortController();
  const pass = () => either.abort(first.aborted ? first.reason : second.reason);
  const sources = [first, second];
  for (const source of sources) source.addEventListener('abort', pass, { once: true });
  if (sources.some(({ aborted }) => aborted)) pass();
  try {
    return await work(either.signal);
  } finally {
    for (const source of sources) source.removeEventListener('abort', pass);
  }
}
