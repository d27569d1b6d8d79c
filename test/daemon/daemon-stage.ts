import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Backend } from '../../backends/backend.js';
import { type DaemonSettings, readSettings } from '../../daemon/settings.js';
import { type ContextParts, type RunningDaemon, startDaemon } from '../../daemon/start.js';
import type { JsonObject } from '../../domain/labels/index.js';
import type { Operation, OperationKind, Run, RunState } from '../../domain/run/index.js';
import { openStorage } from '../../storage/open-storage.js';
import type { Dataset, Event, Storage } from '../../storage/stores.js';
import { test as databaseTest, type FreshDatabase } from '../support/database.js';
import { registryOf, ScriptedBackend, scriptedConfig } from './scripted-backend.js';

/** How long a named moment is waited for, in milliseconds. */
const limit = 20_000;

/** A database, a data folder and a scripted backend; daemons are started on them and end with the test. */
export class DaemonStage {
  readonly backend = new ScriptedBackend();
  readonly daemons: RunningDaemon[] = [];

  constructor(
    readonly url: string,
    readonly folder: string,
    readonly storage: Storage,
  ) {}

  settings(change: Partial<DaemonSettings> = {}): DaemonSettings {
    const quick = { watchFastest: 10, watchSlowest: 50, pollEvery: 200, retry: { first: 1, longest: 10, attempts: 3 } };
    const settings = readSettings({ ANNOGATE_DATA: this.folder, ANNOGATE_DATABASE_URL: this.url });
    return { ...settings, ...quick, ...change };
  }

  async start(
    change: Partial<DaemonSettings> = {},
    parts: ContextParts = {},
    backend: Backend = this.backend,
  ): Promise<RunningDaemon> {
    const scripted = { registry: registryOf(backend), config: async () => scriptedConfig };
    const daemon = await startDaemon(this.settings(change), { ...scripted, ...parts });
    this.daemons.push(daemon);
    return daemon;
  }

  async end(): Promise<void> {
    for (const daemon of this.daemons) daemon.stop('the test is over');
    for (const daemon of this.daemons) daemon.stop('at once');
    await Promise.all(this.daemons.map(({ finished }) => finished));
    await this.storage.close();
  }

  /** A dataset of so many images without labels. */
  async dataset(images: number, name = 'pictures'): Promise<Dataset> {
    const { datasets, samples } = this.storage;
    return this.storage.transaction(async (tx) => {
      const made = await datasets.create(tx, { ...emptyDataset, name, hex: hex(name.length) });
      const whole = Array.from({ length: images }, (_, i) => ({ ...pictureAt(`/pictures/${i}.png`), id: hex(i) }));
      await samples.insertWhole(tx, made.id, whole, []);
      tx.emit({ kind: 'DATASET_CREATED', datasetId: made.id, detail: { name } });
      return made;
    });
  }

  /** A run on all samples of a dataset, as `annotate` records it. */
  async run(dataset: Dataset, parameters: JsonObject = {}): Promise<Run> {
    return this.storage.transaction(async (tx) => {
      const run = await this.storage.runs.create(tx, { ...emptyRun, id: hex(7), datasetId: dataset.id, parameters });
      tx.emit({ kind: 'RUN_CREATED', datasetId: dataset.id, runId: run.id, detail: { annoKey: run.annoKey } });
      return run;
    });
  }

  async ask(
    kind: OperationKind,
    request: unknown,
    about: { datasetId?: number; runId?: string } = {},
  ): Promise<Operation> {
    const { datasetId = null, runId = null } = about;
    return this.storage.transaction(async (tx) => {
      const operation = await this.storage.operations.create(tx, {
        kind,
        datasetId,
        runId,
        request: request as JsonObject,
      });
      tx.emit({ kind: 'OPERATION_CREATED', datasetId, operationId: operation.id, detail: { kind } });
      return operation;
    });
  }

  /** Waits for a moment that the database shows; looks again at each commit. */
  async until<T>(what: string, look: () => Promise<T | null | undefined | false>): Promise<T> {
    let wake = () => {};
    const stop = await this.storage.events.onCommit(() => wake());
    const deadline = Date.now() + limit;
    try {
      for (;;) {
        const rung = new Promise<void>((resolve) => {
          wake = resolve;
          setTimeout(resolve, 1_000).unref();
        });
        const found = await look();
        if (found) return found;
        if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`);
        await rung;
      }
    } finally {
      await stop();
    }
  }

  untilRun(run: Run, ...states: RunState[]): Promise<Run> {
    return this.until(`the run is ${states}`, async () => {
      const now = await this.storage.runs.byId(run.id);
      return now !== null && states.includes(now.state) ? now : null;
    });
  }

  untilOver(operation: Operation): Promise<Operation> {
    return this.until(`operation ${operation.id} is over`, async () => {
      const now = await this.storage.operations.byId(operation.id);
      return now !== null && ['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(now.state) ? now : null;
    });
  }

  async events(kind: string): Promise<readonly Event[]> {
    return (await this.storage.events.read(0, 10_000)).filter((event) => event.kind === kind);
  }
}

/** A picture without labels; it needs an id. */
export const pictureAt = (path: string) => ({
  ...{ path, mediaType: 'image' as const, width: 10, height: 10, metadata: null, tags: [], group: null, extra: null },
  fields: new Map(),
});

export const hex = (n: number): string => n.toString(16).padStart(24, '0');

const emptyDataset = {
  mediaType: 'image',
  document: null,
  persistent: true,
  maskTargets: {},
  defaultMaskTargets: null,
  groupField: null,
  groupMediaTypes: {},
  defaultGroupSlice: null,
  foreignRuns: null,
};

const emptyRun = {
  annoKey: 'fix_boxes',
  backend: 'scripted',
  labelSchema: {},
  mediaField: 'filepath',
  mediaType: 'image',
  view: null,
  selection: { unit: 'sample', fields: {} },
  warnings: [],
  launchEditor: false,
  author: null,
} as const;

/** `test` with a stage. A failing test leaves its database for you to open. */
export const test = databaseTest.extend<{ stage: DaemonStage }>({
  stage: async ({ fresh }: { fresh: FreshDatabase }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'annogate-daemon-'));
    const storage = await openStorage({ url: fresh.url, dataFolder: folder });
    const stage = new DaemonStage(fresh.url, folder, storage);
    await use(stage);
    await stage.end();
    await rm(folder, { recursive: true, force: true });
  },
});
