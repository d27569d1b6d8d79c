import type { DatasetFormat } from '../format.js';

/**
 * Images and videos as they lie in a folder. Options: `labelFromFolder` (a field that takes the name of the sub-folder
 * as its class; default: no labels), `paths` (a list of files instead of a folder's content; relative ones are joined
 * to the media root), `skipUnreadable` (leave out what cannot be read and report it; default false: it is an error).
 */
export const mediaFormat: DatasetFormat = {
  name: 'media',
  description: 'A folder or list of images or videos, without labels or with the folder name as class.',
  read: async (source) => (await import('./reader.js')).openMedia(source),
};
