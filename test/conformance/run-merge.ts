import { type LabelDocument, labelClassOf, labelFromDocument } from '../../domain/labels/index.js';
import { keptFieldType } from '../../domain/merge/index.js';
import type { Operation } from '../../domain/run/index.js';
import type { RunRecord } from '../../storage/stores.js';
import { agreesWithCode } from '../support/error-family.js';
import { type MemProfile, memBackendDescriptor } from '../support/mem-backend-descriptor.js';
import { annotateVector } from './annotate.js';
import { editBetween } from './between.js';
import { Comparison } from './compare.js';
import { readDataset, storeDataset, vectorLabel } from './dataset.js';
import { checkError } from './errors.js';
import { descriptorFor, MemBackend } from './mem-backend.js';
import type { Stage } from './stage.js';
import type { Json, JsonObject, LoadExpect, MergeVector, VectorLoad } from './vectors.js';

/** What a load of a vector is expected to do, by its number. */
export type Expectations = readonly LoadExpect[];

/** Plays a merge vector through the database and compares what came of it. */
export async function runMerge(
  stage: Stage,
  vector: MergeVector,
  expected: Expectations,
  compatible: boolean,
): Promise<Comparison> {
  const comparison = new Comparison();
  const play = new Play(stage, vector, comparison, compatible);
  if (!(await play.annotate())) return comparison;
  for (const [i, load] of (vector.loads ?? []).entries()) await play.load(i, load, expected[i] ?? load.expect);
  return comparison;
}

class Play {
  private datasetId = 0;
  private run: RunRecord | null = null;
  private readonly backend: MemBackend;

  constructor(
    private readonly stage: Stage,
    private readonly vector: MergeVector,
    private readonly comparison: Comparison,
    private readonly compatible: boolean,
  ) {
    this.backend = new MemBackend(vector.dataset_before);
  }

  private descriptor = () =>
    descriptorFor(
      memBackendDescriptor(
        (this.vector.annotate.profile ?? 'generic') as MemProfile,
        this.vector.annotate.capability_overrides,
      ),
      this.backend,
    );

  /** False where the vector ends here: the request is refused, as expected or not. */
  async annotate(): Promise<boolean> {
    const { annotate, dataset_before: before, name } = this.vector;
    const { expect } = annotate;
    this.datasetId = await storeDataset(this.stage.storage, `${name} ${this.compatible}`, before);
    try {
      this.run = await annotateVector(this.stage, this.datasetId, annotate, this.descriptor(), this.compatible);
    } catch (error) {
      checkError(this.comparison, 'annotate', expect.error, error);
      return false;
    }
    if (expect.error !== undefined) {
      checkError(this.comparison, 'annotate', expect.error, null);
      return false;
    }
    this.comparison.compare('label_schema', expect.label_schema, this.run.labelSchema);
    await this.stage.drive(
      this.descriptor,
      async () => (await this.stage.storage.runs.byId(this.run?.id ?? ''))?.state === 'COMPLETED',
    );
    this.comparison.compareIdMap('id_map', withoutUnits(expect.id_map ?? null), this.backend.idMap as Json);
    return true;
  }

  async load(i: number, load: VectorLoad, expect: LoadExpect): Promise<void> {
    for (const edit of load.between ?? [])
      await editBetween(this.stage.storage, this.datasetId, this.vector.dataset_before, edit);
    this.backend.download_ = load.download;
    this.backend.cleanedUp = false;
    const operation = await this.loadOnce(load);
    const at = `load ${i + 1}`;
    checkError(
      this.comparison,
      `${at} error`,
      expect.error,
      operation.error === null ? null : agreesWithCode(operation.error),
    );
    const after = await readDataset(this.stage.storage, this.datasetId);
    if (expect.dataset_after !== undefined) this.compareDataset(`${at} dataset`, expect, after);
    this.comparison.compare(`${at} ignored`, nonZero(expect.ignored), await this.ignored(operation));
    if (expect.error === undefined) {
      this.comparison.compare(`${at} returned`, expect.returned ?? null, await this.returned(operation));
      if (expect.cleanup_called !== undefined)
        this.comparison.compare(`${at} cleanup`, expect.cleanup_called, this.backend.cleanedUp);
      if (expect.id_map !== undefined && !this.backend.cleanedUp)
        this.comparison.compareIdMap(`${at} id_map`, withoutUnits(expect.id_map), await this.idMap(load.download));
    }
  }

