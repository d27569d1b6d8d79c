import type { Json, JsonObject, LabelClass } from '../labels/index.js';

const idPattern = /^[0-9a-f]{24}$/;

/** Whether a text can be the id of a label. */
export const isId = (text: string): boolean => idPattern.test(text);

/** Whether a geometry is what the class needs: a box of four numbers, points of the right depth, a mask. */
export function isWellFormed(labelClass: LabelClass, geometry: string | null): boolean {
  if (labelClass === 'Classification') return true;
  if (geometry === null) return false;
  return checks[labelClass](JSON.parse(geometry) as JsonObject);
}

const isNumber = (value: Json | undefined): boolean => typeof value === 'number';
const isList = (value: Json | undefined): value is Json[] => Array.isArray(value);
const isPoint = (value: Json | undefined): boolean =>
  isList(value) && value.length >= 2 && value.every((coordinate) => coordinate === null || isNumber(coordinate));

const checks: Readonly<Record<Exclude<LabelClass, 'Classification'>, (geometry: JsonObject) => boolean>> = {
  Detection: ({ bounding_box: box }) => isList(box) && box.length === 4 && box.every(isNumber),
  Polyline: ({ points }) => isList(points) && points.every((ring) => isList(ring) && ring.every(isPoint)),
  Keypoint: ({ points }) => isList(points) && points.every(isPoint),
  Segmentation: ({ mask }) => typeof mask === 'string',
};
