import { appendFile, mkdir, readdir, readFile, readlink, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ReturnedSample } from '../../../backends/backend.js';
import { bringHome, comesHomeAsSent, poll, send, settle } from '../../../backends/conformance/acts.js';
import type { Stage, WorkKind } from '../../../backends/conformance/index.js';
import { makeWork } from '../../../backends/conformance/runs.js';
import type { Work } from '../../../backends/conformance/work.js';
import { FolderBackend } from '../../../backends/folder/adapter.js';
import { folderDescriptor } from '../../../backends/folder/descriptor.js';
import { FolderPlayer } from '../../../backends/folder/player.js';
import type { Json } from '../../../domain/labels/index.js';
import { startFolder } from '../../support/folder-stage.js';

const backend = new FolderBackend();
let stage: Stage;
let outbox: string;
beforeEach(async () => {
  stage = await startFolder();
  outbox = join(stage.dataFolder as string, 'outbox');
});
afterEach(() => stage.stop());

const makeRun = (parameters: Record<string, Json> = {}, kind: WorkKind = {}): Work => {
  const dataFolder = stage.dataFolder as string;
  return makeWork(kind, {
    descriptor: folderDescriptor,
    parameters,
    dataFolder,
    mediaFolder: join(dataFolder, 'media'),
    video: null,
  });
};

async function sentRun(
  parameters: Record<string, Json> = {},
): Promise<{ work: Work; folder: string; task: string; labels: string; status: string }> {
  const work = makeRun(parameters);
  await send(backend, work);
  const folder = String(work.saved.run?.folder);
  const task = join(folder, 'tasks', '000000');
  return { work, folder, task, labels: join(task, 'labels.jsonl'), status: join(folder, 'status', '000000.json') };
}

const isSent = (work: Work): Promise<void> =>
  comesHomeAsSent({ backend, descriptor: folderDescriptor, stage, work: () => work }, work);
const linesOf = async (path: string): Promise<string[]> => (await readFile(path, 'utf8')).trim().split('\n');

describe('a run in the folder', () => {
  test('has the layout that the documentation draws', async () => {
    const { folder } = await sentRun();
    const names = (await readdir(folder, { recursive: true })).sort();
    expect(names).toEqual([
      'README.txt',
      'run.json',
      'sent',
      'sent/000000.json',
      'sent/000001.json',
      'status',
      'status/000000.json',
      'status/000001.json',
      'tasks',
      'tasks/000000',
      'tasks/000000/labels.jsonl',
      'tasks/000001',
      'tasks/000001/labels.jsonl',
    ]);
  });

  test('is found by its id after it was renamed, even if nothing had been saved', async () => {
    const work = makeRun();
    await backend.prepare(work.run());
    const renamed = { ...work.run(), annoKey: 'another_name', state: null };
    await backend.prepare(renamed);
    expect(await readdir(outbox)).toEqual([`conformance-${work.plan.runId}`]);
  });

  test('goes where the parameter says', async () => {
    const { folder } = await sentRun({ folder: 'elsewhere/work' });
    expect(folder.startsWith(join(stage.dataFolder as string, 'elsewhere', 'work'))).toBe(true);
  });

  test.each([
    ['precision', -1],
    ['precision', 2.5],
    ['media', 'teleport'],
    ['folder', 7],
  ])('is refused where %s is %j', async (name, value) => {
    await expect(backend.prepare(makeRun({ [name]: value }).run())).rejects.toMatchObject({
      retryable: false,
      message: expect.stringContaining(name),
    });
  });

  test('names media by link where that is asked for', async () => {
    const { work, task } = await sentRun({ media: 'link' });
    const unit = work.units(0)[0];
    expect(await readlink(join(task, 'media', `${unit?.id}.png`))).toBe(unit?.mediaPath);
    expect(JSON.parse((await linesOf(join(task, 'labels.jsonl')))[0] as string).media).toBe(`media/${unit?.id}.png`);
    await backend.cleanup(work.run());
    expect(await readdir(outbox)).toEqual([]);
    expect(await readFile(String(unit?.mediaPath))).toBeDefined();
  });

  test('says which media cannot be read where they are to be copied', async () => {
    const work = makeRun({ media: 'copy' });
    await backend.prepare(work.run());
    await rm(String(work.units(0)[1]?.mediaPath));
    await expect(backend.upload(work.task(0))).rejects.toMatchObject({
      retryable: false,
      message: expect.stringContaining('picture-1.png'),
    });
  });
});

