import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { withEither } from '../../daemon/with-either.js';

const open = () => new AbortController();

test.each([0, 1])('the work is aborted by source %i, with its reason', async (which) => {
  const sources = [open(), open()] as const;
  const reason = await withEither(sources[0].signal, sources[1].signal, async (signal) => {
    sources[which as 0 | 1].abort('enough');
    return signal.reason;
  });
  expect(reason).toBe('enough');
});

test('a source that has aborted already aborts the work from the start', async () => {
  expect(await withEither(open().signal, AbortSignal.abort(), async (signal) => signal.aborted)).toBe(true);
});

test('nothing is left on the sources, however the work ends', async () => {
  const { signal } = open();
  await withEither(signal, open().signal, async () => {});
  await expect(withEither(signal, open().signal, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});
