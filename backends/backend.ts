import type { FieldLabelSchema, LabelSchema } from '../domain/label-schema/types.js';
import type {
  Json,
  JsonObject,
  LabelClass,
  LabelDocument,
  LabelType,
  Mask,
  MediaType,
  ReturnType,
  ScalarType,
} from '../domain/labels/index.js';
import type { TaskState } from '../domain/run/states.js';

/**
 * A place where people annotate: CVAT, Label Studio, Labelbox, a folder, or one of your own.
 *
 * After a crash the daemon repeats the last call, so every verb is safe to repeat. `RunWork` and `TaskWork` carry the
 * remote state kept for this run or task, `checkpoint` to save it midway (refused when the lease is lost), and a signal
 * that aborts when the lease is lost or the daemon stops: give up promptly. Throw a `BackendError` that says whether
 * trying again can help; anything else counts as a bug.
 */
export interface Backend {
  /** Makes the remote project with its labels. Repeated, finds the same one. */
  prepare(run: RunWork): Promise<void>;

  /** Sends a task's samples and labels, and checks that they arrived. Repeated, completes what is missing. */
  upload(task: TaskWork): Promise<void>;

  /** Tells what moved since `cursor` (null: from the start). Changes nothing; costs requests in proportion to what moved. */
  changes(run: RunWork, cursor: Json): Promise<Changes>;

  /** Streams what the annotators made, sample by sample, in any order. */
  download(task: TaskWork): AsyncIterable<ReturnedSample>;

  /** Deletes what this run created, and nothing else. Finding nothing to delete is a success. */
  cleanup(run: RunWork): Promise<void>;

  /** Lets go of connections and timers. */
  close?(): Promise<void>;
}

/** The run as an adapter sees it. */
export interface RunWork {
  /** The run's random id, 24 hex digits: name remote things after it. */
  readonly runId: string;
  readonly annoKey: string;
  readonly datasetName: string;
  readonly mediaType: MediaType;
  readonly labelSchema: LabelSchema;
  /** The type of each field of the label schema in the dataset, e.g. `Detections`; absent for new fields. */
  readonly fieldTypes: Readonly<Record<string, string>>;
  /** Public parameters as frozen at `annotate`, then the secrets resolved where the step runs. */
  readonly parameters: Readonly<Record<string, Json>>;
  readonly taskCount: number;
  /** The adapter's own state, as last saved; null at first. */
  readonly state: JsonObject | null;
  /** Saves the adapter's state and, where given, the editor's address, under the lease. Throws when the lease is lost. */
  checkpoint(state: JsonObject, shown?: { readonly editorUrl?: string }): Promise<void>;
  readonly signal: AbortSignal;
  /** Where the backend may keep files of its own (below the data folder), made if missing. */
  readonly dataFolder: string;
  /** Writes one line to the daemon's log, with run and backend attached. */
  log(message: string, nouns?: Record<string, unknown>): void;
}

/** A task as an adapter sees it. */
export interface TaskWork {
  readonly run: RunWork;
  /** From 0; stable over retries. */
  readonly part: number;
  /** The task's unit ids in order, without their content. */
  readonly unitIds: readonly string[];
  readonly state: JsonObject | null;
  checkpoint(
    state: JsonObject,
    shown?: { readonly remoteId?: string; readonly editorUrl?: string; readonly revision?: string },
  ): Promise<void>;
  /** The units of the task with their labels as sent, streamed in order; each call starts from the beginning. */
  units(): AsyncIterable<TaskUnit>;
  /**
   * The real path of a local media file that may be read: call it before opening `mediaPath`. Throws
   * MEDIA_OUTSIDE_ROOTS for a file outside the data folder and the operator's media roots, UNREADABLE_MEDIA for one that
   * is not there.
   */
  readable(path: string): Promise<string>;
  /** The pixels of a stored mask, by the hash that stands in a label's `mask`. */
  mask(hash: string): Promise<Mask>;
  readonly signal: AbortSignal;
}

/** One sample (or frame, or clip) to annotate. */
export interface TaskUnit {
  /** Id to return it by: the sample's, the frame's (frames view) or the clip's (clips view). */
  readonly id: string;
  readonly sampleId: string;
  /** Absolute path (or URL) of the media to show: of the run's `mediaField`. */
  readonly mediaPath: string;
  readonly mediaType: MediaType;
  /** In a frames view: the frame (from 1) that the unit is. Its media is the frame's own image or, where there is none, the video. */
  readonly frame?: number;
  /** Pixels; null while unknown. */
  readonly width: number | null;
  readonly height: number | null;
  readonly frameRate: number | null;
  readonly frameCount: number | null;
  /** First and last frame of a clip, from 1, inclusive; null for a whole sample. */
  readonly support: readonly [number, number] | null;
  /** Per field of the label schema. Frame fields have `frames`, others `labels` or `value`. */
  readonly fields: Readonly<Record<string, SentField>>;
}

