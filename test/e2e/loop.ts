import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { FolderLine } from '../../backends/folder/line.js';
import { FolderPlayer, type PlayerHabits } from '../../backends/folder/player.js';
import { createRegistry } from '../../backends/registry.js';
import type { ExportRequest, ImportDatasetRequest, Operation, Run } from '../../domain/run/index.js';
import { annotate } from '../../server/annotations/annotate.js';
import { editLabels, type LabelEdit } from '../../server/annotations/edit-labels.js';
import { type LoadCall, load } from '../../server/annotations/load.js';
import type { AnnotateRequest } from '../../server/annotations/prepare.js';
import type { AnnotationContext } from '../../server/context.js';
import type { StoredFinding } from '../../storage/stores.js';
import { type DaemonStage, test as stageTest } from '../daemon/daemon-stage.js';
import { type ExportedDataset, exportedDataset } from './exported.js';

const config = { defaultBackend: 'folder', backends: {}, warnings: [] };

/** What a step may leave to its defaults. */
export type ImportChoices = Partial<Omit<ImportDatasetRequest, 'what' | 'path'>>;
export type AnnotateChoices = Omit<AnnotateRequest, 'dataset' | 'annoKey'> & { readonly annoKey?: string };

/** The main job from end to end: a real daemon with the `folder` backend in this process, driven by the server's own functions. */
export class Loop {
  private exports = 0;

  private constructor(
    readonly stage: DaemonStage,
    readonly context: AnnotationContext,
  ) {}

  /** Starts the daemon; media and dataset files may lie below `mediaRoots` beside the data folder. */
  static async start(stage: DaemonStage, mediaRoots: readonly string[]): Promise<Loop> {
    const registry = createRegistry({ declared: {}, baseFolder: stage.folder });
    await stage.start({ mediaRoots }, { registry, config: async () => config });
    return new Loop(stage, { storage: stage.storage, registry, config: async () => config, author: 'ann' });
  }

  /** Imports a dataset file or folder; answers with the dataset's name. */
  async import(path: string, choices: ImportChoices = {}): Promise<string> {
    const defaults = { format: 'fiftyone', name: null, mediaRoot: null, extend: false, options: {} };
    const operation = await this.stage.ask('IMPORT', { what: 'dataset', path, ...defaults, ...choices });
    return String((await this.done(operation)).dataset);
  }

  /** Exports a dataset into a new folder; answers with its path. */
  async export(dataset: string, choices: Partial<ExportRequest> = {}): Promise<string> {
    const path = join(this.stage.folder, 'out', String(++this.exports));
    const defaults = { format: 'fiftyone', view: null, fields: null, mediaRoot: null, options: {} };
    const datasetId = (await this.stage.storage.datasets.byName(dataset))?.id;
    if (datasetId === undefined) throw new Error(`there is no dataset "${dataset}"`);
    await this.done(await this.stage.ask('EXPORT', { path, ...defaults, ...choices }, { datasetId }));
    return path;
  }

  /** What an export as FiftyOneDataset holds. */
  async exported(dataset: string, choices: Partial<ExportRequest> = {}): Promise<ExportedDataset> {
    return exportedDataset(await this.export(dataset, choices));
  }

  /** What an export as COCO holds. */
  async exportedCoco(dataset: string, choices: Partial<ExportRequest> = {}): Promise<unknown> {
    const path = await this.export(dataset, { format: 'coco', ...choices });
    return JSON.parse(await readFile(join(path, 'labels.json'), 'utf8')) as unknown;
  }

  /** Sends a run out; answers when all of it lies in the folder. */
  async annotate(dataset: string, choices: AnnotateChoices): Promise<Run> {
    const run = await annotate(this.context, { dataset, annoKey: 'fix_it', backend: 'folder', ...choices });
    const sent = await this.stage.untilRun(run, 'ANNOTATING', 'FAILED');
    expect(sent).toMatchObject({ state: 'ANNOTATING', error: null });
    return sent;
  }

  /** Has every line of the run rewritten, edited by `change`, and says that the tasks are completed. */
  async play(run: Run, change: (line: FolderLine) => void = () => {}, habits: PlayerHabits = {}): Promise<void> {
    const player = new FolderPlayer(fileURLToPath(run.editorUrl ?? ''), habits);
    for (const part of await player.parts()) {
      await player.edit(part, (line) => {
        change(line);
        return line;
      });
      await player.setState(part, 'COMPLETED', 'Ada');
    }
    await this.stage.untilRun(run, 'COMPLETED');
  }

  /** Loads a run; answers with the load and what it counted. */
  async load(dataset: string, choices: Partial<LoadCall> = {}): Promise<Loaded> {
    const operation = await load(this.context, { dataset, annoKey: 'fix_it', ...choices });
    const { counts } = await this.done(operation);
    const { items } = await this.stage.storage.findings.list({ first: 500 }, { operationId: operation.id });
    return { operation, counts: counts as Loaded['counts'], findings: items.map(({ item }) => item) };
  }

  /** Someone edits the dataset. */
  async edit(dataset: string, field: string, edits: readonly LabelEdit[]): Promise<void> {
    await editLabels(this.context, dataset, field, edits);
  }

  /** Number of events that say that labels of a dataset changed. */
  async labelChanges(): Promise<number> {
    return (await this.stage.events('LABELS_CHANGED')).length;
  }

  private async done(operation: Operation): Promise<NonNullable<Operation['result']>> {
    const over = await this.stage.untilOver(operation);
    expect(over).toMatchObject({ state: 'SUCCEEDED', error: null });
    return over.result ?? {};
  }
}

/** What a load did. */
export interface Loaded {
  readonly operation: Operation;
  readonly counts: Readonly<Record<string, number>>;
  readonly findings: readonly StoredFinding[];
}

/** The folder with the real data; null where there is none. */
export const dataFolder = process.env.ANNOGATE_TEST_DATA ?? null;

/** `test` with the loop, ready to go. */
export const test = stageTest.extend<{ loop: Loop }>({
  loop: async ({ stage }, use) => {
    await use(await Loop.start(stage, dataFolder === null ? [] : [dataFolder]));
  },
});