  private compareDataset(path: string, expect: LoadExpect, after: Awaited<ReturnType<typeof readDataset>>): void {
    const expected = expect.dataset_after;
    if (expected === undefined) return;
    this.comparison.compare(`${path}.field_schema`, expected.field_schema, after.field_schema);
    const byId = (samples: readonly { id: string }[]) =>
      Object.fromEntries(samples.map((sample) => [sample.id, withoutEmptyFrames(sample as unknown as JsonObject)]));
    this.comparison.compare(`${path}.samples`, byId(expected.samples), byId(after.samples));
  }

  private async loadOnce(load: VectorLoad): Promise<Operation> {
    const { storage } = this.stage;
    const { dest_field: destField, unexpected, cleanup } = load.options;
    const request = {
      destField,
      unexpected: ruleOf(unexpected),
      tasks: 'ALL',
      view: null,
      cleanup,
      policy: 'HOLD',
      compatible: this.compatible,
    };
    const operation = await storage.transaction(async (tx) => {
      const made = await storage.operations.create(tx, {
        kind: 'LOAD',
        datasetId: this.datasetId,
        runId: this.run?.id ?? null,
        request: request as JsonObject,
      });
      tx.emit({ kind: 'OPERATION_CREATED', datasetId: this.datasetId, operationId: made.id, detail: { kind: 'LOAD' } });
      return made;
    });
    const done = await this.stage.operation(this.descriptor, operation.id);
    if (cleanup && done.state === 'SUCCEEDED') await this.cleanedUp();
    return done;
  }

  private async cleanedUp(): Promise<void> {
    const { items } = await this.stage.storage.operations.list(
      { first: 50 },
      { datasetId: this.datasetId, kinds: ['CLEANUP'] },
    );
    const last = items.at(-1)?.item ?? items[0]?.item;
    if (last !== undefined) await this.stage.operation(this.descriptor, last.id);
  }

  private async ignored(operation: Operation): Promise<JsonObject> {
    const rules = await this.stage.storage.findings.countByRule({ operationId: operation.id });
    const count = (rule: string): number =>
      rules.filter((row) => row.rule === rule).reduce((sum, row) => sum + row.count, 0);
    return nonZero({
      additions: count('ADDITIONS_NOT_ALLOWED'),
      deletions: count('DELETIONS_NOT_ALLOWED'),
    }) as JsonObject;
  }

  /** Labels stored with the load, in the payload's form. */
  private async returned(operation: Operation): Promise<Json> {
    const { storage } = this.stage;
    const { items } = await storage.findings.held(
      { first: 1_000 },
      { operationId: operation.id, states: ['RETURNED'] },
    );
    if (items.length === 0) return null;
    const result: JsonObject = {};
    for (const { item } of items) {
      const labelClass = labelClassOf(keptFieldType[item.returnType as keyof typeof keptFieldType] ?? '');
      const field = slot(result, item.field);
      const samples = slot(field, item.returnType);
      if (labelClass === null) {
        samples[item.sampleId] = item.document.value ?? null;
        continue;
      }
      const label = await vectorLabel(
        storage,
        labelClass,
        labelFromDocument(labelClass, item.document as LabelDocument, item.labelId ?? ''),
      );
      const sample = slot(samples, item.sampleId);
      const frame = item.frame === 0 ? sample : slot(sample, this.frameId(item.sampleId, item.frame));
      frame[item.labelId ?? ''] = label;
    }
    return result;
  }

  private frameId(sample: string, frame: number): string {
    const found = this.vector.dataset_before.samples.find(({ id }) => id === sample);
    return found?.frames?.[String(frame)]?.id ?? String(frame);
  }

