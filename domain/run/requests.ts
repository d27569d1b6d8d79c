import type { Json, JsonObject, ReturnType } from '../labels/index.js';
import type { ConflictPolicy } from '../merge/types.js';
import type { View } from '../view/view.js';

/**
 * What an operation's row says was asked for: one shape per kind. The server writes them, after checking all that can
 * be checked at once; the daemon reads them and carries them out. They are JSON and never hold a secret.
 */

/** Imports are told apart by `what`: a dataset file, media alone, or labels for samples that are there. */
export type ImportRequest = ImportDatasetRequest | ImportMediaRequest | ImportLabelsRequest;

export interface ImportDatasetRequest {
  readonly what: 'dataset';
  /** Name of a format, e.g. `fiftyone` or `coco`. */
  readonly format: string;
  /** Folder or file on the machine of the daemon. */
  readonly path: string;
  /** Name of the dataset to make; null: the name in the file, else that of the folder. */
  readonly name: string | null;
  /** Folder that relative media paths are joined to; null: the format's own rule. */
  readonly mediaRoot: string | null;
  /** Whether a dataset of that name may exist: its samples stay, new ones are added. Else DATASET_EXISTS. */
  readonly extend: boolean;
  /** Choices of the format's own. */
  readonly options: JsonObject;
}

export interface ImportMediaRequest {
  readonly what: 'media';
  /** The dataset to extend; it is made if it does not exist. */
  readonly dataset: string;
  /** Files and folders on the machine of the daemon; folders are searched with all below them. */
  readonly paths: readonly string[];
  /** Tags that each new sample gets. */
  readonly tags: readonly string[];
}

export interface ImportLabelsRequest {
  readonly what: 'labels';
  /** The dataset whose samples get labels; it exists. */
  readonly dataset: string;
  readonly format: string;
  readonly path: string;
  /** The field that receives the labels; null: the names that the file gives. */
  readonly field: string | null;
  /** What names a sample in the file: its id, or its media path. */
  readonly match: 'ID' | 'PATH';
  readonly mediaRoot: string | null;
  readonly options: JsonObject;
}

export interface ExportRequest {
  readonly format: string;
  /** Folder on the machine of the daemon; made if missing, refused if it holds something. */
  readonly path: string;
  readonly view: View | null;
  /** Fields to write; null: all that the format can hold. */
  readonly fields: readonly string[] | null;
  /** Media below this folder are named relative to it; null: absolute paths. */
  readonly mediaRoot: string | null;
  readonly options: JsonObject;
}

/** What becomes of labels whose type the label schema does not know. */
export type UnexpectedRule =
  /** HOLD: stored for a decision (default). KEEP: merged into a field named after the type. IGNORE: dropped, counted. RETURN: stored with the load, readable by page, not merged. */
  | 'HOLD'
  | 'KEEP'
  | 'IGNORE'
  | 'RETURN'
  /** These types as with KEEP, others as with IGNORE. */
  | readonly ReturnType[]
  /** Each type into the field named, others as with IGNORE. */
  | { readonly [type in ReturnType]?: string };

export interface LoadRequest {
  /** Another field to write to: one name (runs of one field only), or a map from field to field. Null: the run's own fields. */
  readonly destField: string | Readonly<Record<string, string>> | null;
  readonly unexpected: UnexpectedRule;
  /** FINISHED: tasks that the backend calls completed. ALL: whatever is there. Or ids of tasks. */
  readonly tasks: 'FINISHED' | 'ALL' | readonly number[];
  /** Only samples of this view; null: all of the run's. */
  readonly view: View | null;
  /** Whether the remote work is deleted after the last page is committed; never after a failure. */
  readonly cleanup: boolean;
  readonly policy: ConflictPolicy;
  /** FiftyOne's last-writer behaviour throughout. */
  readonly compatible: boolean;
}

/** Takes back what an operation (a load) changed; labels changed since stay and are counted. */
export interface RevertRequest {
  readonly operationId: number;
}

/** Deletes what the run created at the backend. */
export type CleanupRequest = Record<string, never>;

/** Deletes the dataset with all that hangs on it, in steps. */
export type DeleteDatasetRequest = Record<string, never>;

/** A request as the operation's row holds it. */
export const requestJson = (
  request: ImportRequest | ExportRequest | LoadRequest | RevertRequest | CleanupRequest | DeleteDatasetRequest,
): JsonObject => JSON.parse(JSON.stringify(request)) as { [key: string]: Json };
