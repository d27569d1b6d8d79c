import type {
  Backend,
  BackendDescriptor,
  ReturnedDocument,
  ReturnedField,
  ReturnedSample,
  RunWork,
  TaskUnit,
  TaskWork,
} from '../../backends/backend.js';
import type { Mask, ReturnType } from '../../domain/labels/index.js';
import type { Json, JsonObject, VectorDataset } from './vectors.js';

/** The scripted backend of the vectors: keeps what it is sent, returns what it is told. */
export class MemBackend implements Backend {
  /** What was uploaded: {field: {unit: ids, or {frame id: ids}, or true}}. */
  readonly idMap: Record<string, Record<string, Json>> = {};
  download_: JsonObject = {};
  uploadFails = false;
  cleanedUp = false;
  private readonly units = new Map<number, TaskUnit[]>();
  private readonly frameIds = new Map<string, string>();
  private readonly frameNumbers = new Map<string, number>();

  constructor(dataset: VectorDataset) {
    for (const sample of dataset.samples)
      for (const [number, frame] of Object.entries(sample.frames ?? {})) {
        this.frameIds.set(`${sample.id} ${number}`, frame.id);
        this.frameNumbers.set(frame.id, Number(number));
      }
  }

  async prepare(_run: RunWork): Promise<void> {}

  async upload(task: TaskWork): Promise<void> {
    if (this.uploadFails) throw new Error('the scripted upload fails');
    const units: TaskUnit[] = [];
    for await (const unit of task.units()) {
      units.push(unit);
      for (const [field, sent] of Object.entries(unit.fields)) {
        this.idMap[field] ??= {};
        const ids = this.idsOf(unit, sent);
        if (ids !== null) this.idMap[field][unit.id] = ids;
      }
    }
    this.units.set(task.part, units);
    await task.checkpoint({ sent: units.length });
  }

  private idsOf(unit: TaskUnit, sent: TaskUnit['fields'][string]): Json {
    if (sent.frames === undefined) return sentIds(sent);
    const frames: Record<string, Json> = {};
    for (const [number, content] of sent.frames) {
      const ids = sentIds(content);
      if (ids !== null) frames[this.frameIds.get(`${unit.sampleId} ${number}`) ?? `frame ${number}`] = ids;
    }
    return frames;
  }

  async changes(
    run: RunWork,
    cursor: Json,
  ): Promise<{ tasks: { part: number; state: 'COMPLETED'; rawState: string; revision: string }[]; cursor: Json }> {
    const next = ((cursor as number | null) ?? 0) + 1;
    const tasks = Array.from({ length: run.taskCount }, (_, part) => ({
      part,
      state: 'COMPLETED' as const,
      rawState: 'done',
      revision: String(next),
    }));
    return { tasks, cursor: next };
  }

  async *download(task: TaskWork): AsyncIterable<ReturnedSample> {
    const ids = new Set((this.units.get(task.part) ?? []).map((unit) => unit.id));
    if (task.part === 0) for (const id of this.strangers()) ids.add(id);
    for (const id of ids) yield { id, complete: true, fields: this.fieldsOf(id) };
  }

  async cleanup(): Promise<void> {
    this.cleanedUp = true;
  }

  /** Units of the payload that were never sent. */
  private strangers(): string[] {
    const sent = new Set([...this.units.values()].flatMap((units) => units.map((unit) => unit.id)));
    const returned = Object.values(this.download_).flatMap((types) =>
      Object.values(types as JsonObject).flatMap((units) => Object.keys(units as JsonObject)),
    );
    return [...new Set(returned)].filter((id) => !sent.has(id));
  }

  private fieldsOf(unit: string): ReturnedSample['fields'] {
    const fields: Record<string, Partial<Record<ReturnType, ReturnedField>>> = {};
    for (const [field, types] of Object.entries(this.download_))
      for (const [type, units] of Object.entries(types as JsonObject)) {
        const content = (units as JsonObject)[unit];
        if (content === undefined) continue;
        fields[field] ??= {};
        fields[field][type as ReturnType] = this.contentOf(field, type, content);
      }
    return fields;
  }

  private contentOf(field: string, type: string, content: Json): ReturnedField {
    if (!field.startsWith('frames.')) return type === 'scalar' ? { value: content } : { labels: documents(content) };
    const frames = new Map<number, { labels?: ReturnedDocument[]; value?: Json }>();
    for (const [id, inFrame] of Object.entries(content as JsonObject)) {
      const number = this.frameNumbers.get(id);
      if (number !== undefined)
        frames.set(number, type === 'scalar' ? { value: inFrame } : { labels: documents(inFrame) });
    }
    return { frames };
  }
}

const sentIds = (sent: { readonly labels?: readonly { id?: string | null }[]; readonly value?: Json }): Json => {
  if (sent.labels !== undefined) return sent.labels.map((label) => String(label.id));
  return sent.value === null || sent.value === undefined ? null : true;
};

/** Labels of a payload: {id: label}. */
function documents(content: Json): ReturnedDocument[] {
  return Object.entries(content as JsonObject).map(([id, label]) => {
    const { mask, ...rest } = label as JsonObject;
    const document = mask === undefined || mask === null ? rest : { ...rest, mask: maskOf(mask as JsonObject) };
    return { id, document } as ReturnedDocument;
  });
}

const maskOf = (mask: JsonObject): Mask => ({
  shape: mask.shape as number[],
  element: '<i8',
  data: mask.data as number[],
});

/** A descriptor that loads this very adapter. */
export const descriptorFor = (descriptor: BackendDescriptor, adapter: Backend): BackendDescriptor => ({
  ...descriptor,
  load: async () => () => adapter,
});
