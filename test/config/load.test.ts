import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ConfigSources, configPath, loadAnnotationConfig, readTextFile } from '../../config/index.js';
import type { JsonObject } from '../../domain/labels/index.js';

const load = (env: Record<string, string>, file: unknown = null, more: Partial<ConfigSources> = {}) =>
  loadAnnotationConfig({
    env,
    homeDir: '/home/ann',
    readFile: async () => (file === null ? null : typeof file === 'string' ? file : JSON.stringify(file)),
    ...more,
  });
const cvatWith = async (env: Record<string, string>): Promise<JsonObject | undefined> =>
  (await load(env)).backends.cvat;

describe('the file', () => {
  test('is where the environment says, else in the home folder', () => {
    expect(configPath({ FIFTYONE_ANNOTATION_CONFIG_PATH: '/etc/annotation.json' }, '/home/ann')).toBe(
      '/etc/annotation.json',
    );
    expect(configPath({}, '/home/ann')).toBe('/home/ann/.fiftyone/annotation_config.json');
  });

  test.each([
    ['is not JSON', '{nope'],
    ['holds no map', [1]],
    ['"backends" is null', { backends: null }],
    ['"backends" is \\[\\]', { backends: [] }],
    ['backend "cvat" is no map', { backends: { cvat: 'http://x' } }],
    ['"default_backend" is 5', { default_backend: 5 }],
  ])('is refused by path and problem where it %s', async (problem, file) => {
    const error = await load({}, file).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'CONFIG_FILE_INVALID', path: '/home/ann/.fiftyone/annotation_config.json' });
    expect(String(error)).toMatch(new RegExp(problem));
  });

  test('is refused where it cannot be read', async () => {
    const readFile = () => Promise.reject(new Error('EACCES: no right'));
    await expect(load({}, null, { readFile })).rejects.toThrow(/cannot be read \(EACCES/);
  });

  test('may hold keys that mean nothing, and the caller hears of them', async () =>
    expect((await load({}, { colour: 1 })).warnings).toMatchObject([{ code: 'CONFIG_KEY_IGNORED' }]));

  test('is read from disk, and need not be there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'config-'));
    await writeFile(join(folder, 'here.json'), '{}');
    expect(await readTextFile(join(folder, 'here.json'))).toBe('{}');
    expect(await readTextFile(join(folder, 'missing.json'))).toBeNull();
    await expect(readTextFile(folder)).rejects.toThrow();
    await rm(folder, { recursive: true });
  });
});

describe('the environment', () => {
  test('overrules the file, parameter by parameter', async () => {
    const { backends } = await load(
      { FIFTYONE_CVAT_URL: 'http://env' },
      { backends: { cvat: { url: 'http://file', task_size: 5 } } },
    );
    expect(backends.cvat).toMatchObject({ url: 'http://env', task_size: 5 });
  });

  test.each([
    ['5', 5],
    ['+7', 7],
    ['-3', -3],
    [' 5 ', 5],
    ['1_000', 1000],
    ['1__0', '1__0'],
    ['.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['.', '.'],
    ['0x10', '0x10'],
    ['inf', 'inf'],
    ['1e999', '1e999'],
    ['12345678901234567890', '12345678901234567890'],
    ['true', true],
    ['False', false],
    ['TRUE', 'TRUE'],
    ['None', null],
    ['', null],
    [',', [null, null]],
    ['1,true, x', [1, true, ' x']],
    ['null', 'null'],
  ])('reads %j as %j', async (text, value) => expect((await cvatWith({ FIFTYONE_CVAT_X: text }))?.x).toEqual(value));

  test('gives secrets as they stand, by their names or as told', async () => {
    expect(
      await cvatWith({ FIFTYONE_CVAT_PASSWORD: '0123456', FIFTYONE_CVAT_HEADERS: 'a,b', FIFTYONE_CVAT_EMAIL: '' }),
    ).toMatchObject({
      password: '0123456',
      headers: 'a,b',
      email: null,
    });
    const told = await load({ FIFTYONE_CVAT_PIN: '007' }, null, {
      secretNames: (name) => (name === 'cvat' ? ['pin'] : []),
    });
    expect(told.backends.cvat?.pin).toBe('007');
  });

  test('gives a variable to the backend with the longest name that fits', async () => {
    const { backends } = await load({ FIFTYONE_MY_TOOL_URL: 'http://x' }, { backends: { my: {}, my_tool: {} } });
    expect([backends.my, backends.my_tool]).toEqual([{}, { url: 'http://x' }]);
  });

  test('does not give its own three variables to a backend called annotation', async () => {
    const { backends } = await load(
      { FIFTYONE_ANNOTATION_DEFAULT_BACKEND: 'annotation', FIFTYONE_ANNOTATION_URL: 'u' },
      { backends: { annotation: {} } },
    );
    expect(backends.annotation).toEqual({ url: 'u' });
  });

  test('may list names with spaces, and the caller hears of it', async () => {
    const { warnings, backends } = await load({ FIFTYONE_ANNOTATION_BACKENDS: 'cvat, labelbox' });
    expect(Object.keys(backends)).toEqual(['cvat', ' labelbox']);
    expect(warnings).toMatchObject([{ code: 'CONFIG_BACKEND_NAME_ODD' }]);
  });
});

describe('the default backend', () => {
  test('can be the folder, which is always there and not listed', async () => {
    const { defaultBackend, backends } = await load({}, { default_backend: 'folder' });
    expect(defaultBackend).toBe('folder');
    expect(backends).not.toHaveProperty('folder');
  });

  test('is the first name in the alphabet where the wanted one is not exposed', async () =>
    expect((await load({ FIFTYONE_ANNOTATION_BACKENDS: 'zoo,labelbox' })).defaultBackend).toBe('labelbox'));
});
