import type { Json, LabelDocument, Mask } from '../../domain/labels/index.js';
import type { SentField, TaskUnit } from '../backend.js';
import { type MaskRuns, runsOfMask } from './mask-runs.js';

/** One line of `labels.jsonl`: one sample with what is to be annotated on it. */
export interface FolderLine {
  /** What the sample is returned by: keep it. */
  id: string;
  sample: string;
  /** Absolute path or address; relative to the task's folder where media are linked or copied. */
  media: string;
  mediaType: string;
  width: number | null;
  height: number | null;
  /** The unit is this one frame (from 1) of the video. */
  frame?: number;
  frameRate?: number;
  frameCount?: number;
  /** First and last frame of a clip, from 1. */
  support?: readonly number[];
  /** `false`: not all of the sample was looked at, so nothing that is missing counts as deleted. */
  complete?: boolean;
  annotator?: string | null;
  fields: Record<string, FolderField>;
}

/** One field of a sample. `labels` or `value`; both by frame number in `frames` for fields of frames. */
export interface FolderField {
  labels?: FolderLabel[] | null;
  value?: Json;
  frames?: Record<string, FolderLabel[] | Json> | null;
}

/** A label under FiftyOne's member names. Without `id` (or with one that is not 24 hex digits) it is a new one. */
export type FolderLabel = Omit<LabelDocument, 'mask'> & { mask?: MaskRuns | string | null };

/** The line of a unit. `media` is how the line names the media, `mask` reads the pixels of a stored mask. */
export async function lineOfUnit(
  unit: TaskUnit,
  media: string,
  mask: (hash: string) => Promise<Mask>,
): Promise<FolderLine> {
  const fields: [string, FolderField][] = [];
  for (const [name, field] of Object.entries(unit.fields)) fields.push([name, await fieldOut(field, mask)]);
  return {
    id: unit.id,
    sample: unit.sampleId,
    media,
    mediaType: unit.mediaType,
    width: unit.width,
    height: unit.height,
    ...(unit.frame === undefined ? {} : { frame: unit.frame }),
    ...(unit.frameRate === null ? {} : { frameRate: unit.frameRate }),
    ...(unit.frameCount === null ? {} : { frameCount: unit.frameCount }),
    ...(unit.support === null ? {} : { support: unit.support }),
    fields: Object.fromEntries(fields),
  };
}

type ReadMask = (hash: string) => Promise<Mask>;

async function fieldOut(field: SentField, mask: ReadMask): Promise<FolderField> {
  if (field.frames !== undefined) {
    const frames: [string, FolderLabel[] | Json][] = [];
    for (const [number, { labels, value }] of field.frames)
      frames.push([String(number), labels === undefined ? (value ?? null) : await labelsOut(field, labels, mask)]);
    return { frames: Object.fromEntries(frames) };
  }
  if (field.labels !== undefined) return { labels: await labelsOut(field, field.labels, mask) };
  return { value: field.value ?? null };
}

async function labelsOut(field: SentField, labels: readonly LabelDocument[], mask: ReadMask): Promise<FolderLabel[]> {
  if (field.labelClass !== 'Detection' && field.labelClass !== 'Segmentation') return [...labels];
  const result: FolderLabel[] = [];
  for (const label of labels)
    result.push(typeof label.mask === 'string' ? { ...label, mask: runsOfMask(await mask(label.mask)) } : label);
  return result;
}