  /** What was uploaded, and what loads have added to the run. */
  private async idMap(download: JsonObject): Promise<Json> {
    const { storage } = this.stage;
    const map = structuredClone(this.backend.idMap) as Record<string, Record<string, Json>>;
    const fields = await storage.datasets.fields(this.datasetId);
    const samples = await storage.samples.list(this.datasetId, { first: 1_000 });
    const byKey = new Map(samples.items.map(({ item }) => [item.key, item.id]));
    for (const field of fields) {
      const labels = await storage.runs.runLabels(null, this.run?.id ?? '', field.id, [...byKey.keys()]);
      for (const [key, own] of labels) {
        const keys = keysOf(own, download);
        for (const { kind, frame, id } of own)
          if (kind === 2) this.join(map, field.name, byKey.get(key) ?? '', frame, keys.get(id) ?? id);
      }
    }
    return map as Json;
  }

  private join(
    map: Record<string, Record<string, Json>>,
    stored: string,
    sample: string,
    frame: number,
    id: string,
  ): void {
    const unit = this.run?.selection.unit ?? 'sample';
    const name = unit === 'frame' ? stored.replace(/^frames\./, '') : stored;
    const field = slot(map as JsonObject, name);
    if (frame === 0 || unit === 'frame') {
      const key = unit === 'frame' ? this.frameId(sample, frame) : sample;
      field[key] = union(field[key], id);
    } else {
      const key = unit === 'clip' ? this.clipOf(sample, frame) : sample;
      const frames = slot(field, key);
      frames[this.frameId(sample, frame)] = union(frames[this.frameId(sample, frame)], id);
    }
  }

  private clipOf(sample: string, frame: number): string {
    const view = this.vector.annotate.view as JsonObject;
    const found = this.vector.dataset_before.samples.find(({ id }) => id === sample);
    const clips = ((found?.fields[String(view.support)] as JsonObject | undefined)?.detections ?? []) as JsonObject[];
    const clip = clips.find(
      ({ support }) => frame >= ((support as number[])[0] ?? 0) && frame <= ((support as number[])[1] ?? 0),
    );
    return String(clip?.id);
  }
}

/** A label that came back under a key of its own is known by that key; one whose id we made up is known by ours. */
function keysOf(
  labels: readonly { readonly kind: number; readonly id: string; readonly returned: { readonly id: string } | null }[],
  download: JsonObject,
): ReadonlyMap<string, string> {
  const text = JSON.stringify(download);
  const left = labels.filter(
    ({ kind, id, returned }) => kind === 3 && returned !== null && returned.id !== id && text.includes(returned.id),
  );
  return new Map(left.map(({ id, returned }) => [returned?.id ?? '', id]));
}

/** The object under a key, made if missing. */
function slot(object: JsonObject, key: string): JsonObject {
  object[key] ??= {};
  return object[key] as JsonObject;
}

const union = (ids: Json | undefined, id: string): Json => [
  ...(Array.isArray(ids) ? (ids as string[]) : ids ? [String(ids)] : []),
  id,
];

const nonZero = (counts: Readonly<Record<string, number>> | undefined): JsonObject =>
  Object.fromEntries(Object.entries(counts ?? {}).filter(([, count]) => count !== 0));

/** Which clip or frame belongs to which sample is no matter of ids. */
const withoutUnits = (map: Json): Json =>
  map === null ? null : Object.fromEntries(Object.entries(map as JsonObject).filter(([name]) => !name.startsWith('_')));

/** A frame without any value and no frame are the same. */
function withoutEmptyFrames(sample: JsonObject): JsonObject {
  const frames = Object.entries((sample.frames ?? {}) as JsonObject);
  return {
    ...sample,
    frames: Object.fromEntries(
      frames.filter(([, frame]) =>
        Object.values(((frame as JsonObject).fields ?? {}) as JsonObject).some((value) => value !== null),
      ),
    ),
  };
}

function ruleOf(unexpected: Json): Json {
  if (typeof unexpected !== 'string') return unexpected;
  const words: Readonly<Record<string, string>> = {
    prompt: 'IGNORE',
    keep: 'KEEP',
    ignore: 'IGNORE',
    return: 'RETURN',
  };
  return words[unexpected] ?? 'IGNORE';
}
