import type { LabelSchema } from '../label-schema/types.js';
import type { Json, JsonObject, MediaType } from '../labels/index.js';
import type { LabelFilter } from '../view/label-filter.js';
import type { View } from '../view/view.js';
import type { OperationKind, OperationState, RunState, TaskState } from './states.js';

/** An annotation run, as the table holds it. Times are milliseconds since 1970 (UTC). */
export interface Run {
  /** Random, never changes; remote things are named after it. 24 hex digits. */
  readonly id: string;
  readonly datasetId: number;
  readonly annoKey: string;
  readonly backend: string;
  readonly state: RunState;
  /** The resolved label schema; a key "" stands for "no field" (backends that bring their own label schema). */
  readonly labelSchema: LabelSchema;
  readonly mediaField: string;
  readonly mediaType: MediaType;
  /** Public parameters of the backend, frozen at `annotate`. Secrets are never among them. */
  readonly parameters: JsonObject;
  readonly view: View | null;
  /** What the run takes of each field, so that membership can be read again from history. */
  readonly selection: RunSelection;
  /** The event number that the membership refers to. */
  readonly frozenAt: number;
  readonly createdAt: number;
  readonly error: WorkError | null;
  readonly warnings: readonly Warning[];
  readonly sampleCount: number;
  readonly taskCount: number;
  /** The adapter's opaque state for the run. */
  readonly remote: JsonObject | null;
  readonly cursor: Json;
  readonly editorUrl: string | null;
  readonly launchEditor: boolean;
}

/** How the samples of a run are presented to annotators. */
export type RunUnit = 'sample' | 'frame' | 'clip';

/** What a run takes: which labels of each field were sent. Evaluated on the labels as of `frozenAt`. */
export interface RunSelection {
  readonly unit: RunUnit;
  /** Per field of the label schema (by the name of the dataset's field). */
  readonly fields: Readonly<Record<string, FieldSelection>>;
}

/** Which labels of a field belong to a run. All given conditions must hold. */
export interface FieldSelection {
  /** Only labels of these classes; null: any class. */
  readonly classes: readonly string[] | null;
  /** Where a field can hold two geometries: only labels with / without mask, filled / not filled. */
  readonly geometry: 'masked' | 'unmasked' | 'filled' | 'open' | null;
  /** Only labels that the view's label filters let pass. */
  readonly filter: LabelFilter | null;
  /** Only labels named one by one (patches, select_labels): they are rows of their own in storage. */
  readonly listed: boolean;
}

export interface Task {
  readonly id: number;
  readonly runId: string;
  /** From 0, in the order of the run's samples. */
  readonly part: number;
  readonly state: TaskState;
  readonly rawState: string | null;
  readonly sampleCount: number;
  readonly remote: JsonObject | null;
  readonly remoteId: string | null;
  readonly editorUrl: string | null;
  readonly assignee: string | null;
  /** What the remote says about its version of the work; compared with `loadedRevision`. */
  readonly revision: string | null;
  readonly loadedRevision: string | null;
  readonly error: WorkError | null;
  readonly updatedAt: number;
}

/** A long piece of work. */
export interface Operation {
  readonly id: number;
  readonly kind: OperationKind;
  readonly state: OperationState;
  readonly datasetId: number | null;
  readonly runId: string | null;
  /** What was asked for; its shape belongs to the kind. */
  readonly request: JsonObject;
  readonly progress: JsonObject;
  readonly result: JsonObject | null;
  readonly error: WorkError | null;
  readonly attempts: number;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly firstEvent: number | null;
  readonly lastEvent: number | null;
}

/** Why a piece of work failed, as users see it. */
export interface WorkError {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

/** Something that was done otherwise than asked, and why. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly field: string | null;
}

/** A piece of work that daemons claim: a run's own step, a task's step or an operation. */
export type WorkKind = 'run' | 'task' | 'operation';

export interface WorkItem {
  readonly kind: WorkKind;
  /** The run's id, the task's or the operation's number as text. */
  readonly id: string;
  readonly attempts: number;
}

/** The right to work on an item until `trustedUntil`; every write of its holder names the token. */
export interface Lease {
  readonly item: WorkItem;
  readonly token: string;
  /** Milliseconds since 1970; counted from the moment we asked and shorter than the row's expiry. */
  readonly trustedUntil: number;
}
