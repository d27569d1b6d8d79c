import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { FolderPlayer, labelsOf } from '../../backends/folder/player.js';
import { Client, type Told } from '../../cli/client.js';
import { operationDone } from '../../cli/import-sample.js';
import { queries } from '../../cli/queries.js';
import { writeSampleDataset } from '../../cli/sample/sample-dataset.js';
import { test as databaseTest } from '../support/database.js';
import { type Document, exportedDataset, labelsIn } from './exported.js';
import { OwnProcess } from './two-processes.js';

const annotate = `mutation ($dataset: String!, $annoKey: String!) {
  annotate(dataset: $dataset, annoKey: $annoKey, backend: "folder", labelField: "ground_truth",
    parameters: { task_size: 2 }, allowDeletions: false) { id state }
}`;
const runQuery = `query ($dataset: String!, $annoKey: String!) {
  run(dataset: $dataset, annoKey: $annoKey) { id state editorUrl }
}`;
const load = `mutation { loadAnnotations(dataset: "shapes", annoKey: "first") { id } }`;
const exporting = `mutation ($path: String!) { exportDataset(dataset: "shapes", format: "fiftyone", path: $path) { id } }`;
const rename = `mutation { renameRun(dataset: "shapes", annoKey: "first", newKey: "second") { annoKey } }`;
const cleanup = `mutation { cleanupRun(dataset: "shapes", annoKey: "second") { id } }`;
const deleteRun = `mutation { deleteRun(dataset: "shapes", annoKey: "second") { annoKeys } }`;
const deleteDataset = `mutation { deleteDataset(name: "shapes") { id } }`;
const names = `{ datasets(first: 5) { edges { node { name } } } }`;

const test = databaseTest.extend<{ folder: string; client: Client }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixtures that are needed off this pattern
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'annogate-e2e-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  client: async ({ fresh, folder }, use) => {
    const env = {
      ...{ ANNOGATE_DATA: folder, ANNOGATE_DATABASE_URL: fresh.url, ANNOGATE_PORT: '0', HOME: folder },
      ...{ ANNOGATE_WATCH_FASTEST_MS: '50', ANNOGATE_WATCH_SLOWEST_MS: '200', ANNOGATE_LOG_LEVEL: 'warn' },
    };
    const server = new OwnProcess('server', env);
    onTestFinished(() => server.kill());
    const { url, token } = await server.ready();
    const daemon = new OwnProcess('daemon', env);
    onTestFinished(() => daemon.kill());
    await daemon.ready();
    await use(new Client(String(url), String(token)));
    expect([await daemon.stop(), await server.stop()]).toEqual([0, 0]);
  },
});

/** Sends a mutation that makes an operation, and follows it to its end. */
async function done(client: Client, mutation: string, variables: Record<string, unknown> = {}) {
  const answer = await client.ask<Record<string, { id: string }>>(mutation, variables);
  return operationDone(client, String(Object.values(answer)[0]?.id), () => {});
}

test('the whole loop by GraphQL, server and daemon as two processes', async ({ client, folder }) => {
  const path = join(folder, 'sample');
  const { samples, labels } = await writeSampleDataset(path, 6);
  const imported = await done(client, queries.importDataset, { path, name: 'shapes' });
  expect(imported).toMatchObject({ dataset: 'shapes', samples, labels });

  const run = { dataset: 'shapes', annoKey: 'first' };
  const { annotate: made } = await client.ask<{ annotate: { id: string } }>(annotate, run);
  const states = new Map<unknown, () => void>();
  const sent = new Promise<void>((resolve) => states.set('ANNOTATING', resolve));
  const heard: Told[] = [];
  const completed = client.follow(queries.runEvents, { ...run, after: 0 }, (event) => {
    heard.push(event);
    if (event.kind === 'RUN_STATE_CHANGED') states.get(event.detail.to)?.();
    return event.kind === 'RUN_STATE_CHANGED' && event.detail.to === 'COMPLETED';
  });
  await sent;
  const { run: running } = await client.ask<{ run: { id: string; editorUrl: string } }>(runQuery, run);
  expect(running.id).toBe(made.id);
  await play(fileURLToPath(running.editorUrl));
  await completed;
  expect(heard.map(({ number }) => number)).toEqual(
    [...new Set(heard.map(({ number }) => number))].sort((a, b) => a - b),
  );
  const moves = heard.filter(({ kind }) => kind === 'RUN_STATE_CHANGED').map(({ detail }) => detail.to);
  expect(moves).toEqual(['UPLOADING', 'ANNOTATING', 'COMPLETED']);

  const before = await exported(client, join(folder, 'before'));
  const loaded = await done(client, load);
  expect(loaded).toMatchObject({
    counts: { sent: labels, added: 1, edited: 1, refused: 1, deleted: 0 },
    rules: { DELETIONS_NOT_ALLOWED: 1 },
  });
  const after = await exported(client, join(folder, 'after'));
  const [mine, old] = [after, before].map((samples) => labelsIn(samples[0], 'ground_truth')) as [
    Document[],
    Document[],
  ];
  expect(mine.pop()).toMatchObject({ label: 'square', bounding_box: [0.05, 0.05, 0.1, 0.1] });
  Object.assign(old[0] as Document, { bounding_box: [0.5, 0.5, 0.25, 0.25] });
  expect(after).toEqual(before);

  expect(await client.ask(rename)).toEqual({ renameRun: { annoKey: 'second' } });
  await expect(client.ask(runQuery, run)).rejects.toThrow(/NOT_FOUND.*second/);
  await done(client, cleanup);
  expect(existsSync(fileURLToPath(running.editorUrl))).toBe(false);
  const { deleteRun: gone } = await client.ask<{ deleteRun: { annoKeys: string[] } }>(deleteRun);
  expect(gone.annoKeys).toEqual(['second']);
  await done(client, deleteDataset);
  expect(await client.ask(names)).toEqual({ datasets: { edges: [] } });
});

/** An annotator who adds and moves a box of the first sample, and deletes one, which is not allowed. */
async function play(path: string): Promise<void> {
  const player = new FolderPlayer(path);
  for (const part of await player.parts()) {
    let isFirst = part === 0;
    await player.edit(part, (line) => {
      if (!isFirst) return line;
      isFirst = false;
      const boxes = labelsOf(line, 'ground_truth');
      Object.assign(boxes[0] as Document, { bounding_box: [0.5, 0.5, 0.25, 0.25] });
      boxes.splice(1, 1, { label: 'square', bounding_box: [0.05, 0.05, 0.1, 0.1] });
      return line;
    });
    await player.setState(part, 'COMPLETED');
  }
}

/** The samples of an export. */
async function exported(client: Client, path: string): Promise<Document[]> {
  await done(client, exporting, { path });
  return (await exportedDataset(path)).samples;
}
