import { labelClassOf } from '../../domain/labels/index.js';
import type { Storage, StoredField, StoredLabel, StoredSample, Transaction } from '../../storage/stores.js';
import { labelOfVector, type Masks, valueOfVector, wholeSample } from './dataset.js';
import type { Json, JsonObject, VectorDataset } from './vectors.js';

/** Makes an edit of the dataset between annotate and load, as a user would. */
export async function editBetween(
  storage: Storage,
  datasetId: number,
  dataset: VectorDataset,
  edit: JsonObject,
): Promise<void> {
  await storage.transaction(async (tx) => {
    await new Editing(storage, tx, datasetId, dataset, edit).run();
    tx.emit({ kind: 'DATASET_CHANGED', datasetId, detail: { edit: String(edit.op) } });
  });
}

class Editing {
  private readonly masks: Masks = new Map();

  constructor(
    private readonly storage: Storage,
    private readonly tx: Transaction,
    private readonly datasetId: number,
    private readonly dataset: VectorDataset,
    private readonly edit: JsonObject,
  ) {}

  async run(): Promise<void> {
    const { op } = this.edit;
    if (op === 'delete_sample')
      return this.storage.samples.delete(this.tx, this.datasetId, [(await this.sample()).key]);
    if (op === 'add_sample') return this.addSample();
    if (op === 'delete_field')
      return this.storage.datasets.deleteField(this.tx, this.datasetId, String(this.edit.field));
    if (op === 'rename_field')
      return this.storage.datasets.renameField(this.tx, this.datasetId, String(this.edit.field), String(this.edit.to));
    if (op === 'delete_labels') return this.deleteLabels();
    if (op === 'set_label') return this.setLabel();
    if (op === 'add_label') return this.addLabel();
    if (op === 'set_field') return this.setField();
    throw new Error(`unknown edit ${op}`);
  }

  private async field(): Promise<StoredField> {
    const fields = await this.storage.datasets.fields(this.datasetId, this.tx);
    const wanted =
      this.edit.frame === undefined ? this.edit.field : `frames.${String(this.edit.field).replace(/^frames\./, '')}`;
    const found = fields.find(({ name }) => name === wanted);
    if (found === undefined) throw new Error(`no field ${this.edit.field}`);
    return found;
  }

  private async sample(): Promise<StoredSample> {
    const [found] = await this.storage.samples.byHex(this.datasetId, [String(this.edit.sample)], this.tx);
    if (found === undefined) throw new Error(`no sample ${this.edit.sample}`);
    return found;
  }

  private async addSample(): Promise<void> {
    const sample = { id: String(this.edit.sample), filepath: String(this.edit.filepath), fields: {} };
    await this.storage.samples.insertWhole(
      this.tx,
      this.datasetId,
      [wholeSample(sample, this.dataset, this.masks)],
      [],
    );
  }

  private async labels(field: StoredField): Promise<{ sampleKey: number; label: StoredLabel }[]> {
    const samples = await this.storage.samples.byHex(
      this.datasetId,
      this.dataset.samples.map(({ id }) => id),
      this.tx,
    );
    const versions = await this.storage.labels.versions(
      this.tx,
      field,
      samples.map(({ key }) => key),
      0,
    );
    return [...versions].flatMap(([sampleKey, frames]) =>
      [...frames.values()].flatMap(({ current }) => (current ?? []).map((label) => ({ sampleKey, label }))),
    );
  }

  private async deleteLabels(): Promise<void> {
    const field = await this.field();
    const ids = this.edit.ids as string[];
    const gone = (await this.labels(field)).filter(({ label }) => ids.includes(label.id));
    for (const { sampleKey, label } of gone)
      await this.storage.labels.write(this.tx, field, [
        { sampleKey, frame: label.frame, updates: [], additions: [], deletions: [label.key], becomesEmptyList: false },
      ]);
  }

  private async setLabel(): Promise<void> {
    const field = await this.field();
    const labels = (await this.labels(field)).filter(({ label }) => label.id === this.edit.id);
    const labelClass = labelClassOf(field.type);
    if (labelClass === null) throw new Error(`field ${field.name} holds no labels`);
    const current = this.document(String(this.edit.id));
    const changed = labelOfVector(labelClass, { ...current, ...(this.edit.set as JsonObject) }, this.masks);
    await this.storage.masks.put(this.tx, [...this.masks.values()]);
    for (const { sampleKey, label } of labels)
      await this.storage.labels.write(this.tx, field, [
        {
          sampleKey,
          frame: label.frame,
          updates: [{ key: label.key, label: changed, whole: true }],
          additions: [],
          deletions: [],
          becomesEmptyList: false,
        },
      ]);
  }

  /** The label's document in the vector. */
  private document(id: string): JsonObject {
    const find = (value: Json): JsonObject | null => {
      if (value === null || typeof value !== 'object') return null;
      if (!Array.isArray(value) && value.id === id && '_cls' in value) return value;
      for (const member of Object.values(value)) {
        const found = find(member as Json);
        if (found !== null) return found;
      }
      return null;
    };
    const found = find(JSON.parse(JSON.stringify(this.dataset.samples)) as Json);
    if (found === null) throw new Error(`no label ${id}`);
    return found;
  }

  private async addLabel(): Promise<void> {
    const field = await this.field();
    const labelClass = labelClassOf(field.type);
    if (labelClass === null) throw new Error(`field ${field.name} holds no labels`);
    const label = labelOfVector(labelClass, this.edit.label as JsonObject, this.masks);
    const sample = await this.sample();
    await this.storage.labels.write(this.tx, field, [
      {
        sampleKey: sample.key,
        frame: Number(this.edit.frame ?? 0),
        updates: [],
        additions: [label],
        deletions: [],
        becomesEmptyList: false,
      },
    ]);
  }

  private async setField(): Promise<void> {
    const field = await this.field();
    const value = this.edit.value ?? null;
    const content = value === null ? null : valueOfVector(field.type, value, this.masks);
    await this.storage.masks.put(this.tx, [...this.masks.values()]);
    await this.storage.samples.setValue(
      this.tx,
      (await this.sample()).key,
      field,
      Number(this.edit.frame ?? 0),
      content,
    );
  }
}
