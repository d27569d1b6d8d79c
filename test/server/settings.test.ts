import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSettings } from '../../server/settings.js';

describe('the settings of the server', () => {
  test('listen on loopback and keep everything in one folder unless told otherwise', () => {
    expect(readSettings({})).toEqual({
      host: '127.0.0.1',
      port: 4000,
      databaseUrl: resolve('.annogate', 'annogate.db'),
      dataFolder: resolve('.annogate'),
      secretKey: null,
      logLevel: 'info',
      operationsPerSocket: 100,
    });
  });

  test('take an empty variable for one that is not set', () => {
    expect(readSettings({ ANNOGATE_PORT: '', ANNOGATE_HOST: '' })).toMatchObject({ port: 4000, host: '127.0.0.1' });
  });

  test('that are wrong are told all at once, without their values', () => {
    const wrong = () =>
      readSettings({ ANNOGATE_PORT: 'many', ANNOGATE_LOG_LEVEL: 'loud', ANNOGATE_OPERATIONS_PER_SOCKET: '0' });
    expect(wrong).toThrow(/ANNOGATE_PORT[\s\S]*ANNOGATE_LOG_LEVEL[\s\S]*ANNOGATE_OPERATIONS_PER_SOCKET/);
    expect(wrong).not.toThrow(/many|loud/);
  });
});
