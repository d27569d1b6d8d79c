import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** The notification may come before the commit can be seen, so we look again this much later (ms). */
const trailing = [2, 25] as const;
const pollEvery = 1_000;

/**
 * Calls back when the write-ahead log was written to, by any process. The log is removed and made anew, so the folder is
 * watched. Where watching is not possible the slow poll alone does it. Returns how to stop.
 */
export function watchCommits(path: string, callback: () => void): () => void {
  const log = `${basename(path)}-wal`;
  let timers: NodeJS.Timeout[] = [];
  let soon: NodeJS.Immediate | null = null;
  const changed = (): void => {
    soon ??= setImmediate(() => {
      soon = null;
      callback();
    });
    for (const timer of timers) clearTimeout(timer);
    timers = trailing.map((delay) => setTimeout(callback, delay));
  };
  const watcher = watched(dirname(path), log, changed);
  const poll = setInterval(callback, pollEvery);
  return () => {
    watcher?.close();
    clearInterval(poll);
    if (soon) clearImmediate(soon);
    for (const timer of timers) clearTimeout(timer);
  };
}

function watched(folder: string, log: string, changed: () => void): FSWatcher | null {
  try {
    const watcher = watch(folder, (_event, name) => {
      if (name === log) changed();
    });
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
