import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { Run } from '../../domain/run/index.js';
import { startChild } from './child-daemon.js';
import { writeCoco } from './coco-folder.js';
import { type DaemonStage, test } from './daemon-stage.js';

/** A backend whose upload tells its process's parent that it is there, and waits for its signal or for a message. */
const slowBackend = `
const here = (moment) => process.send?.({ moment });
const adapter = {
  prepare: async () => {},
  upload: ({ signal }) => new Promise((resolve, reject) => {
    process.once('message', resolve);
    signal.addEventListener('abort', () => { here('aborted'); reject(signal.reason); });
    here('uploading');
  }),
  changes: async (run, cursor) => ({ tasks: [], cursor }),
  async *download() {},
  cleanup: async () => {},
};
export const slow = {
  capabilities: {
    mediaTypes: ['image'], labelTypes: ['detections'], scalarTypes: [], attributeTypes: ['text'], attributeTypesWithValues: [],
    keyframes: false, clips: false, videoSampleFields: false, requiresLabelSchema: false, existingLabels: true, reviews: false,
    webhooks: false, tolerance: 0,
  },
  parameters: [],
  recommendAttribute: () => ({ type: 'text' }),
  load: async () => () => adapter,
};
`;

/** The environment of a daemon that knows the slow backend under the name of the stage's runs. */
async function withSlowBackend(stage: DaemonStage): Promise<Record<string, string>> {
  const folder = join(stage.folder, 'custom');
  await mkdir(folder);
  await writeFile(join(folder, 'slow.mjs'), slowBackend);
  const config = join(folder, 'annotation_config.json');
  await writeFile(config, JSON.stringify({ backends: { scripted: { config_cls: './slow.mjs#slow' } } }));
  return { FIFTYONE_ANNOTATION_CONFIG_PATH: config };
}

async function taskState(stage: DaemonStage, run: Run): Promise<string | undefined> {
  return (await stage.storage.runs.taskByPart(run.id, 0))?.state;
}

describe('a daemon process', () => {
  test('that gets SIGTERM finishes what it has in hand and ends well', async ({ stage }) => {
    const env = await withSlowBackend(stage);
    const run = await stage.run(await stage.dataset(1));
    const child = await startChild(stage, env);
    await child.moment('uploading');
    child.process.kill('SIGTERM');
    child.process.send('go on');
    expect(await child.ended).toEqual({ code: 0, signal: null });
    expect(await taskState(stage, run)).toBe('SENT');
    expect(child.log()).not.toContain('work dropped');
  });

  test('hands its work back when the grace period is over, and the attempt does not count', async ({ stage }) => {
    const env = await withSlowBackend(stage);
    const run = await stage.run(await stage.dataset(1));
    const child = await startChild(stage, { ...env, ANNOGATE_GRACE_MS: '50' });
    await child.moment('uploading');
    child.process.kill('SIGTERM');
    await child.moment('aborted');
    expect(await child.ended).toEqual({ code: 0, signal: null });
    expect(await taskState(stage, run)).toBe('PLANNED');
    const [lease] = await stage.storage.work.claimDue({ kinds: ['task'], limit: 1, leaseFor: 1_000, now: Date.now() });
    expect(lease?.item.attempts).toBe(1);
  });

  test('drops everything at the second signal', async ({ stage }) => {
    const env = await withSlowBackend(stage);
    await stage.run(await stage.dataset(1));
    const child = await startChild(stage, { ...env, ANNOGATE_GRACE_MS: '600000' });
    await child.moment('uploading');
    child.process.kill('SIGTERM');
    child.process.kill('SIGINT');
    await child.moment('aborted');
    expect(await child.ended).toEqual({ code: 0, signal: null });
  });

  test('that was killed leaves its work to the next one', async ({ stage }) => {
    const env = await withSlowBackend(stage);
    const run = await stage.run(await stage.dataset(1));
    const first = await startChild(stage, env);
    await first.moment('uploading');
    first.process.kill('SIGKILL');
    await first.ended;
    const second = await startChild(stage, env);
    await second.moment('uploading');
    second.process.send('go on');
    await stage.until('the task is sent', async () => (await taskState(stage, run)) === 'SENT');
    second.process.kill('SIGTERM');
    await second.ended;
  });

  test('with wrong settings ends at once and says everything that is wrong', async ({ stage }) => {
    const child = await startChild(
      stage,
      { ANNOGATE_CONCURRENCY: '0', ANNOGATE_HEALTH_PORT: 'x' },
      { awaitReady: false },
    );
    expect((await child.ended).code).toBe(2);
    expect(child.log()).toMatch(/ANNOGATE_CONCURRENCY[\s\S]*ANNOGATE_HEALTH_PORT/);
  });
});

describe('an import that is killed', () => {
  test.for([
    'import:after-dataset',
    'import:after-page',
    'import:after-page#3',
    'import:before-finish',
    'import:after-finish',
  ])('at %s is finished by the next daemon without doubles', async (crashAt, { stage }) => {
    const path = await writeCoco(join(stage.folder, 'in'), 1_500, 2);
    const request = {
      what: 'dataset',
      format: 'coco',
      path,
      name: 'cats',
      mediaRoot: null,
      extend: false,
      options: {},
    };
    const operation = await stage.ask('IMPORT', request);
    const child = await startChild(stage, { ANNOGATE_CRASH_AT: crashAt }, { awaitReady: false });
    expect((await child.ended).signal).toBe('SIGKILL');

    await stage.start({ leaseFor: 1_000 });
    const done = await stage.untilOver(operation);
    expect(done).toMatchObject({ state: 'SUCCEEDED', result: { samples: 1_500, labels: 3_000, alreadyThere: 0 } });
    const dataset = await stage.storage.datasets.byName('cats');
    const stats = await stage.storage.datasets.stats(dataset?.id ?? 0);
    expect(stats).toMatchObject({ samples: 1_500, labels: 3_000 });
  });
});

describe('an export that is killed', () => {
  test.for(['export:before-finish', 'export:after-finish'])(
    'at %s is finished by the next daemon, and nothing is left beside it',
    async (crashAt, { stage }) => {
      const dataset = await stage.dataset(300);
      const path = join(stage.folder, 'out', 'pictures');
      const request = { format: 'fiftyone', path, view: null, fields: null, mediaRoot: null, options: {} };
      const operation = await stage.ask('EXPORT', request, { datasetId: dataset.id });
      const child = await startChild(stage, { ANNOGATE_CRASH_AT: crashAt }, { awaitReady: false });
      expect((await child.ended).signal).toBe('SIGKILL');

      await stage.start({ leaseFor: 1_000 });
      expect(await stage.untilOver(operation)).toMatchObject({ state: 'SUCCEEDED', result: { path, samples: 300 } });
      expect(await readdir(join(stage.folder, 'out'))).toEqual(['pictures']);
      const written = JSON.parse(await readFile(join(path, 'samples.json'), 'utf8')) as { samples: unknown[] };
      expect(written.samples).toHaveLength(300);
    },
  );
});
