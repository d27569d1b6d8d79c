import type { Json } from '../../domain/labels/index.js';
import { stableId } from '../stable-id.js';

/**
 * Ids of images, categories and annotations. Files hold numbers, or the same numbers as text, or any text; `12` and
 * `"12"` are one id.
 */
export type CocoId = number | string;

/** The id in one form, or null where there is none. */
export function cocoIdOf(value: Json | undefined): CocoId | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : null;
  if (typeof value !== 'string' || value === '') return null;
  return /^(0|[1-9]\d{0,14})$/.test(value) ? Number(value) : value;
}

/**
 * COCO's annotations get label ids that say where they come from: a mark, 8 digits of the image, 12 digits that are
 * the annotation's number. So importing a file again gives the same labels, and an export gives the numbers back.
 */
const mark = 'c0c0';
const largestNumber = 2 ** 48;

/** The label id of an annotation. Ids that are no small number are hashed, and then not given back by an export. */
export function labelIdOf(image: CocoId, annotation: CocoId): string {
  const isNumber = typeof annotation === 'number' && annotation >= 0 && annotation < largestNumber;
  if (!isNumber) return stableId(`annotation\n${image}\n${annotation}`);
  return `${mark}${imagePart(image)}${annotation.toString(16).padStart(12, '0')}`;
}

let lastImage: { readonly id: CocoId; readonly part: string } | null = null;

/** Annotations come image by image: the part of the last image is at hand. */
function imagePart(image: CocoId): string {
  if (lastImage?.id !== image) lastImage = { id: image, part: stableId(`image\n${image}`).slice(0, 8) };
  return lastImage.part;
}

/** The number of the annotation that a label was read from, or null for a label of another origin. */
export const annotationNumberOf = (labelId: string): number | null =>
  labelId.startsWith(mark) ? Number.parseInt(labelId.slice(12), 16) : null;