describe('an upload that was killed', () => {
  test.each([
    ['before the labels had their name', ['labels', 'status'], { sent: false }],
    ['before the status was there', ['status'], { sent: false }],
    ['before the note said so', [], { sent: false }],
  ])('%s is completed', async (_, missing, note) => {
    const { work, folder, labels, status } = await sentRun();
    const notePath = join(folder, 'sent', '000000.json');
    if (missing.includes('labels')) await rename(labels, `${labels}.0123456789ab.partial`);
    if (missing.includes('status')) await rm(status);
    await writeFile(notePath, JSON.stringify({ ...JSON.parse(await readFile(notePath, 'utf8')), ...note }));
    await backend.upload(work.task(0));
    await isSent(work);
    expect(JSON.parse(await readFile(notePath, 'utf8')).sent).toBe(true);
    await backend.cleanup(work.run());
    expect(await readdir(outbox)).toEqual([]);
  });

  test('is not told as gone while it is under way', async () => {
    const work = makeRun();
    await backend.prepare(work.run());
    work.breakAt('task 0 unit 2');
    await expect(backend.upload(work.task(0))).rejects.toThrow();
    work.revive();
    expect((await poll(backend, work, null)).tasks).toEqual([]);
  });

  test('that gives fewer samples than it announced is refused', async () => {
    const work = makeRun();
    await backend.prepare(work.run());
    const task = { ...work.task(0), unitIds: ['one', 'two', 'three', 'four'] };
    await expect(backend.upload(task)).rejects.toMatchObject({
      retryable: false,
      message: expect.stringContaining('4 samples'),
    });
  });
});

describe('an answer', () => {
  test('with lines in another order, rounded numbers and reordered keys is what was sent', async () => {
    const { work, folder, labels } = await sentRun();
    await new FolderPlayer(folder).edit(0, (line) => line);
    const before = await linesOf(labels);
    await writeFile(labels, before.reverse().join('\n'));
    await isSent(work);
  });

  test('without a sample tells nothing of it', async () => {
    const { work, labels } = await sentRun();
    await writeFile(labels, (await linesOf(labels)).slice(1).join('\n'));
    expect([...(await bringHome(backend, work, 0)).keys()]).toEqual(
      work
        .units(0)
        .slice(1)
        .map(({ id }) => id),
    );
  });

  test('with a sample that was never sent passes it on', async () => {
    const { work, labels } = await sentRun();
    await appendFile(labels, '{"id": "stranger", "fields": {"truth": {"labels": []}}}\n');
    expect((await bringHome(backend, work, 0)).has('stranger')).toBe(true);
  });

  test('with a malformed line is an error that names file and line, and trying again cannot help', async () => {
    const { work, labels } = await sentRun();
    await appendFile(labels, '{"id": \n');
    await expect(bringHome(backend, work, 0)).rejects.toMatchObject({
      retryable: false,
      message: expect.stringContaining(`${labels}, line 4`),
    });
  });

  test('that names a sample twice is an error that names both lines', async () => {
    const { work, labels } = await sentRun();
    await appendFile(labels, `${(await linesOf(labels))[1]}\n`);
    await expect(bringHome(backend, work, 0)).rejects.toThrow(/line 4.*line 2/);
  });

  test('that changes while it is read is read again later', async () => {
    const { work, labels } = await sentRun();
    const download = async (): Promise<void> => {
      for await (const _ of backend.download(work.task(0)) as AsyncIterable<ReturnedSample>)
        await appendFile(labels, '\n');
    };
    await expect(download()).rejects.toMatchObject({ retryable: true });
  });

  test('that is not there is an error that names the file', async () => {
    const { work, labels } = await sentRun();
    await rm(labels);
    await expect(bringHome(backend, work, 0)).rejects.toMatchObject({
      retryable: false,
      message: expect.stringContaining(labels),
    });
  });
});

