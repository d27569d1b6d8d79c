import { labelClassOf } from '../../domain/labels/index.js';
import { annotate } from '../../server/annotations/annotate.js';
import { runNamed } from '../../server/annotations/find.js';
import { load } from '../../server/annotations/load.js';
import { deleteRun, deleteRuns, renameRun } from '../../server/annotations/runs.js';
import type { AnnotationContext } from '../../server/context.js';
import { agreesWithCode } from '../support/error-family.js';
import { type MemProfile, memBackendDescriptor } from '../support/mem-backend-descriptor.js';
import { type VectorView, viewOf } from '../support/vector-facts.js';
import { Comparison } from './compare.js';
import { storeDataset } from './dataset.js';
import { checkError } from './errors.js';
import { descriptorFor, MemBackend } from './mem-backend.js';
import type { Stage } from './stage.js';
import type { Json, JsonObject, RunStep, RunsVector } from './vectors.js';

/** Plays a sequence of operations on annotation keys, by the functions behind the API. */
export async function runRuns(stage: Stage, vector: RunsVector, steps: readonly RunStep[]): Promise<Comparison> {
  const comparison = new Comparison();
  const dataset = `${vector.name} ${Math.random()}`;
  const datasetId = await storeDataset(stage.storage, dataset, vector.dataset_before);
  const play = new Play(stage, comparison, dataset, datasetId, new MemBackend(vector.dataset_before));
  for (const [i, step] of steps.entries()) await play.step(`step ${i + 1} ${step.op}`, step);
  return comparison;
}

class Play {
  private profile: MemProfile = 'generic';
  private readonly context: AnnotationContext;

  constructor(
    private readonly stage: Stage,
    private readonly comparison: Comparison,
    private readonly dataset: string,
    private readonly datasetId: number,
    private readonly backend: MemBackend,
  ) {
    this.context = stage.annotation(this.descriptor);
  }

  private descriptor = () => descriptorFor(memBackendDescriptor(this.profile), this.backend);

  async step(path: string, step: RunStep): Promise<void> {
    this.backend.cleanedUp = false;
    try {
      const result = await this.perform(step);
      checkError(this.comparison, `${path} error`, step.error, null);
      if (step.result !== undefined && step.error === undefined) this.compareResult(path, step, result);
    } catch (error) {
      checkError(this.comparison, `${path} error`, step.error, error);
    }
    if (step.cleanup_called !== undefined)
      this.comparison.compare(`${path} cleanup`, step.cleanup_called, this.backend.cleanedUp);
    this.comparison.compare(`${path} keys`, step.keys_after, await this.keys());
  }

  private compareResult(path: string, step: RunStep, result: Json): void {
    if (step.op !== 'load_results' || step.result === null) {
      this.comparison.compare(`${path} result`, step.result, result);
      return;
    }
    const [expected, actual] = [step.result as JsonObject, result as JsonObject];
    this.comparison.compare(`${path} key`, expected.key, actual.key);
    this.comparison.compareIdMap(`${path} id_map`, expected.id_map, actual.id_map);
  }

  private async perform({ op, args, view, upload_fails }: RunStep): Promise<Json> {
    const key = String(args.key ?? '');
    const name = { dataset: this.dataset, annoKey: key };
    switch (op) {
      case 'annotate':
        return this.annotate(args, view ?? null, upload_fails === true);
      case 'list':
        return this.list(args);
      case 'has':
        return (await this.stage.storage.runs.byKey(this.datasetId, key)) !== null;
      case 'rename':
        await renameRun(this.context, name, String(args.new_key));
        return null;
      case 'delete':
        await deleteRun(this.context, name);
        return null;
      case 'delete_all':
        await deleteRuns(this.context, this.dataset);
        return null;
      case 'info':
        return this.info(key);
      case 'load_results':
        return this.results(key);
      case 'load_view':
        return this.view(key);
      case 'load':
        return this.load(key, args.cleanup === true);
      case 'reopen':
        return null;
      case 'update_config':
        return this.updateConfig(key, args);
      default:
        throw new Error(`unknown step ${op}`);
    }
  }

