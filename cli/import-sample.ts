import { join } from 'node:path';
import type { Client, Told } from './client.js';
import { queries } from './queries.js';
import { writeSampleDataset } from './sample/sample-dataset.js';

/** Draws the sample dataset below the data folder and imports it. Gives its name. */
export async function importSample(client: Client, dataFolder: string): Promise<string> {
  const path = join(dataFolder, 'sample');
  await writeSampleDataset(path);
  const { importDataset } = await client.ask<{ importDataset: { id: string } }>(queries.importDataset, {
    path,
    name: 'shapes',
  });
  await operationDone(client, importDataset.id, () => {});
  return 'shapes';
}

interface OperationAnswer {
  readonly state: string;
  readonly result: Record<string, unknown> | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** Follows an operation to its end and gives its result. Throws what it failed with. */
export async function operationDone(
  client: Client,
  id: string,
  seen: (event: Told) => void,
): Promise<Record<string, unknown>> {
  const over = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED']);
  await client.follow(queries.operationEvents, { id }, (event) => {
    seen(event);
    return event.kind === 'OPERATION_STATE_CHANGED' && over.has(String(event.detail.to));
  });
  const { operation } = await client.ask<{ operation: OperationAnswer }>(queries.operation, { id });
  if (operation.error !== null) throw new Error(`${operation.error.code}: ${operation.error.message}`);
  return operation.result ?? {};
}
