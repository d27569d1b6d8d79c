import { describe, expect } from 'vitest';
import { type Gateway, startGateway, test } from './gateway.js';

const config = '{ annotationConfig { defaultBackend backends edits { path value } seenByDaemons { process config } } }';
const shown = async (gateway: Gateway) => (await gateway.data(config)).annotationConfig;

const set = (gateway: Gateway, path: string[], value: unknown) =>
  gateway.data(
    'mutation ($path: [String!]!, $value: JSON) { setConfig(path: $path, value: $value) { defaultBackend } }',
    { path, value },
  );

describe('the list of backends', () => {
  const backends = async (gateway: Gateway) =>
    (
      await gateway.data(
        '{ backends { name isDefault available configured problem capabilities { labelTypes mediaTypes } parameters { name secret description } } }',
      )
    ).backends;

  test('says what each can do, whether it can be used, and what it takes', async ({ gateway }) => {
    const all = await backends(gateway);
    expect(all.map(({ name }: { name: string }) => name)).toEqual(['cvat', 'folder', 'labelbox', 'labelstudio']);
    const folder = all.find(({ name }: { name: string }) => name === 'folder');
    expect(folder).toMatchObject({ available: true, isDefault: false, configured: false, problem: null });
    expect(folder.capabilities.labelTypes).toContain('detections');
    const cvat = all.find(({ name }: { name: string }) => name === 'cvat');
    expect(cvat).toMatchObject({ isDefault: true, configured: true });
    expect(cvat.parameters).toContainEqual(expect.objectContaining({ name: 'password', secret: true }));
  });

  test('keeps one that cannot be loaded, with the reason', async ({ gateway }) => {
    await set(gateway, ['backends', 'mine'], { config_cls: './nowhere.js#mine' });
    const mine = (await backends(gateway)).find(({ name }: { name: string }) => name === 'mine');
    expect(mine).toMatchObject({ available: false, capabilities: null, parameters: [] });
    expect(mine.problem).toContain('nowhere.js');
  });
});

describe('the annotation config', () => {
  test('is that of the environment, until it is edited, and again when the edit is taken back', async ({ fresh }) => {
    const environment = { FIFTYONE_ANNOTATION_DEFAULT_BACKEND: 'labelbox', FIFTYONE_CVAT_URL: 'http://cvat.example' };
    const gateway = await startGateway(fresh, { environment });
    expect(await shown(gateway)).toMatchObject({
      defaultBackend: 'labelbox',
      backends: { cvat: { url: 'http://cvat.example' } },
      edits: [],
    });
    await set(gateway, ['backends', 'cvat', 'url'], 'http://other.example');
    expect(await shown(gateway)).toMatchObject({
      backends: { cvat: { url: 'http://other.example' } },
      edits: [{ path: ['backends', 'cvat', 'url'], value: 'http://other.example' }],
    });
    await gateway.data('mutation { unsetConfig(path: ["backends", "cvat", "url"]) { defaultBackend } }');
    expect(await shown(gateway)).toMatchObject({ backends: { cvat: { url: 'http://cvat.example' } }, edits: [] });
    await gateway.close();
  });

  test('tells in its events where it was edited, never with what', async ({ gateway }) => {
    await set(gateway, ['backends', 'cvat', 'password'], 'hunter2');
    expect(await gateway.storage.events.read(0, 5)).toMatchObject([
      { kind: 'CONFIG_CHANGED', detail: { path: ['backends', 'cvat', 'password'] } },
    ]);
    expect((await shown(gateway)).edits).toEqual([{ path: ['backends', 'cvat', 'password'], value: '********' }]);
  });

  test('refuses an edit that has no place in it', async ({ gateway }) => {
    const edit =
      'mutation ($path: [String!]!, $value: JSON) { setConfig(path: $path, value: $value) { defaultBackend } }';
    for (const [path, value] of [
      [['nothing'], 1],
      [['default_backend'], 5],
      [['backends'], {}],
      [['backends', 'cvat'], 'x'],
      [[], 1],
    ]) {
      expect(await gateway.code(edit, { path, value })).toBe('CONFIG_EDIT_INVALID');
    }
  });

  test('tells what a daemon sees, where that is something else', async ({ gateway }) => {
    const { processes } = gateway.storage;
    const { defaultBackend, backends } = await shown(gateway);
    const ours = { default_backend: defaultBackend, backends };
    const daemon = { role: 'daemon' as const, startedAt: Date.now(), version: '1' };
    await processes.beat({ ...daemon, id: 'same', detail: { config: ours } }, Date.now());
    await processes.beat(
      { ...daemon, id: 'other', detail: { config: { ...ours, default_backend: 'labelbox' } } },
      Date.now(),
    );
    await processes.beat({ ...daemon, id: 'dead', detail: { config: {} } }, Date.now() - 3_600_000);
    expect((await shown(gateway)).seenByDaemons).toEqual([
      { process: 'other', config: { ...ours, default_backend: 'labelbox' } },
    ]);
  });
});
