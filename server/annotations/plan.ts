import { datasetField, type LabelFacts, type LabelSchema } from '../../domain/label-schema/index.js';
import { isLabelClass, isListClass } from '../../domain/labels/index.js';
import { type FieldSelection, isSelected, type Warning } from '../../domain/run/index.js';
import type { View } from '../../domain/view/view.js';
import type { Dataset, Storage, StoredField } from '../../storage/stores.js';
import type { AnnotationContext } from '../context.js';
import { type AnnotateRequest, type PreparedRun, prepareRun } from './prepare.js';

/** What `annotate` would do with the same request. */
export interface Plan {
  readonly tasks: number;
  readonly samples: number;
  readonly labels: number;
  /** Bytes of media; null where no size is known. */
  readonly bytes: number | null;
  readonly samplesOfUnknownSize: number;
  readonly fields: readonly PlannedFieldOf[];
  readonly labelSchema: LabelSchema;
  readonly warnings: readonly Warning[];
}

interface PlannedFieldOf {
  readonly field: string;
  readonly type: string | null;
  readonly classes: readonly string[];
  readonly labels: number;
}

/** Samples whose media sizes are looked up one by one; more are estimated from these. */
const samplesLookedAt = 2_000;
const pageSize = 500;

/** Checks a request as `annotate` does and tells what it would do. Sends and stores nothing. */
export async function planAnnotation(context: AnnotationContext, request: AnnotateRequest): Promise<Plan> {
  const prepared = await prepareRun(context, request);
  const { facts, resolved, taskSize, descriptor, backend } = prepared;
  const fields = await plannedFields(context.storage, prepared, request.view ?? null);
  return {
    tasks: Math.ceil(facts.unitCount / taskSize),
    samples: facts.unitCount,
    labels: fields.reduce((sum, { labels }) => sum + labels, 0),
    ...(await mediaSize(context.storage, prepared.dataset, request.view ?? null)),
    fields,
    labelSchema: resolved.labelSchema,
    warnings: descriptor.load === null ? [notAvailable(backend.backend), ...prepared.warnings] : prepared.warnings,
  };
}

const notAvailable = (backend: string): Warning => ({
  code: 'BACKEND_NOT_AVAILABLE',
  message: `This version cannot send work to "${backend}" yet: annotate will refuse it.`,
  field: null,
});

async function plannedFields(
  storage: Storage,
  { dataset, facts, resolved, descriptor }: PreparedRun,
  view: View | null,
): Promise<PlannedFieldOf[]> {
  const stored = new Map((await storage.datasets.fields(dataset.id)).map((field) => [field.name, field]));
  const fields = Object.entries(resolved.labelSchema).filter(([field]) => field !== '');
  return Promise.all(
    fields.map(async ([field, { type = null, classes = [] }]) => {
      const name = datasetField(field, facts.unit);
      const selection = resolved.selection[name];
      const known = stored.get(name);
      const sends = descriptor.capabilities.existingLabels && known && selection && holdsLabels(known);
      return {
        field,
        type,
        classes: classes.flatMap((entry) => (typeof entry === 'string' ? [entry] : entry.classes)),
        labels: sends ? await sentLabels(storage, known, selection, facts.fields.get(field)?.labels ?? null, view) : 0,
      };
    }),
  );
}

const holdsLabels = ({ type }: StoredField): boolean => isListClass(type) || isLabelClass(type);

async function sentLabels(
  storage: Storage,
  field: StoredField,
  selection: FieldSelection,
  facts: LabelFacts | null,
  view: View | null,
): Promise<number> {
  if (facts) return facts.counts.filter((row) => isTaken(row, selection)).reduce((sum, { count }) => sum + count, 0);
  let count = 0;
  for await (const page of storage.labels.scan(field, view)) {
    for (const label of page) if (isSelected(label, selection, () => true)) count++;
  }
  return count;
}

const isTaken = ({ geometry, label }: LabelFacts['counts'][number], selection: FieldSelection): boolean =>
  (selection.geometry === null || selection.geometry === geometry) &&
  (selection.classes === null || (label !== null && selection.classes.includes(label)));

/** From the first samples, scaled up to all; clips and frames are counted with the video that they are of. */
async function mediaSize(
  storage: Storage,
  { id }: Dataset,
  view: View | null,
): Promise<Pick<Plan, 'bytes' | 'samplesOfUnknownSize'>> {
  const of = view ? { view } : {};
  const total = await storage.samples.count(id, of);
  let [bytes, seen, known, after]: [number, number, number, string | null] = [0, 0, 0, null];
  while (seen < samplesLookedAt) {
    const { items, hasMore } = await storage.samples.list(id, { first: pageSize, after }, of);
    const sizes = items.map(({ item }) => item.metadata?.size_bytes).filter((size) => typeof size === 'number');
    bytes += sizes.reduce((sum, size) => sum + size, 0);
    known += sizes.length;
    seen += items.length;
    after = items.at(-1)?.cursor ?? null;
    if (!hasMore) break;
  }
  if (known === 0) return { bytes: null, samplesOfUnknownSize: total };
  const scale = Math.max(1, total / seen);
  return { bytes: Math.round(bytes * scale), samplesOfUnknownSize: Math.round((seen - known) * scale) };
}
