import { join } from 'node:path';
import type { Json } from '../../domain/labels/index.js';
import { dataFolder } from './loop.js';

/** A real dataset, and how all of it that can be annotated is annotated. */
export interface RealSet {
  readonly name: string;
  /** A list where fields are inferred, else per field what it needs. */
  readonly labelSchema: Json;
  /** Labels that a run of it sends. */
  readonly labels: number;
}

/** The sets of the shared data that FiftyOne exported. */
export const realSets: readonly RealSet[] = [
  { name: 'blood-cells', labelSchema: ['ground_truth'], labels: 357 },
  { name: 'dried-fruit', labelSchema: { ground_truth: { type: 'polygons' } }, labels: 67 },
  {
    name: 'nuclei',
    labelSchema: { instances: { type: 'instances' }, semantic: { type: 'segmentation' } },
    labels: 126,
  },
  {
    name: 'skier',
    labelSchema: {
      gt_detections: { type: 'detections' },
      gt_segmentations: { type: 'instances' },
      gt_keypoints: { type: 'keypoints' },
    },
    labels: 3,
  },
  { name: 'two-flies', labelSchema: { 'frames.detections': { type: 'detections' } }, labels: 500 },
];

/** The folder of a set: its media lie below it. */
export const rootOf = (name: string): string => join(dataFolder ?? '', name);

/** What FiftyOne itself exported of a set. */
export const fiftyOneFolder = (name: string): string => join(rootOf(name), 'fiftyone', 'dataset');
