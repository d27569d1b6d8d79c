import { attributesOf, geometryOf, type Label, labelClassOf, tagsOf } from '../../domain/labels/index.js';
import type { Operation, Task } from '../../domain/run/index.js';
import type { DatasetType, FieldType } from '../../schema/types/dataset.js';
import type { EventType } from '../../schema/types/event.js';
import type { FindingType, HeldLabelType, OperationType } from '../../schema/types/operation.js';
import type { RunType, TaskType } from '../../schema/types/run.js';
import type { LabelType, SampleType } from '../../schema/types/sample.js';
import type {
  Dataset,
  Event,
  FoundLabel,
  HeldLabel,
  RunRecord,
  StoredField,
  StoredFinding,
  StoredLabel,
  StoredSample,
} from '../../storage/stores.js';

/** What the stores know, as the API shows it. Columns, API fields and rules can then change apart. */

export const datasetShape = ({ id, hex, ...dataset }: Dataset): DatasetType => ({
  key: id,
  id: hex,
  name: dataset.name,
  mediaType: dataset.mediaType,
  persistent: dataset.persistent,
  sampleCount: dataset.sampleCount,
  groupField: dataset.groupField,
  groupMediaTypes: dataset.groupMediaTypes,
  defaultGroupSlice: dataset.defaultGroupSlice,
  maskTargets: dataset.maskTargets,
  defaultMaskTargets: dataset.defaultMaskTargets,
  createdAt: dataset.createdAt,
  modifiedAt: dataset.modifiedAt,
});

export const fieldShape = ({ name, type, labelCount, document }: StoredField): FieldType => ({
  name,
  type,
  labelCount,
  document,
});

/** Where the labels of a sample are read from: now and all, or as a run took them. */
export interface Reading {
  readonly asOf: number | null;
  /** The run whose membership limits the labels of its fields. */
  readonly run: RunRecord | null;
  /** Whether only the fields of the run are read. */
  readonly onlyItsFields: boolean;
}

const now: Reading = { asOf: null, run: null, onlyItsFields: false };

export const sampleShape = (sample: StoredSample, reading: Reading = now): SampleType => ({
  key: sample.key,
  datasetId: sample.datasetId,
  reading,
  id: sample.id,
  path: sample.path,
  mediaType: sample.mediaType,
  width: sample.width,
  height: sample.height,
  metadata: sample.metadata,
  tags: sample.tags,
  group: sample.group,
});

export const labelShape = (
  label: Label & Partial<Pick<StoredLabel, 'validFrom'>>,
  field: Pick<StoredField, 'name' | 'type'>,
  sampleKey: number,
  frame: number,
): LabelType => ({
  sampleKey,
  id: label.id,
  field: field.name,
  labelClass: labelClassOf(field.type),
  label: label.label,
  frame,
  geometry: geometryOf(label),
  attributes: attributesOf(label),
  index: label.index,
  confidence: label.confidence,
  tags: tagsOf(label),
  validFrom: label.validFrom ?? null,
});

export const foundLabelShape = ({ label, field, sampleKey }: FoundLabel): LabelType =>
  labelShape(label, field, sampleKey, label.frame);

export const runShape = ({
  key: _key,
  cursor: _cursor,
  remote: _remote,
  selection: _selection,
  ...run
}: RunRecord): RunType => run;

export const taskShape = ({ remote: _remote, id, ...task }: Task): TaskType => ({ ...task, id: String(id) });

export const operationShape = ({ id, ...operation }: Operation): OperationType => ({ ...operation, id: String(id) });

export const findingShape = ({ id, operationId, runId: _runId, ...finding }: StoredFinding): FindingType => ({
  ...finding,
  id: String(id),
  operationId: String(operationId),
});

export const heldLabelShape = ({ id, operationId, runId: _runId, ...held }: HeldLabel): HeldLabelType => ({
  ...held,
  id: String(id),
  operationId: String(operationId),
});

export const eventShape = ({ number, at, kind, runId, operationId, detail }: Event): EventType => ({
  number,
  at,
  kind,
  runId,
  operationId: operationId === null ? null : String(operationId),
  detail,
});