  private async annotate(args: JsonObject, view: JsonObject | null, fails: boolean): Promise<Json> {
    const { anno_key: annoKey, label_field: labelField, profile, ...parameters } = args;
    this.profile = (profile as MemProfile | undefined) ?? 'generic';
    this.backend.uploadFails = fails;
    const run = await annotate(this.context, {
      dataset: this.dataset,
      annoKey: annoKey as string,
      labelField: labelField as string,
      view: viewOf(view as VectorView | null),
      backend: 'mem',
      parameters: { ...parameters, ...(profile === undefined ? {} : { profile }) },
    });
    await this.stage.drive(this.descriptor, async () =>
      ['COMPLETED', 'FAILED'].includes((await this.stage.storage.runs.byId(run.id))?.state ?? ''),
    );
    const done = await this.stage.storage.runs.byId(run.id);
    if (done?.state === 'FAILED')
      throw agreesWithCode({ code: 'BACKEND_ERROR', message: done.error?.message ?? 'failed' });
    return null;
  }

  private async keys(): Promise<string[]> {
    const { items } = await this.stage.storage.runs.list({ first: 1_000 }, { datasetId: this.datasetId });
    return items.map(({ item }) => item.annoKey).sort();
  }

  private async list({ type, method, ...parameters }: JsonObject): Promise<Json> {
    if (type !== undefined && type !== 'annotation') return [];
    const filter = {
      datasetId: this.datasetId,
      ...(method === undefined ? {} : { backend: String(method) }),
      ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    };
    const { items } = await this.stage.storage.runs.list({ first: 1_000 }, filter);
    return items.map(({ item }) => item.annoKey).sort();
  }

  private async info(key: string): Promise<Json> {
    const { run } = await runNamed(this.stage.storage, this.dataset, key);
    const keys = ['cls', 'label_schema', 'media_field', 'method', 'name', 'type', ...Object.keys(run.parameters)];
    return {
      key: run.annoKey,
      config_keys: [...new Set(keys)].sort(),
      label_schema: run.labelSchema as unknown as Json,
    };
  }

  /** FiftyOne's id map is what we keep as membership and returned labels. */
  private async results(key: string): Promise<Json> {
    const { run } = await runNamed(this.stage.storage, this.dataset, key);
    if (run.state === 'FAILED') return null;
    const fields = await this.stage.storage.datasets.fields(this.datasetId);
    const samples = await this.stage.storage.runs.samples(run.id, { limit: 1_000 });
    const ids = new Map(
      (await this.stage.storage.samples.byKeys(samples.map(({ sampleKey }) => sampleKey))).map((sample) => [
        sample.key,
        sample.id,
      ]),
    );
    const map: JsonObject = {};
    for (const name of Object.keys(run.labelSchema)) {
      const field = fields.find((candidate) => candidate.name === name);
      if (field === undefined || labelClassOf(field.type) === null) continue;
      const values = await this.stage.storage.labels.values(field, [...ids.keys()], run.frozenAt);
      map[name] = Object.fromEntries(
        [...values].map(([sample, frames]) => [
          ids.get(sample) ?? '',
          [...(frames.get(0)?.labels ?? [])].map(({ id }) => id),
        ]),
      );
    }
    return { key: run.annoKey, id_map: map };
  }

  private async view(key: string): Promise<Json> {
    const { run } = await runNamed(this.stage.storage, this.dataset, key);
    const samples = await this.stage.storage.runs.samples(run.id, { limit: 1_000 });
    return (await this.stage.storage.samples.byKeys(samples.map(({ sampleKey }) => sampleKey))).map(({ id }) => id);
  }

  private async load(key: string, cleanup: boolean): Promise<Json> {
    this.backend.download_ = {};
    const asked = await load(this.context, { dataset: this.dataset, annoKey: key, tasks: 'ALL', cleanup });
    const done = await this.stage.operation(this.descriptor, asked.id);
    if (done.error !== null) throw agreesWithCode(done.error);
    if (cleanup) await this.stage.drive(this.descriptor, async () => this.backend.cleanedUp);
    return null;
  }

  private async updateConfig(key: string, { key: _key, ...parameters }: JsonObject): Promise<Json> {
    const { storage } = this.stage;
    const { run } = await runNamed(storage, this.dataset, key);
    await storage.transaction(async (tx) => {
      await storage.runs.update(tx, run.id, { parameters: { ...run.parameters, ...parameters } });
      tx.emit({ kind: 'RUN_PROGRESS', datasetId: this.datasetId, runId: run.id, detail: { annoKey: key } });
    });
    return (await storage.runs.byId(run.id))?.parameters.color ?? null;
  }
}
