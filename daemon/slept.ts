/** Waits for `ms` milliseconds or until the signal aborts. Tells whether the whole time passed. */
export function slept(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const end = (whole: boolean) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cut);
      resolve(whole);
    };
    const cut = () => end(false);
    const timer = setTimeout(() => end(true), Math.max(0, ms));
    signal.addEventListener('abort', cut, { once: true });
  });
}
