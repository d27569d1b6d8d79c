import { InvalidArgumentError } from '../../domain/errors/index.js';
import type { JsonObject } from '../../domain/labels/index.js';
import { booleanOption, listOption, refuseUnknownOptions, textOption } from '../options.js';

/** What is read from an annotation: its box, its segmentation, its keypoints. */
export const cocoTypes = ['detections', 'segmentations', 'keypoints'] as const;
/** One of the parts that are read from an annotation. */
export type CocoType = (typeof cocoTypes)[number];

/** The options of a COCO import, checked and with their defaults. */
export interface CocoOptions {
  /** Field for the labels, default `ground_truth`; with several types each gets `<labelField>_<type>`. */
  readonly labelField: string;
  /** Null: segmentations where there are any, else detections; and keypoints where there are any. */
  readonly labelTypes: readonly CocoType[] | null;
  /** Segmentations become polylines instead of detections with masks. Default false. */
  readonly usePolylines: boolean;
}

/** Throws `InvalidArgumentError` for what is no option or no label type of COCO. */
export function cocoOptionsOf(options: JsonObject): CocoOptions {
  refuseUnknownOptions(options, ['labelField', 'labelTypes', 'useMasks', 'usePolylines'], 'coco');
  const labelTypes = listOption(options, 'labelTypes');
  for (const type of labelTypes ?? []) {
    if ((cocoTypes as readonly string[]).includes(type)) continue;
    throw new InvalidArgumentError(
      'labelTypes',
      `"${type}" is no label type of COCO. Choose from ${cocoTypes.join(', ')}.`,
    );
  }
  return {
    labelField: textOption(options, 'labelField') || 'ground_truth',
    labelTypes: labelTypes as readonly CocoType[] | null,
    usePolylines: booleanOption(options, 'usePolylines', !booleanOption(options, 'useMasks', true)),
  };
}

/** The field that labels of a type go to. */
export const fieldFor = (type: CocoType, types: readonly CocoType[], labelField: string): string =>
  types.length === 1 ? labelField : `${labelField}_${type}`;
