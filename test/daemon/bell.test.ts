import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Bell } from '../../daemon/bell.js';

const open = new AbortController().signal;
const day = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a bell', () => {
  test('that rang before anyone slept is heard at once', async () => {
    const bell = new Bell();
    bell.ring();
    await bell.heard(day, open);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('wakes the sleeper', async () => {
    const bell = new Bell();
    const heard = bell.heard(day, open);
    bell.ring();
    await heard;
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is not waited for longer than asked', async () => {
    const heard = new Bell().heard(500, open);
    await vi.advanceTimersByTimeAsync(500);
    await heard;
  });

  test('is not waited for when it is time to stop', async () => {
    const stopping = new AbortController();
    const heard = new Bell().heard(day, stopping.signal);
    stopping.abort();
    await heard;
    await new Bell().heard(day, stopping.signal);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('forgets earlier rings when it is hushed', async () => {
    const bell = new Bell();
    bell.ring();
    bell.hush();
    const heard = vi.fn();
    void bell.heard(500, open).then(heard);
    await vi.advanceTimersByTimeAsync(499);
    expect(heard).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(heard).toHaveBeenCalled();
  });
});
