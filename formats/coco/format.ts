import type { DatasetFormat } from '../format.js';

/**
 * COCO detection, segmentation and keypoint files. Reading takes a file, or a folder with one; options: `labelField`
 * (default `ground_truth`), `labelTypes` (`detections`, `segmentations`, `keypoints`; default: what there is),
 * `useMasks` (default true) or `usePolylines` for segmentations. Writing makes `labels.json`; options: none.
 */
export const cocoFormat: DatasetFormat = {
  name: 'coco',
  description:
    'COCO: one JSON file with boxes, polygons or run-length masks, and keypoints. Holds no tracks, tags or classifications.',
  read: async (source) => (await import('./reader.js')).openCoco(source),
  write: async (target) => (await import('./writer.js')).createCoco(target),
};