export interface SentField {
  readonly schema: FieldLabelSchema;
  readonly labelClass: LabelClass | null;
  /** Labels of an image or sample-level field; absent for frame fields and scalars. */
  readonly labels?: readonly LabelDocument[];
  /** A scalar's value. */
  readonly value?: Json;
  /** Frame fields: by frame number (from 1), frames without labels left out. */
  readonly frames?: ReadonlyMap<number, { readonly labels?: readonly LabelDocument[]; readonly value?: Json }>;
}

/** What moved since a cursor. */
export interface Changes {
  readonly tasks: readonly TaskChange[];
  /** Where to continue; opaque JSON of the adapter's own. */
  readonly cursor: Json;
}

export interface TaskChange {
  readonly part: number;
  readonly state: TaskState;
  /** The backend's own word for the state. */
  readonly rawState: string;
  /** Changes when the remote work changes: a task is loaded again only when this differs from what was loaded. */
  readonly revision: string;
  readonly assignee?: string | null;
  readonly editorUrl?: string;
}

/** What came back for one unit. */
export interface ReturnedSample {
  /** The unit's id as it was sent. */
  readonly id: string;
  /** Whether everything of the unit that was sent is accounted for: only then is a missing label a deleted one. */
  readonly complete: boolean;
  /** By field of the label schema ("" for none), then by return type. A field that is not here came back empty. */
  readonly fields: Readonly<Record<string, Partial<Readonly<Record<ReturnType, ReturnedField>>>>>;
  /** Who worked on it, where the backend knows. */
  readonly annotator?: string | null;
}

/** Exactly one of the members is given. */
export interface ReturnedField {
  readonly labels?: readonly ReturnedDocument[];
  readonly value?: Json;
  /** By frame number, from 1. */
  readonly frames?: ReadonlyMap<number, { readonly labels?: readonly ReturnedDocument[]; readonly value?: Json }>;
}

/** A label that came back. */
export interface ReturnedDocument {
  /** Our label's id where it is known for sure; null for a new label. */
  readonly id: string | null;
  /** Members as in `LabelDocument`. `mask` may be pixels (`Mask`) or the hash that was sent. */
  readonly document: LabelDocument | (Omit<LabelDocument, 'mask'> & { mask?: Mask | string | null });
}

/** What a backend can show and bring home: data, so that it can be listed and checked without connecting. */
export interface Capabilities {
  readonly mediaTypes: readonly MediaType[];
  readonly labelTypes: readonly LabelType[];
  readonly scalarTypes: readonly ScalarType[];
  readonly attributeTypes: readonly string[];
  /** Attribute types that need `values`. */
  readonly attributeTypesWithValues: readonly string[];
  readonly keyframes: boolean;
  readonly clips: boolean;
  /** Fields of whole videos, beside those of frames. */
  readonly videoSampleFields: boolean;
  readonly requiresLabelSchema: boolean;
  /** Whether existing labels can be sent. */
  readonly existingLabels: boolean;
  readonly reviews: boolean;
  readonly webhooks: boolean;
  /** Relative error that the backend's own rounding may bring to coordinates (0: exact). A function of the parameters where it depends on them. */
  readonly tolerance: number;
}

/** One parameter of a backend, as `annotate(parameters)` and the annotation config name it. */
export interface ParameterDescription {
  readonly name: string;
  readonly description: string;
  readonly default: Json;
  /** Never stored with the run, never shown. */
  readonly secret: boolean;
}

/** What the registry holds of each backend: plain data and pure functions. The adapter loads on first use. */
export interface BackendDescriptor {
  readonly capabilities: Capabilities;
  readonly parameters: readonly ParameterDescription[];
  /** Whether parameters that are not described are refused (`false`, as the reference does, keeps them with the run). */
  readonly strictParameters?: boolean;
  /** The tool for an attribute of which only a name and perhaps one value are known. */
  recommendAttribute(name: string, value: Json): { type: string; values?: Json[] };
  /** Checks that belong to this backend alone; returns what is wrong, in words that say what to do. */
  checkLabelSchema?(labelSchema: LabelSchema): readonly string[];
  /** Overrides `capabilities.tolerance` for the run's parameters. */
  toleranceFor?(parameters: Readonly<Record<string, Json>>): number;
  /** Loads the adapter. Null: the descriptor is here, the adapter is not (yet). */
  readonly load: (() => Promise<() => Backend>) | null;
}
