import { isAbsolute, join, resolve } from 'node:path';
import { BackendError } from '../../domain/errors/index.js';
import type { Json } from '../../domain/labels/index.js';
import type { ParameterDescription } from '../backend.js';

/** How the media of a task are shown to those who annotate. */
export const mediaModes = ['path', 'link', 'copy'] as const;
export type MediaMode = (typeof mediaModes)[number];

/** The parameters of this backend, as `annotate(parameters)` and the annotation config name them. */
export const folderParameters: readonly ParameterDescription[] = [
  {
    name: 'folder',
    description:
      'Where the folders of the runs are made. A relative path starts at the folder "backends/folder" in the data folder; default: "outbox" there.',
    default: null,
    secret: false,
  },
  {
    name: 'task_size',
    description: 'How many images go into one task. A video always has a task of its own. Default: all in one task.',
    default: null,
    secret: false,
  },
  {
    name: 'precision',
    description:
      'Decimals of coordinates and other numbers that the editing program keeps, 0 to 12. A number that differs by no more than half of the last decimal counts as unchanged.',
    default: 4,
    secret: false,
  },
  {
    name: 'media',
    description:
      'How media are named in the tasks: "path" is the absolute path, "link" puts a symbolic link into the task\'s folder, "copy" a copy.',
    default: 'path',
    secret: false,
  },
];

const defaultPrecision = 4;
const isPrecision = (value: Json | undefined): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 12;

/**
 * How far a number may be off and still count as what was sent: half of the last decimal that is kept, and a little
 * more for the binary fraction. A precision that is not usable counts as the default; `prepare` refuses it.
 */
export function toleranceOf(parameters: Readonly<Record<string, Json>>): number {
  const precision = isPrecision(parameters.precision) ? parameters.precision : defaultPrecision;
  return 0.5 * 10 ** -precision + 1e-12;
}

/** Parameters as the adapter uses them. */
export interface FolderParameters {
  /** Absolute path of the folder that holds the runs' folders. */
  readonly outbox: string;
  readonly precision: number;
  readonly media: MediaMode;
}

/** Checks the run's parameters. Throws a `BackendError` that names the parameter and what it may be. */
export function readParameters(parameters: Readonly<Record<string, Json>>, dataFolder: string): FolderParameters {
  const { folder = null, precision = null, media = null } = parameters;
  if (folder !== null && (typeof folder !== 'string' || folder === '')) throw unusable('folder', folder, 'a path');
  if (precision !== null && !isPrecision(precision)) throw unusable('precision', precision, 'a whole number, 0 to 12');
  if (media !== null && !isMediaMode(media)) throw unusable('media', media, mediaModes.join(', '));
  return {
    outbox: outboxOf(folder, dataFolder),
    precision: precision ?? defaultPrecision,
    media: media ?? 'path',
  };
}

const isMediaMode = (value: Json): value is MediaMode => (mediaModes as readonly Json[]).includes(value);

function outboxOf(folder: string | null, dataFolder: string): string {
  if (folder === null) return join(dataFolder, 'outbox');
  return isAbsolute(folder) ? folder : resolve(dataFolder, folder);
}

const unusable = (name: string, value: Json, expected: string): BackendError =>
  new BackendError(
    'folder',
    'read its parameters',
    `"${name}" is ${JSON.stringify(value)}, but must be one of: ${expected}. Start the run again with a usable value.`,
    { retryable: false },
  );
