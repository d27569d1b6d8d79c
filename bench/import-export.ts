import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openStorage } from '../storage/open-storage.js';
import { type Measured, measured } from './measure.js';
import { makeDataset } from './prepare.js';
import { ask, type World, withDaemon } from './world.js';

/** The daemon's import of a FiftyOneDataset folder. */
export async function importLabels(
  options: World & { readonly path: string },
): Promise<Measured & { databaseBytes: number }> {
  const took = await withDaemon(options, ({ context }) =>
    measured(async () => {
      const request = {
        what: 'dataset',
        format: 'fiftyone',
        path: options.path,
        name: 'imported',
        mediaRoot: null,
        extend: false,
        options: {},
      };
      await ask(context.storage, 'IMPORT', request, {});
    }),
  );
  return { ...took, databaseBytes: await databaseBytes(options) };
}

const databaseBytes = async ({ databaseUrl }: World): Promise<number> =>
  databaseUrl.startsWith('postgres') ? 0 : (await stat(databaseUrl)).size;

/** Makes a dataset and exports it as a FiftyOneDataset folder with the daemon. */
export async function exportLabels(
  options: World & { readonly labels: number; readonly path: string; readonly make: boolean },
): Promise<Measured | null> {
  if (options.make) {
    const storage = await openStorage({ url: options.databaseUrl, dataFolder: options.folder });
    await makeDataset(storage, options.labels);
    await storage.close();
    return { seconds: 0, cpuSeconds: 0, peakRssMb: 0 };
  }
  return withDaemon(options, async ({ context }) => {
    const dataset = await context.storage.datasets.byName('bench');
    if (dataset === null) throw new Error('no dataset');
    await rm(options.path, { recursive: true, force: true });
    const request = { format: 'fiftyone', path: options.path, view: null, fields: null, mediaRoot: null, options: {} };
    return measured(async () => {
      await ask(context.storage, 'EXPORT', request, { datasetId: dataset.id });
    });
  });
}

export const exportFolder = (world: World): string => join(world.folder, 'export');
