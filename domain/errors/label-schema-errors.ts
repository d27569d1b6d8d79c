import { AnnotationError, InvalidArgumentError } from './base.js';

const list = (names: readonly string[]): string => (names.length === 0 ? 'nothing' : names.join(', '));

/** Base of what is wrong with one field of a label schema. */
abstract class FieldError extends AnnotationError {
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message);
  }
}

/** Neither a label schema nor a label field was given, and the backend has none of its own. */
export class LabelSchemaRequiredError extends AnnotationError {
  readonly code = 'LABEL_SCHEMA_REQUIRED';

  constructor(readonly backend: string) {
    super(`${backend} must be told what to annotate: give labelSchema, or labelField with labelType and classes.`);
  }
}

/** The label schema, or a part of it, does not have a form that is understood. */
export class LabelSchemaInvalidError extends InvalidArgumentError {
  override readonly code = 'LABEL_SCHEMA_INVALID';
}

/** The backend itself cannot work with this label schema; each problem says what to do. */
export class LabelSchemaRefusedError extends AnnotationError {
  readonly code = 'LABEL_SCHEMA_REFUSED';

  constructor(
    readonly backend: string,
    readonly problems: readonly string[],
  ) {
    super(`${backend} cannot work with this label schema: ${problems.join('; ')}.`);
  }
}

/** A field name that no dataset can have. */
export class FieldNameInvalidError extends FieldError {
  readonly code = 'FIELD_NAME_INVALID';

  constructor(field: string, reason: string) {
    super(field, `"${field}" cannot be a field: ${reason}.`);
  }
}

/** A field that does not exist yet was named without saying what it shall hold. */
export class LabelTypeRequiredError extends FieldError {
  readonly code = 'LABEL_TYPE_REQUIRED';

  constructor(
    field: string,
    readonly supported: readonly string[],
  ) {
    super(
      field,
      `The dataset has no field "${field}". Name an existing field, or give a label type to make it: ${list(supported)}.`,
    );
  }
}

/** The backend cannot annotate labels of this type. */
export class UnsupportedLabelTypeError extends FieldError {
  readonly code = 'UNSUPPORTED_LABEL_TYPE';

  constructor(
    field: string,
    readonly labelType: string,
    readonly backend: string,
    readonly supported: readonly string[],
  ) {
    super(field, `${backend} cannot annotate "${labelType}" (field "${field}"). It can annotate ${list(supported)}.`);
  }
}

/** The label type that was asked for is not what the existing field holds. */
export class LabelTypeConflictError extends FieldError {
  readonly code = 'LABEL_TYPE_CONFLICT';

  constructor(
    field: string,
    readonly labelType: string,
    readonly fieldType: string,
    readonly possible: readonly string[],
  ) {
    super(
      field,
      `Field "${field}" holds ${fieldType}, which can be annotated as ${possible.join(' or ')}, not as "${labelType}". Leave the type out, or name a new field.`,
    );
  }
}

/** The existing field holds something that cannot be annotated. */
export class UnsupportedFieldTypeError extends FieldError {
  readonly code = 'UNSUPPORTED_FIELD_TYPE';

  constructor(
    field: string,
    readonly fieldType: string,
    readonly backend: string,
    readonly supported: readonly string[],
  ) {
    super(
      field,
      `Field "${field}" holds ${fieldType}, which ${backend} cannot annotate. It can annotate fields of ${list(supported)}.`,
    );
  }
}

/** A field of whole videos where a frame field is needed. */
export class FrameFieldRequiredError extends FieldError {
  readonly code = 'FRAME_FIELD_REQUIRED';

  constructor(
    field: string,
    readonly labelType: string,
    readonly backend: string,
  ) {
    super(
      field,
      `"${labelType}" of whole videos (field "${field}") cannot be annotated by ${backend}. Use a frame field: "frames.${field}".`,
    );
  }
}

/** No class is known that the annotators could give. */
export class ClassesRequiredError extends FieldError {
  readonly code = 'CLASSES_REQUIRED';

  constructor(field: string) {
    super(field, `Field "${field}" is new, so no classes can be observed in it. Give its classes.`);
  }
}

/** Classes that are neither names nor groups of names with attributes. */
export class ClassesInvalidError extends FieldError {
  readonly code = 'CLASSES_INVALID';

  constructor(field: string, problem: string) {
    super(
      field,
      `The classes of field "${field}" are not usable: ${problem}. Expected a list of names and of groups {"classes": [names], "attributes": ...}.`,
    );
  }
}

/** A new segmentation field without the meaning of its pixel values. */
export class MaskTargetsRequiredError extends FieldError {
  readonly code = 'MASK_TARGETS_REQUIRED';

  constructor(field: string) {
    super(field, `Field "${field}" is a new segmentation: give its mask targets, e.g. {"1": "road", "2": "sky"}.`);
  }
}

/** Mask targets that are no map from pixel values or colours to names. */
export class MaskTargetsInvalidError extends FieldError {
  readonly code = 'MASK_TARGETS_INVALID';

  constructor(field: string, problem: string) {
    super(
      field,
      `The mask targets of field "${field}" are not usable: ${problem}. Expected a map from pixel values ("1") or RGB colours ("#ff0000") to names.`,
    );
  }
}

/** Attributes in a form that is not understood. */
export class AttributesInvalidError extends FieldError {
  readonly code = 'ATTRIBUTES_INVALID';

  constructor(field: string, problem: string) {
    super(
      field,
      `The attributes of field "${field}" are not usable: ${problem}. Expected true, false, a name, a list of names, or a map from name to {"type": ...}.`,
    );
  }
}

/** Base of what is wrong with the definition of one attribute. */
abstract class AttributeError extends FieldError {
  constructor(
    field: string,
    readonly attribute: string,
    message: string,
  ) {
    super(field, message);
  }
}

export class AttributeTypeRequiredError extends AttributeError {
  readonly code = 'ATTRIBUTE_TYPE_REQUIRED';

  constructor(
    field: string,
    attribute: string,
    readonly supported: readonly string[],
  ) {
    super(field, attribute, `Attribute "${attribute}" of field "${field}" needs a type: ${list(supported)}.`);
  }
}

export class UnsupportedAttributeTypeError extends AttributeError {
  readonly code = 'UNSUPPORTED_ATTRIBUTE_TYPE';

  constructor(
    field: string,
    attribute: string,
    readonly attributeType: string,
    readonly backend: string,
    readonly supported: readonly string[],
  ) {
    super(
      field,
      attribute,
      `${backend} has no "${attributeType}" for attribute "${attribute}" of field "${field}". It has ${list(supported)}.`,
    );
  }
}

export class AttributeValuesRequiredError extends AttributeError {
  readonly code = 'ATTRIBUTE_VALUES_REQUIRED';

  constructor(
    field: string,
    attribute: string,
    readonly attributeType: string,
  ) {
    super(
      field,
      attribute,
      `Attribute "${attribute}" of field "${field}" is a ${attributeType}: give the values to choose from.`,
    );
  }
}

export class AttributeDefaultError extends AttributeError {
  readonly code = 'ATTRIBUTE_DEFAULT_NOT_IN_VALUES';

  constructor(
    field: string,
    attribute: string,
    readonly value: unknown,
    readonly values: readonly unknown[],
  ) {
    super(
      field,
      attribute,
      `The default ${JSON.stringify(value)} of attribute "${attribute}" of field "${field}" is not one of its values ${JSON.stringify(values)}. Add it to them or choose another.`,
    );
  }
}
