import { basename, extname } from 'node:path';
import type { JsonObject } from '../../domain/labels/index.js';
import type { ImportDatasetRequest } from '../../domain/run/index.js';
import { fillDataset } from './fill-dataset.js';
import type { ImportJob } from './import-job.js';
import { openSource } from './open-source.js';

/** Reads a dataset file into a new dataset, or adds its samples to one that is there. */
export function importDataset(job: ImportJob<ImportDatasetRequest>): Promise<JsonObject> {
  const { request } = job;
  return fillDataset(job, {
    open: () => openSource(job, request),
    name: request.name,
    fallbackName: basename(request.path, extname(request.path)),
    extend: request.extend,
  });
}