describe('a poll', () => {
  test.each([
    ['{"state": "completed", "assignee": "ann"}', 'COMPLETED', 'ann'],
    ['{"state": "FINISHED"}', 'ANNOTATING', null],
    ['{"state": "GONE"}', 'ANNOTATING', null],
    ['{"state": ', 'ANNOTATING', null],
    ['null', 'ANNOTATING', null],
  ])('reads the status %s as %s', async (text, state, assignee) => {
    const { work, status } = await sentRun();
    const cursor = await settle(backend, work);
    await writeFile(status, text);
    expect((await poll(backend, work, cursor)).tasks).toMatchObject([{ part: 0, state, assignee }]);
  });

  test('logs a status that it does not understand', async () => {
    const { work, status } = await sentRun();
    await writeFile(status, '{"state": "FINISHED"}');
    await poll(backend, work, null);
    expect(work.logged.join()).toContain('FINISHED');
  });

  test('tells labels that were copied into place with an old time', async () => {
    const { work, labels, status } = await sentRun();
    const cursor = (await settle(backend, work)) as object;
    const copy = `${await readFile(labels, 'utf8')}\n`;
    const known = (await stat(status)).ctimeMs;
    for (let changed = known; changed < known + 1; changed = (await stat(labels)).ctimeMs) {
      await writeFile(`${labels}.mine`, copy);
      await utimes(`${labels}.mine`, 1_000_000, 1_000_000);
      await rename(`${labels}.mine`, labels);
    }
    const tasks = await poll(backend, work, { ...cursor, through: known + 100, edge: {} } as Json);
    expect(tasks.tasks.map(({ part }) => part)).toContain(0);
  });

  test('tells a task that was put back', async () => {
    const { work, task } = await sentRun();
    let cursor = await settle(backend, work);
    await rename(task, `${task}-away`);
    ({ cursor } = await poll(backend, work, cursor));
    await rename(`${task}-away`, task);
    expect(
      (await poll(backend, work, { ...(cursor as object), through: Date.now() + 1e6 } as Json)).tasks,
    ).toMatchObject([{ part: 0, state: 'SENT' }]);
  });

  test('tells all tasks as gone, once, when the folder of the run is gone', async () => {
    const { work, folder } = await sentRun();
    const cursor = await settle(backend, work);
    await rm(folder, { recursive: true });
    const first = await poll(backend, work, cursor);
    expect(first.tasks.map(({ part, state }) => [part, state])).toEqual([
      [0, 'GONE'],
      [1, 'GONE'],
    ]);
    expect((await poll(backend, work, first.cursor)).tasks).toEqual([]);
  });

  test('takes a drive that is away for a fault that may pass, not for deleted work', async () => {
    const { work } = await sentRun();
    await rename(outbox, `${outbox}-away`);
    await expect(poll(backend, work, null)).rejects.toMatchObject({
      retryable: true,
      message: expect.stringContaining(outbox),
    });
  });

  test('keeps a cursor that holds only what moved at its very end', async () => {
    const { work } = await sentRun();
    const cursor = (await settle(backend, work)) as { edge: object; through: number };
    expect(Object.keys(cursor.edge)).not.toEqual([]);
    const later = await poll(backend, work, { ...cursor, through: cursor.through + 1e6 } as unknown as Json);
    expect(later).toMatchObject({ tasks: [], cursor: { edge: {} } });
    expect((later.cursor as typeof cursor).edge).toEqual({});
  });

  test('tells everything again when our clock was set back', async () => {
    const { work } = await sentRun();
    const cursor = (await settle(backend, work)) as object;
    const { tasks } = await poll(backend, work, { ...cursor, through: Date.now() + 1e7, at: Date.now() + 1e7 } as Json);
    expect(tasks.map(({ part }) => part)).toEqual([0, 1]);
  });
});

describe('a cleanup', () => {
  test('leaves files of others and the folders that hold them', async () => {
    const { work, folder, task } = await sentRun({ media: 'copy' });
    await writeFile(join(task, 'media', 'mine.png'), '');
    await mkdir(join(folder, 'tasks', 'backup'));
    await writeFile(join(folder, 'tasks', 'backup', 'labels.jsonl'), '');
    await backend.cleanup(work.run());
    const names = (await readdir(folder, { recursive: true })).sort();
    expect(names).toEqual([
      'tasks',
      'tasks/000000',
      'tasks/000000/media',
      'tasks/000000/media/mine.png',
      'tasks/backup',
      'tasks/backup/labels.jsonl',
    ]);
  });

  test('goes on after one that was killed in the middle', async () => {
    const { work, task, status } = await sentRun({ media: 'copy' });
    await rm(join(task, 'labels.jsonl'));
    await rm(status);
    await backend.cleanup(work.run());
    expect(await readdir(outbox)).toEqual([]);
  });
});
