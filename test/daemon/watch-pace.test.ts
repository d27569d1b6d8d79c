import { describe, expect, test } from 'vitest';
import { WatchPace } from '../../daemon/watch-pace.js';

const waits = (pace: WatchPace, looks: readonly boolean[]): number[] => looks.map((moved) => pace.after('run', moved));

describe('how soon a run is looked at again', () => {
  test('grows while nothing moves, up to the limit', () => {
    const all = waits(new WatchPace(1_000, 3_000), Array(8).fill(false));
    expect(all.slice(0, 3)).toEqual([1_000, 1_250, 1_562.5]);
    expect(all.at(-1)).toBe(3_000);
  });

  test('is soon again when something moved', () => {
    expect(waits(new WatchPace(1_000, 60_000), [false, false, false, true, false])).toEqual([
      1_000, 1_250, 1_562.5, 1_000, 1_250,
    ]);
  });

  test('is kept for each run apart', () => {
    const pace = new WatchPace(1_000, 60_000);
    waits(pace, [false, false]);
    expect(pace.after('another', false)).toBe(1_000);
  });
});
