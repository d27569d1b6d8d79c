import type { JsonObject } from './canonical-json.js';
import type { FieldValue } from './field.js';

export type MediaType = 'image' | 'video' | '3d' | 'point-cloud';

/** An image or video of a dataset. */
export interface Sample {
  /** 24 hex digits. */
  readonly id: string;
  /** Where the media is: absolute, or relative to the media root given at import. */
  readonly path: string;
  readonly mediaType: MediaType;
  /** Width and height in pixels, null while unknown. */
  readonly width: number | null;
  readonly height: number | null;
  /** FiftyOne's metadata document (ImageMetadata, VideoMetadata), kept as it came. */
  readonly metadata: JsonObject | null;
  readonly tags: readonly string[];
  /** Where the sample is one slice of a group. */
  readonly group: { readonly id: string; readonly slice: string } | null;
  /** Members of the sample's document that are no field of ours (`created_at`, `_rand`, ...), kept as they came. */
  readonly extra: JsonObject | null;
}

/** One frame of a video, numbered from 1. */
export interface Frame {
  readonly id: string;
  readonly number: number;
  /** Members of the frame's document that are no field of ours. */
  readonly extra: JsonObject | null;
}

/** A sample with everything in it, as formats read and write it. Field names carry no `frames.` prefix inside frames. */
export interface WholeSample extends Sample {
  readonly fields: ReadonlyMap<string, FieldValue>;
}

export interface WholeFrame extends Frame {
  readonly sampleId: string;
  readonly fields: ReadonlyMap<string, FieldValue>;
}
