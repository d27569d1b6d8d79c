import { ClassesInvalidError, FieldNameInvalidError } from '../errors/label-schema-errors.js';
import { framePrefix, isFrameField } from '../labels/index.js';
import type { DatasetFacts } from './facts.js';
import { type FieldDefinition, fieldDefinitions, type LabelSchemaRequest } from './request.js';

/** A letter or underscore, then letters, digits, underscores, as FiftyOne names fields; no leading underscore. */
const slot = /^[\p{L}][\p{L}\p{N}_]*$/u;

/**
 * What the API refuses although FiftyOne (and `resolveLabelSchema`) takes it, because it can only fail later: field
 * names that no dataset can have, frame fields where there are no frames, a text as the list of classes.
 * Fields that exist may have any name. Throws FIELD_NAME_INVALID, CLASSES_INVALID, LABEL_SCHEMA_INVALID.
 */
export function checkRequest(request: LabelSchemaRequest, facts: DatasetFacts): void {
  for (const definition of fieldDefinitions(request)) {
    if (!facts.fields.has(definition.field)) checkName(definition.field, facts);
    checkClasses(definition);
  }
}

function checkName(field: string, { mediaType }: DatasetFacts): void {
  if (field === '') throw new FieldNameInvalidError(field, 'it is empty');
  const framed = isFrameField(field);
  if (!slot.test(framed ? field.slice(framePrefix.length) : field)) {
    throw new FieldNameInvalidError(
      field,
      'a name begins with a letter and goes on with letters, digits and underscores',
    );
  }
  if (framed && mediaType !== 'video') {
    throw new FieldNameInvalidError(field, `only videos have frames; leave out the prefix "${framePrefix}"`);
  }
}

function checkClasses({ field, classes }: FieldDefinition): void {
  if (typeof classes === 'string' && classes !== '') {
    throw new ClassesInvalidError(field, `${JSON.stringify(classes)} is a text; write ${JSON.stringify([classes])}`);
  }
}
