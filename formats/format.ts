import type { Field, JsonObject, PackedMask, WholeFrame, WholeSample } from '../domain/labels/index.js';

/**
 * A dataset file format. Readers and writers stream: memory does not grow with the dataset. Coordinates are relative
 * and frames count from 1 on our side; a format converts at its edge. What a format cannot hold is reported, never
 * dropped silently.
 */
export interface DatasetFormat {
  readonly name: string;
  readonly description: string;
  /** Opens a folder or file for reading. Malformed input throws a `MalformedFileError` with file and path or line. */
  read?(source: ReadSource): Promise<DatasetReader>;
  /** Starts writing below a folder. Nothing is visible under its final name before `finish`. */
  write?(target: WriteTarget): Promise<DatasetWriter>;
}

export interface ReadSource {
  /** Folder or file on this machine. */
  readonly path: string;
  /** Folder that relative media paths are joined to; default: the format's own rule. */
  readonly mediaRoot: string | null;
  /** Format-specific choices, e.g. `labelField`, `labelTypes` for COCO. */
  readonly options: JsonObject;
  /** Takes the zlib stream of a mask's `.npy` bytes and gives its hash back, to put into the label's geometry. */
  readonly masks: MaskIntake;
  readonly signal: AbortSignal;
}

export interface MaskIntake {
  /** Packs pixels. */
  pack(mask: import('../domain/labels/index.js').Mask): PackedMask;
  /** Names bytes that are packed already (zlib stream of `.npy`), keeping them as they are. */
  name(bytes: Uint8Array): PackedMask;
}

/** What is known of a dataset before its samples. */
export interface DatasetHeader {
  readonly name: string | null;
  readonly mediaType: string;
  readonly fields: readonly Field[];
  /** The rest of the dataset's document (FiftyOne's metadata.json without what we model), kept as it came. */
  readonly document: JsonObject | null;
  readonly persistent: boolean;
  readonly maskTargets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly defaultMaskTargets: Readonly<Record<string, string>> | null;
  readonly groupField: string | null;
  readonly groupMediaTypes: Readonly<Record<string, string>>;
  readonly defaultGroupSlice: string | null;
  /** Annotation runs in FiftyOne's own form: key to {entry, results}. */
  readonly runs: Readonly<Record<string, { readonly entry: JsonObject; readonly results: JsonObject | null }>>;
}

export interface ReadItem<T> {
  readonly item: T;
  /** Masks that the item's labels name, to be stored in the same transaction. */
  readonly masks: readonly PackedMask[];
}

export interface DatasetReader {
  readonly header: DatasetHeader;
  samples(): AsyncIterable<ReadItem<WholeSample>>;
  /** Frames, after the samples; empty where the dataset has no videos. */
  frames(): AsyncIterable<ReadItem<WholeFrame>>;
  /** What was found on the way that the dataset cannot hold or that looked wrong; complete when reading is done. */
  report(): readonly ReportLine[];
  close(): Promise<void>;
}

export interface WriteTarget {
  readonly folder: string;
  readonly header: DatasetHeader;
  /** Fields to write; all where null. */
  readonly fields: readonly string[] | null;
  /** `paths`: media stay where they are and are named relative to `mediaRoot` where below it, else absolute. */
  readonly mediaRoot: string | null;
  readonly options: JsonObject;
  /** The stored bytes of a mask (zlib stream of `.npy`). */
  mask(hash: string): Promise<Uint8Array>;
  readonly signal: AbortSignal;
}

export interface DatasetWriter {
  sample(sample: WholeSample): Promise<void>;
  /** Called after all samples, in (sample, number) order. */
  frame(frame: WholeFrame): Promise<void>;
  /** Moves everything to its final name and tells what could not be held. */
  finish(): Promise<readonly ReportLine[]>;
  /** Removes what was written so far. */
  abandon(): Promise<void>;
}

/** One thing worth knowing, counted: e.g. 12 labels of field "x" had confidences, which COCO cannot hold. */
export interface ReportLine {
  readonly code: string;
  readonly message: string;
  readonly field: string | null;
  readonly count: number;
}
