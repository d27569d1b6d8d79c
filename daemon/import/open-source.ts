import type { JsonObject } from '../../domain/labels/index.js';
import type { DatasetReader } from '../../formats/format.js';
import { formatFor } from '../../formats/registry.js';
import { maskIntake } from '../../storage/mask-codec.js';
import { readablePath } from '../folders.js';
import type { ImportJob } from './import-job.js';

/** What is read, and how. */
export interface Source {
  readonly format: string;
  readonly path: string;
  readonly mediaRoot: string | null;
  readonly options: JsonObject;
}

/** Opens a dataset file or folder that lies where it may be read. Throws UNKNOWN_FORMAT, MEDIA_OUTSIDE_ROOTS and what the format throws. */
export async function openSource(job: ImportJob, source: Source): Promise<DatasetReader> {
  const format = formatFor(source.format, 'read');
  const path = await readablePath(job.context, source.path);
  const { mediaRoot, options } = source;
  return format.read?.({ path, mediaRoot, options, masks: maskIntake, signal: job.signal }) as Promise<DatasetReader>;
}
