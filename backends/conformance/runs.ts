import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, LabelDocument, LabelType } from '../../domain/labels/index.js';
import type { BackendDescriptor, SentField, TaskUnit } from '../backend.js';
import { fieldFor, isListKind, isScalarKind, isTracked, LabelMaker, mediaSize, scalarValue } from './labels.js';
import { picture } from './picture.js';
import type { LabelKind, WorkKind } from './stage.js';
import { Work } from './work.js';

/** Where a run's things come from. */
export interface RunSettings {
  readonly descriptor: BackendDescriptor;
  readonly parameters: Readonly<Record<string, Json>>;
  readonly dataFolder: string;
  readonly mediaFolder: string;
  readonly video: string | null;
}

const frameCount = 5;

/** The plainest label type that a backend has: the one that the suite uses where the type does not matter. */
export function plainestKind({ capabilities }: BackendDescriptor): LabelKind {
  const wanted: readonly LabelType[] = ['detections', 'detection', ...capabilities.labelTypes];
  const type = wanted.find((one) => one !== 'scalar' && capabilities.labelTypes.includes(one));
  return (type ?? `scalar ${capabilities.scalarTypes[0] ?? 'string'}`) as LabelKind;
}

/** The name of the field that the suite annotates. */
export const fieldName = (media: 'image' | 'video'): string => (media === 'video' ? 'frames.truth' : 'truth');

/**
 * Makes a run in memory: of images, two tasks of three samples, of which the second holds no label; of videos, two
 * tasks of one video, of which frames 1 to 3 hold labels.
 */
export function makeWork(kind: WorkKind, settings: RunSettings): Work {
  const { media = 'image', labels = plainestKind(settings.descriptor) } = kind;
  const runId = randomBytes(12).toString('hex');
  const { capabilities } = settings.descriptor;
  const maker = new LabelMaker(capabilities);
  const field = fieldFor(labels, capabilities);
  const name = fieldName(media);
  const sent = (labelsOf: Omit<SentField, 'schema' | 'labelClass'>): Record<string, SentField> => ({
    [name]: { schema: field.schema, labelClass: field.labelClass, ...labelsOf },
  });
  const tasks = [0, 1].map((part) =>
    media === 'video'
      ? [videoUnit(part, settings, sent(framesOf(labels, maker, settings)))]
      : [0, 1, 2].map((n) => imageUnit(part * 3 + n, settings, sent(imageLabels(labels, maker, n)))),
  );
  return new Work({
    runId,
    annoKey: 'conformance',
    mediaType: media,
    labelSchema: { [name]: field.schema },
    fieldTypes: { [name]: field.type },
    parameters: settings.parameters,
    dataFolder: settings.dataFolder,
    tasks,
    masks: maker.masks,
  });
}

function imageLabels(kind: LabelKind, maker: LabelMaker, n: number): Omit<SentField, 'schema' | 'labelClass'> {
  if (isScalarKind(kind)) return { value: n === 1 ? null : scalarValue(kind.slice('scalar '.length), n) };
  if (n === 1) return { labels: [] };
  const count = isListKind(kind) ? 3 : 1;
  return { labels: Array.from({ length: count }, (_, i) => maker.label(kind, i + n)) };
}

type SentFrame = { labels?: readonly LabelDocument[]; value?: Json };

function framesOf(
  kind: LabelKind,
  maker: LabelMaker,
  { descriptor }: RunSettings,
): Omit<SentField, 'schema' | 'labelClass'> {
  const frames = new Map<number, SentFrame>();
  for (const frame of [1, 2, 3]) {
    if (isScalarKind(kind)) frames.set(frame, { value: scalarValue(kind.slice('scalar '.length), frame) });
    else frames.set(frame, { labels: frameLabels(kind, maker, frame, descriptor) });
  }
  return { frames };
}

/** Two objects (one in single fields) on a straight way; where the backend has keyframes, the middle is interpolated. */
function frameLabels(
  kind: LabelKind,
  maker: LabelMaker,
  frame: number,
  { capabilities }: BackendDescriptor,
): LabelDocument[] {
  return Array.from({ length: isListKind(kind) ? 2 : 1 }, (_, i) => {
    const label = maker.label(kind, frame);
    if (kind !== 'segmentation') label.label = i === 0 ? 'cat' : 'dog';
    if (!isTracked(kind)) return label;
    return { ...label, index: i + 1, ...(capabilities.keyframes && frame !== 2 ? { keyframe: true } : {}) };
  });
}

function imageUnit(n: number, { mediaFolder }: RunSettings, fields: TaskUnit['fields']): TaskUnit {
  mkdirSync(mediaFolder, { recursive: true });
  const mediaPath = join(mediaFolder, `picture-${n}.png`);
  writeFileSync(mediaPath, picture(mediaSize.width, mediaSize.height, n));
  return unit(n, mediaPath, 'image', fields);
}

function videoUnit(n: number, { mediaFolder, video }: RunSettings, fields: TaskUnit['fields']): TaskUnit {
  mkdirSync(mediaFolder, { recursive: true });
  const mediaPath = video ?? join(mediaFolder, `video-${n}.mp4`);
  if (video === null) writeFileSync(mediaPath, '');
  return { ...unit(n, mediaPath, 'video', fields), frameRate: 25, frameCount };
}

function unit(n: number, mediaPath: string, mediaType: 'image' | 'video', fields: TaskUnit['fields']): TaskUnit {
  const id = (0x5a0000000000 + n).toString(16).padStart(24, '6');
  return {
    id,
    sampleId: id,
    mediaPath,
    mediaType,
    ...mediaSize,
    frameRate: null,
    frameCount: null,
    support: null,
    fields,
  };
}
