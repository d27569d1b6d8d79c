import { isFrameField, type Json } from '../labels/index.js';
import { type FieldDefinition, fieldDefinitions, isObject, type LabelSchemaRequest } from './request.js';

/** What to find out about a field, if it exists: its type, and what is true here. */
export interface FieldInspection {
  readonly field: string;
  /** Whether its classes must be observed, in the whole dataset and in the view. */
  readonly classes: boolean;
  /**
   * Whether its labels in the view must be looked at one by one (`LabelObserver`): for attributes, keyframes, or to
   * choose between two types. Where false they are only useful: without them no warning tells of labels left out.
   */
  readonly labels: boolean;
}

/** First phase of a resolution: the fields of a request and what to observe of each. Throws LABEL_SCHEMA_INVALID. */
export const fieldsToInspect = (request: LabelSchemaRequest): readonly FieldInspection[] =>
  fieldDefinitions(request).map((definition) => ({
    field: definition.field,
    classes: isNothing(definition.classes),
    labels: definition.type === null || isFrameField(definition.field) || infersAttributes(definition),
  }));

/** Whether classes count as not given. */
export const isNothing = (classes: Json): boolean =>
  classes === null || classes === '' || classes === false || (Array.isArray(classes) && classes.length === 0);

const infersAttributes = ({ attributes, classes }: FieldDefinition): boolean =>
  attributes === undefined ||
  attributes === true ||
  (Array.isArray(classes) && classes.some((group) => isObject(group) && group.attributes === true));
