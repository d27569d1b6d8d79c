import type { LabelSchema } from '../../domain/label-schema/types.js';
import type { Json, JsonObject, MediaType } from '../../domain/labels/index.js';
import type { RunSelection, RunState, Warning, WorkError } from '../../domain/run/index.js';
import type { View } from '../../domain/view/view.js';
import { hexOfBytes } from '../dialect.js';
import { parsed } from '../json-columns.js';
import type { RunRecord } from '../stores.js';

export interface RunRow {
  readonly id: number;
  readonly hex: Uint8Array;
  readonly dataset_id: number;
  readonly anno_key: string;
  readonly backend: string;
  readonly state: string;
  readonly label_schema: string;
  readonly media_field: string;
  readonly media_type: string;
  readonly parameters: string;
  readonly view: string | null;
  readonly selection: string;
  readonly frozen_at: number;
  readonly created_at: number;
  readonly error: string | null;
  readonly warnings: string;
  readonly sample_count: number;
  readonly task_count: number;
  readonly remote: string | null;
  readonly cursor: string | null;
  readonly editor_url: string | null;
  readonly launch_editor: number;
}

export const runColumns = `id, hex, dataset_id, anno_key, backend, state, label_schema, media_field, media_type, parameters, view,
  selection, frozen_at, created_at, error, warnings, sample_count, task_count, remote, cursor, editor_url, launch_editor`;

export const runOfRow = (row: RunRow): RunRecord => ({
  key: row.id,
  id: hexOfBytes(row.hex),
  datasetId: row.dataset_id,
  annoKey: row.anno_key,
  backend: row.backend,
  state: row.state as RunState,
  labelSchema: JSON.parse(row.label_schema) as LabelSchema,
  mediaField: row.media_field,
  mediaType: row.media_type as MediaType,
  parameters: JSON.parse(row.parameters) as JsonObject,
  view: parsed<View>(row.view),
  selection: JSON.parse(row.selection) as RunSelection,
  frozenAt: row.frozen_at,
  createdAt: row.created_at,
  error: parsed<WorkError>(row.error),
  warnings: JSON.parse(row.warnings) as Warning[],
  sampleCount: row.sample_count,
  taskCount: row.task_count,
  remote: parsed<JsonObject>(row.remote),
  cursor: parsed<Json>(row.cursor),
  editorUrl: row.editor_url,
  launchEditor: row.launch_editor === 1,
});

/** The run's own number, looked up by its public id: one parameter. */
export const runKey = '(SELECT r.id FROM run r WHERE r.hex = ?)';
