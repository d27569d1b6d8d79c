import type { Json, JsonObject } from '../../domain/labels/index.js';
import type { Operation } from '../../domain/run/index.js';
import type { Storage } from '../../storage/stores.js';
import type { Ending } from '../operation-end.js';

/** What an import did over all its attempts. */
export interface ImportTotals {
  readonly samples: number;
  readonly frames: number;
  readonly labels: number;
  /** Labels that were there already and got another content. Only imports of labels. */
  readonly updated: number;
}

/**
 * What an import must remember to be continued by another process. How far the file was read is not among it: samples
 * that are there already are passed over, whatever happened to the file meanwhile.
 */
export interface ImportCursor {
  /** Null until the dataset is found or made. */
  readonly datasetId: number | null;
  /** Whether this import made the dataset: then it is deleted if the import fails. */
  readonly created: boolean;
  /** Whether everything was read once to see that it is sound, before an existing dataset is touched. */
  readonly checked: boolean;
  readonly totals: ImportTotals;
  /** Set when the import is being taken back. */
  readonly ending: Ending | null;
}

const start: ImportCursor = {
  datasetId: null,
  created: false,
  checked: false,
  totals: { samples: 0, frames: 0, labels: 0, updated: 0 },
  ending: null,
};

export async function readImportCursor(storage: Storage, operation: Operation): Promise<ImportCursor> {
  return ((await storage.operations.cursor(operation.id)) as unknown as ImportCursor | null) ?? start;
}

export const cursorJson = (cursor: ImportCursor): Json => cursor as unknown as JsonObject;
export const totalsJson = ({ samples, frames, labels, updated }: ImportTotals): JsonObject => ({
  samples,
  frames,
  labels,
  updated,
});
