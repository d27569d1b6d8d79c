import { EventEmitter } from 'node:events';
import { watch } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { watchCommits } from '../../storage/sqlite/watch-commits.js';

vi.mock('node:fs', async (original) => ({ ...(await original<typeof import('node:fs')>()), watch: vi.fn() }));

/** Stands for the watcher of a folder; tells of a change of a file in it. */
class FolderWatcher extends EventEmitter {
  readonly close = vi.fn();
  change(name: string): void {
    this.emit('change', 'change', name);
  }
}

const path = '/data/annogate.db';
let folder: FolderWatcher;
let calls = 0;

beforeEach(() => {
  vi.useFakeTimers();
  calls = 0;
  folder = new FolderWatcher();
  vi.mocked(watch).mockImplementation(((_folder: string, listener: (event: string, name: string) => void) =>
    folder.on('change', listener)) as unknown as typeof watch);
});
afterEach(() => {
  vi.useRealTimers();
});

describe('watching the write-ahead log', () => {
  test('tells of a change at once, and again a little later, as the commit may be seen only then', () => {
    const stop = watchCommits(path, () => calls++);
    folder.change('annogate.db-wal');
    vi.advanceTimersByTime(1);
    const atOnce = calls;
    vi.advanceTimersByTime(2);
    const soon = calls;
    vi.advanceTimersByTime(30);
    stop();

    expect([atOnce, soon, calls]).toEqual([1, 2, 3]);
  });

  test('makes one call of a burst, and looks again after its end', () => {
    const stop = watchCommits(path, () => calls++);
    for (let i = 0; i < 200; i++) folder.change('annogate.db-wal');
    vi.advanceTimersByTime(100);
    stop();

    expect(calls).toBe(3);
  });

  test('does not care about other files of the folder', () => {
    const stop = watchCommits(path, () => calls++);
    folder.change('annogate.db');
    folder.change('other.db-wal');
    vi.advanceTimersByTime(100);
    stop();

    expect(calls).toBe(0);
  });

  test('polls once a second beside it, also where the folder cannot be watched', () => {
    vi.mocked(watch).mockImplementation(() => {
      throw new Error('no watches left');
    });
    const stop = watchCommits(path, () => calls++);
    vi.advanceTimersByTime(3_000);
    stop();

    expect(calls).toBe(3);
  });

  test('goes on polling when the watcher breaks', () => {
    const stop = watchCommits(path, () => calls++);
    folder.emit('error', new Error('gone'));
    vi.advanceTimersByTime(1_000);
    stop();

    expect(calls).toBe(1);
  });

  test('ends with everything that it started', () => {
    const stop = watchCommits(path, () => calls++);
    folder.change('annogate.db-wal');
    stop();
    vi.advanceTimersByTime(5_000);

    expect([calls, vi.getTimerCount(), folder.close.mock.calls.length]).toEqual([0, 0, 1]);
  });
});
