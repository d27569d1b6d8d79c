import { InvalidArgumentError } from '../errors/base.js';
import type { JsonObject } from '../labels/index.js';
import type { Run } from './run.js';

/** A task of images is cut here even where nobody asked for it: one task must fit into one upload. */
const mostImages = 10_000;

/**
 * How many samples go into one task: the parameter `task_size`, else one video, else as many images as fit. Throws
 * INVALID_ARGUMENT where `task_size` is no whole number above 0.
 */
export function taskSizeOf({ mediaType, parameters }: { parameters: JsonObject; mediaType: Run['mediaType'] }): number {
  const wanted = parameters.task_size ?? null;
  if (wanted === null) return mediaType === 'video' ? 1 : mostImages;
  if (typeof wanted === 'number' && Number.isInteger(wanted) && wanted > 0) return wanted;
  throw new InvalidArgumentError(
    'task_size',
    `The task size is ${JSON.stringify(wanted)}; expected a whole number above 0.`,
  );
}
