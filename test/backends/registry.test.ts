import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BackendRegistry, createRegistry, type DeclaredBackends } from '../../backends/registry.js';
import { BackendError } from '../../domain/errors/index.js';

let baseFolder: string;
beforeEach(async () => {
  baseFolder = await mkdtemp(join(tmpdir(), 'annogate-registry-'));
});
afterEach(() => rm(baseFolder, { recursive: true }));

const registry = (declared: DeclaredBackends = {}): BackendRegistry => createRegistry({ declared, baseFolder });

/** A registry with one backend `mine` that comes from a module with this source. */
async function withModule(source: string, configCls = './mine.mjs#mine'): Promise<BackendRegistry> {
  await writeFile(join(baseFolder, 'mine.mjs'), source);
  return registry({ mine: { config_cls: configCls } });
}

const capabilities = `{ mediaTypes: ['image'], labelTypes: ['detections'], scalarTypes: [], attributeTypes: [], attributeTypesWithValues: [],
  keyframes: false, clips: false, videoSampleFields: false, requiresLabelSchema: true, existingLabels: true, reviews: false, webhooks: false, tolerance: 0 }`;
const descriptor = (load: string): string =>
  `{ capabilities: ${capabilities}, parameters: [], recommendAttribute: () => ({ type: 'text' }), load: ${load} }`;
const verbs = (prepare: string): string =>
  `{ prepare: ${prepare}, upload: async () => {}, changes: async () => ({ tasks: [], cursor: null }), download: async function* () {}, cleanup: async () => {} }`;

describe('a backend by name', () => {
  test('is known when it is declared, and folder is known always', async () => {
    expect(await registry({ cvat: {} }).names()).toEqual(['cvat', 'folder']);
    await expect(registry().descriptorOf('folder')).resolves.toHaveProperty('capabilities');
  });

  test('that nobody declared is an error that lists the known ones, even if it comes with us', async () => {
    await expect(registry({ labelbox: {} }).descriptorOf('cvat')).rejects.toMatchObject({
      code: 'UNKNOWN_BACKEND',
      backend: 'cvat',
      available: ['folder', 'labelbox'],
    });
  });

  test('follows a config that changes while we run', async () => {
    let declared: DeclaredBackends = {};
    const live = createRegistry({ declared: async () => declared, baseFolder });
    await expect(live.descriptorOf('cvat')).rejects.toMatchObject({ code: 'UNKNOWN_BACKEND' });
    declared = { cvat: {} };
    await expect(live.descriptorOf('cvat')).resolves.toHaveProperty('capabilities');
  });

  test('gives the same adapter each time', async () => {
    const folder = registry();
    expect(await folder.adapterOf('folder')).toBe(await folder.adapterOf('folder'));
  });

  test.each(['toString', '__proto__', 'constructor', ''])(
    'is not found among what objects have by birth: %j',
    async (name) => {
      await expect(registry({}).descriptorOf(name)).rejects.toMatchObject({ code: 'UNKNOWN_BACKEND' });
    },
  );
});

