import type { DatasetFormat } from '../format.js';

/** FiftyOneDataset folders, as FiftyOne itself imports and exports them. Options: none. */
export const fiftyOneFormat: DatasetFormat = {
  name: 'fiftyone',
  description:
    'FiftyOneDataset: a folder with metadata.json, samples.json and frames.json. Keeps everything: ids, masks, groups, annotation runs, unknown members.',
  read: async (source) => (await import('./reader.js')).openFiftyOneDataset(source),
  write: async (target) => (await import('./writer.js')).createFiftyOneDataset(target),
};
