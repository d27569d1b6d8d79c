import { delimiter, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSettings } from '../../daemon/settings.js';

describe('the settings', () => {
  test('have defaults for everything', () => {
    const settings = readSettings({});
    expect(settings).toMatchObject({ concurrency: 4, healthPort: 0, logLevel: 'info', mediaRoots: [], crashAt: null });
    expect(settings.databaseUrl).toBe(resolve('.annogate/annogate.db'));
  });

  test('take lists of folders and make them absolute', () => {
    const settings = readSettings({ ANNOGATE_MEDIA_ROOTS: ['/pictures', 'more'].join(delimiter) });
    expect(settings.mediaRoots).toEqual([resolve('/pictures'), resolve('more')]);
  });

  test('count an empty variable as unset', () => {
    expect(readSettings({ ANNOGATE_CONCURRENCY: '' }).concurrency).toBe(4);
  });

  test('stop the process with all problems in one message', () => {
    const wrong = {
      ANNOGATE_CONCURRENCY: 'many',
      ANNOGATE_LOG_LEVEL: 'loud',
      ANNOGATE_HEALTH_PORT: '70000',
      ANNOGATE_CRASH_AT: 'nowhere',
    };
    expect(() => readSettings(wrong)).toThrow(
      expect.objectContaining({
        code: 'SETTINGS_INVALID',
        problems: [
          expect.stringMatching(/^ANNOGATE_CONCURRENCY: /),
          expect.stringMatching(/^ANNOGATE_LOG_LEVEL: /),
          expect.stringMatching(/^ANNOGATE_HEALTH_PORT: /),
          expect.stringMatching(/^ANNOGATE_CRASH_AT: /),
        ],
      }),
    );
  });

  test('take a secret key as hex digits or base64, and never repeat a wrong one', () => {
    const key = Buffer.alloc(32, 7);
    for (const form of ['hex', 'base64'] as const)
      expect(readSettings({ ANNOGATE_SECRET_KEY: key.toString(form) }).secretKey).toBe(key.toString(form));
    expect(() => readSettings({ ANNOGATE_SECRET_KEY: 'hunter2' })).toThrow(/ANNOGATE_SECRET_KEY: (?!.*hunter2)/);
  });

  test('must not contradict one another', () => {
    expect(() => readSettings({ ANNOGATE_WATCH_FASTEST_MS: '5000', ANNOGATE_WATCH_SLOWEST_MS: '1000' })).toThrow(
      /WATCH_SLOWEST/,
    );
  });
});