describe('a config_cls', () => {
  test.each([
    ['fiftyone.utils.cvat.CVATBackendConfig', 'cvat'],
    ['fiftyone.utils.labelbox.LabelboxBackendConfig', 'labelbox'],
    ['fiftyone.utils.labelstudio.LabelStudioBackendConfig', 'labelstudio'],
    ['folder', 'folder'],
  ])('%s names our %s, whatever the backend is called', async (configCls, builtIn) => {
    const both = registry({ mine: { config_cls: configCls }, [builtIn]: {} });
    expect(await both.descriptorOf('mine')).toBe(await both.descriptorOf(builtIn));
  });

  test('that is another Python class says what to name instead', async () => {
    const failure = registry({ mine: { config_cls: 'my.package.MyConfig' } }).descriptorOf('mine');
    await expect(failure).rejects.toMatchObject({
      code: 'CONFIG_CLS_UNUSABLE',
      backend: 'mine',
      configCls: 'my.package.MyConfig',
    });
    await expect(failure).rejects.toThrow(/Python.*package#export/);
  });

  test('is needed for a name that does not come with us', async () => {
    await expect(registry({ mine: {} }).descriptorOf('mine')).rejects.toMatchObject({
      code: 'CONFIG_CLS_MISSING',
      backend: 'mine',
    });
  });

  test.each([7, '', '#export'])('that names no module is refused: %j', async (configCls) => {
    await expect(registry({ mine: { config_cls: configCls } }).descriptorOf('mine')).rejects.toMatchObject({
      code: 'CONFIG_CLS_UNUSABLE',
    });
  });

  test('without an export takes the default one', async () => {
    const mine = await withModule(`export default ${descriptor('null')}`, './mine.mjs');
    await expect(mine.descriptorOf('mine')).resolves.toHaveProperty('load', null);
  });

  test('may be the name of a package', async () => {
    await writeFile(join(baseFolder, 'package.json'), '{"name": "annogate-mine", "exports": "./mine.mjs"}');
    const mine = await withModule(`export const mine = ${descriptor('null')}`, 'annogate-mine#mine');
    await expect(mine.descriptorOf('mine')).resolves.toHaveProperty('load', null);
  });
});

describe('a broken module', () => {
  const broken = { code: 'BACKEND_MODULE_BROKEN', backend: 'mine', module: './mine.mjs', exportName: 'mine' };

  test('that does not exist is named', async () => {
    const failure = registry({ mine: { config_cls: './mine.mjs#mine' } }).descriptorOf('mine');
    await expect(failure).rejects.toMatchObject(broken);
  });

  test('that throws is named with its cause', async () => {
    const failure = (await withModule('throw new Error("no licence")')).descriptorOf('mine');
    await expect(failure).rejects.toMatchObject({
      ...broken,
      problem: expect.stringContaining('no licence'),
      cause: expect.any(Error),
    });
  });

  test('that exports something else says what it exports', async () => {
    const failure = (await withModule('export const other = 1')).descriptorOf('mine');
    await expect(failure).rejects.toMatchObject({ ...broken, problem: expect.stringContaining('other') });
  });

  test('whose export is no descriptor says what is missing', async () => {
    const failure = (
      await withModule(`export const mine = { capabilities: { ...${capabilities}, tolerance: -1 }, load: 5 }`)
    ).descriptorOf('mine');
    await expect(failure).rejects.toThrow(/capabilities\.tolerance.*parameters.*recommendAttribute.*load/s);
  });

  test('whose adapter lacks a verb says which', async () => {
    const mine = await withModule(
      `export const mine = ${descriptor('async () => () => ({ prepare() {}, upload() {}, changes() {}, cleanup() {} })')}`,
    );
    await expect(mine.adapterOf('mine')).rejects.toMatchObject({
      ...broken,
      problem: expect.stringContaining('download'),
    });
  });

  test('whose adapter cannot be loaded is named with the cause', async () => {
    const mine = await withModule(`export const mine = ${descriptor('async () => { throw new Error("no client") }')}`);
    await expect(mine.adapterOf('mine')).rejects.toMatchObject({
      ...broken,
      problem: expect.stringContaining('no client'),
    });
    await expect(mine.descriptorOf('mine')).resolves.toBeDefined();
  });
});

describe('a backend without an adapter', () => {
  test('has a descriptor, and says what to use instead', async () => {
    const mine = await withModule(`export const mine = ${descriptor('null')}`);
    await expect(mine.descriptorOf('mine')).resolves.toBeDefined();
    await expect(mine.adapterOf('mine')).rejects.toMatchObject({
      code: 'BACKEND_NOT_AVAILABLE',
      backend: 'mine',
      available: expect.arrayContaining(['folder']),
    });
  });
});

describe('an error of a custom adapter', () => {
  const failing = async (error: string): Promise<unknown> => {
    const mine = await withModule(
      `export const mine = ${descriptor(`async () => () => (${verbs(`async () => { throw ${error} }`)})`)}`,
    );
    const adapter = await mine.adapterOf('mine');
    return adapter.prepare({ signal: new AbortController().signal } as never).catch((thrown: unknown) => thrown);
  };

  test("that says whether to try again counts as the backend's own", async () => {
    const error = await failing('Object.assign(new Error("busy"), { retryable: true, retryAfter: 1500 })');
    expect(error).toBeInstanceOf(BackendError);
    expect(error).toMatchObject({
      backend: 'mine',
      retryable: true,
      retryAfter: 1500,
      message: expect.stringContaining('busy'),
    });
  });

  test('that says nothing stays as it is', async () => {
    expect(await failing('new TypeError("oops")')).not.toBeInstanceOf(BackendError);
  });
});

describe('closing', () => {
  test('closes the adapters that were made', async () => {
    const mine = await withModule(
      `export const closed = []; export const mine = ${descriptor(`async () => () => ({ ...${verbs('async () => {}')}, close: async () => void closed.push('mine') })`)}`,
    );
    await mine.adapterOf('mine');
    await mine.close();
    const module = (await import(join(baseFolder, 'mine.mjs'))) as { closed: string[] };
    expect(module.closed).toEqual(['mine']);
  });
});
