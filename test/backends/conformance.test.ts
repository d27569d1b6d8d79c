import { AssertionError } from 'node:assert';
import { describe, expect, test } from 'vitest';
import type {
  Backend,
  BackendDescriptor,
  ReturnedDocument,
  ReturnedField,
  ReturnedSample,
  TaskWork,
} from '../../backends/backend.js';
import { describeBackend, play, promisesOf } from '../../backends/conformance/index.js';
import { FolderBackend } from '../../backends/folder/adapter.js';
import { folderDescriptor } from '../../backends/folder/descriptor.js';
import { startFolder } from '../support/folder-stage.js';

/** A backend that breaks one promise, and the promise. */
interface Broken {
  readonly how: string;
  readonly promise: string;
  adapter(): Backend;
}

class Altered extends FolderBackend {
  constructor(private readonly alter: (sample: ReturnedSample, task: TaskWork) => ReturnedSample | null) {
    super();
  }

  override async *download(task: TaskWork): AsyncGenerator<ReturnedSample> {
    for await (const sample of super.download(task)) {
      const altered = this.alter(sample, task);
      if (altered !== null) yield altered;
    }
  }
}

const withLabels = (change: (label: ReturnedDocument) => ReturnedDocument | null): Backend =>
  new Altered((sample) => {
    const labels = (field: ReturnedField): ReturnedField =>
      field.labels === undefined ? field : { labels: field.labels.map(change).filter((label) => label !== null) };
    const types = (field: ReturnedSample['fields'][string]) =>
      Object.fromEntries(Object.entries(field).map(([type, content]) => [type, labels(content)]));
    return {
      ...sample,
      fields: Object.fromEntries(Object.entries(sample.fields).map(([name, field]) => [name, types(field)])),
    };
  });

const altered = (change: Partial<Backend>): Backend => Object.assign(new FolderBackend(), change);
const verbs = new FolderBackend();
const asSent = 'untouched detections of images come home as they were sent';

const brokenBackends: readonly Broken[] = [
  { how: 'forgets ids', promise: asSent, adapter: () => withLabels((label) => ({ ...label, id: null })) },
  {
    how: 'moves boxes by a thousandth',
    promise: asSent,
    adapter: () =>
      withLabels((label) => ({
        ...label,
        document: {
          ...label.document,
          bounding_box: (label.document.bounding_box as number[]).map((x) => x + 0.001),
        } as never,
      })),
  },
  {
    how: 'loses a label',
    promise: asSent,
    adapter: () => withLabels((label) => (label.document.label === 'dog' ? null : label)),
  },
  {
    how: 'loses an attribute',
    promise: asSent,
    adapter: () => withLabels(({ id, document: { remark: _, ...document } }) => ({ id, document })),
  },
  {
    how: 'loses masks',
    promise: 'untouched instances of images come home as they were sent',
    adapter: () => withLabels(({ id, document: { mask: _, ...document } }) => ({ id, document })),
  },
  {
    how: 'calls everything complete',
    promise: 'a sample that was not looked at is not complete',
    adapter: () => new Altered((sample) => ({ ...sample, complete: true })),
  },
  {
    how: 'leaves samples out',
    promise: asSent,
    adapter: () => new Altered((sample, task) => (sample.id === task.unitIds[1] ? null : sample)),
  },
  {
    how: 'goes on after the signal',
    promise: 'a download ends promptly when its signal is raised',
    adapter: () => {
      async function* deaf(task: TaskWork): AsyncGenerator<ReturnedSample> {
        yield* verbs.download({ ...task, signal: new AbortController().signal });
      }
      return altered({ download: deaf });
    },
  },
  {
    how: 'reads on after the signal',
    promise: 'an upload ends promptly when its signal is raised',
    adapter: () => altered({ upload: (task) => verbs.upload({ ...task, signal: new AbortController().signal }) }),
  },
  {
    how: 'tells everything in each poll',
    promise: 'a task that became COMPLETED is told once, and no other',
    adapter: () => altered({ changes: (run) => verbs.changes(run, null) }),
  },
  {
    how: 'tells nothing',
    promise: 'without a cursor everything that moved is told',
    adapter: () => altered({ changes: async () => ({ tasks: [], cursor: null }) }),
  },
  {
    how: 'has one revision for ever',
    promise: 'the revision differs when labels were edited, and only then',
    adapter: () =>
      altered({
        changes: async (run, cursor) => {
          const changes = await verbs.changes(run, cursor);
          return { ...changes, tasks: changes.tasks.map((task) => ({ ...task, revision: '1' })) };
        },
      }),
  },
  {
    how: 'cleans up nothing',
    promise: 'cleanup leaves nothing of the run',
    adapter: () => altered({ cleanup: async () => {} }),
  },
  {
    how: 'keeps parameters in its state',
    promise: 'no secret is kept in the state, shown or logged',
    adapter: () =>
      altered({
        prepare: async (run) => {
          await verbs.prepare(run);
          await run.checkpoint({ ...run.parameters, folder: '/nowhere' });
        },
        upload: async () => {},
        changes: async () => ({ tasks: [], cursor: null }),
        cleanup: async () => {},
      }),
  },
  {
    how: 'names things anew after each crash',
    promise: 'a run that is cut short anywhere while it is sent ends like an undisturbed one',
    adapter: () =>
      altered({
        upload: async (task) => {
          const { writeFile } = await import('node:fs/promises');
          await writeFile(`${String(task.run.state?.folder)}/attempt-${task.part}-${Math.random()}`, '');
          await verbs.upload(task);
        },
      }),
  },
];

const descriptorOf = (adapter: () => Backend): BackendDescriptor => ({
  ...folderDescriptor,
  load: async () => adapter,
});

const find = (name: string) => {
  const promised = Object.values(promisesOf(folderDescriptor))
    .flat()
    .find((one) => one.name === name);
  if (promised === undefined) throw new Error(`there is no promise "${name}"`);
  return promised;
};

describe('the conformance suite', () => {
  test.each(brokenBackends)('notices a backend that $how', async ({ adapter, promise }) => {
    await expect(
      play(find(promise), { descriptor: descriptorOf(adapter), start: () => startFolder() }),
    ).rejects.toThrow(AssertionError);
  });

  test.each([...new Set(brokenBackends.map(({ promise }) => promise))])(
    'lets a sound backend pass: %s',
    async (promise) => {
      await play(find(promise), { descriptor: folderDescriptor, start: () => startFolder() });
    },
  );

  test('refuses a gap that names no promise', () => {
    const options = {
      descriptor: folderDescriptor,
      start: () => startFolder(),
      gaps: { 'untouched dreams': 'nobody has any' },
    };
    expect(() => describeBackend('folder', options, { describe, test })).toThrow('untouched dreams');
  });

  test('shows a gap with its reason and does not run it', () => {
    const run: string[] = [];
    const skipped: string[] = [];
    const runner = {
      describe: (_: string, body: () => void) => body(),
      test: Object.assign((name: string) => void run.push(name), { skip: (name: string) => void skipped.push(name) }),
    };
    describeBackend(
      'folder',
      { descriptor: folderDescriptor, start: () => startFolder(), gaps: { [asSent]: 'since 1.0' } },
      runner,
    );
    expect(skipped).toEqual([`${asSent} (not kept: since 1.0)`]);
    expect(run).not.toContain(asSent);
  });
});
