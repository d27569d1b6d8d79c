import { MaskTargetsInvalidError, MaskTargetsRequiredError } from '../errors/label-schema-errors.js';
import type { Json } from '../labels/index.js';
import type { FieldContext } from './context.js';
import { isObject } from './request.js';

export type MaskTargets = Readonly<Record<string, string>>;

const pixelValue = /^\d+$/;
const colour = /^#?[0-9a-f]{6}$/i;

/**
 * What the pixel values of a segmentation mean: as given, else the dataset's targets for the field, else its default
 * targets, else "1" to "255" and "0" as background. A new field must be given some.
 */
export function resolveMaskTargets({ field, definition, existing, dataset }: FieldContext): MaskTargets {
  const given = givenTargets(field, definition.maskTargets);
  if (given !== null) return given;
  if (existing === null) throw new MaskTargetsRequiredError(field);
  const ofField = Object.hasOwn(dataset.maskTargets, field) ? dataset.maskTargets[field] : undefined;
  return nonEmpty(ofField) ?? nonEmpty(dataset.defaultMaskTargets) ?? everyValue();
}

function givenTargets(field: string, targets: Json): MaskTargets | null {
  if (targets === null) return null;
  if (!isObject(targets)) throw new MaskTargetsInvalidError(field, `${JSON.stringify(targets)} is no map`);
  for (const [key, name] of Object.entries(targets)) {
    if (!pixelValue.test(key) && !colour.test(key)) {
      throw new MaskTargetsInvalidError(field, `"${key}" is neither a pixel value nor a colour`);
    }
    if (typeof name !== 'string') throw new MaskTargetsInvalidError(field, `the name of "${key}" is no text`);
  }
  return nonEmpty(targets as MaskTargets);
}

const nonEmpty = (targets: MaskTargets | null | undefined): MaskTargets | null =>
  targets !== null && targets !== undefined && Object.keys(targets).length > 0 ? targets : null;

const everyValue = (): MaskTargets =>
  Object.fromEntries([
    ...Array.from({ length: 255 }, (_, i) => [String(i + 1), String(i + 1)] as const),
    ['0', 'background'] as const,
  ]);

/** The classes that annotators paint with: all names but that of 0, the background. */
export const classesOfTargets = (targets: MaskTargets): string[] =>
  Object.entries(targets)
    .filter(([value]) => value !== '0')
    .map(([, name]) => name);
