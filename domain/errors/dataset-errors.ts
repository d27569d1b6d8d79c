import { AnnotationError, ConflictError, InvalidArgumentError } from './base.js';

/** A dataset of this name exists. */
export class DatasetExistsError extends ConflictError {
  override readonly code = 'DATASET_EXISTS';

  constructor(readonly dataset: string) {
    super(`There is a dataset "${dataset}" already. Choose another name, or delete that one first.`);
  }
}

/** A field exists with another type than the one that was asked for. */
export class FieldTypeConflictError extends ConflictError {
  override readonly code = 'FIELD_TYPE_CONFLICT';

  constructor(
    readonly field: string,
    readonly existing: string,
    readonly wanted: string,
  ) {
    super(
      `Field "${field}" holds ${existing}, not ${wanted}. Use a field of another name, or one that holds ${wanted}.`,
    );
  }
}

/** A new name for a field is in use or not possible. */
export class FieldNameError extends ConflictError {
  override readonly code = 'FIELD_NAME_NOT_POSSIBLE';

  constructor(
    readonly field: string,
    readonly newName: string,
    reason: string,
  ) {
    super(`Field "${field}" cannot be named "${newName}": ${reason}.`);
  }
}

/** A field that the dataset does not have. */
export class UnknownFieldError extends AnnotationError {
  readonly code = 'UNKNOWN_FIELD';

  constructor(
    readonly field: string,
    readonly available: readonly string[],
  ) {
    super(
      `There is no field "${field}". ${available.length === 0 ? 'The dataset has no fields.' : `There is ${available.join(', ')}.`}`,
    );
  }
}

/** A view says something that has no meaning. `member` is where, e.g. `labels[0].filter.classes`. */
export class ViewInvalidError extends InvalidArgumentError {
  override readonly code = 'VIEW_INVALID';

  constructor(
    readonly member: string,
    problem: string,
  ) {
    super(
      member === '' ? 'view' : `view.${member}`,
      `The view cannot be read${member === '' ? '' : ` at "${member}"`}: ${problem}.`,
    );
  }
}

/** A label id that occurs twice where it must be unique: in one field of one sample or frame. */
export class DuplicateLabelIdError extends AnnotationError {
  readonly code = 'DUPLICATE_LABEL_ID';

  constructor(
    readonly sample: string,
    readonly field: string,
    readonly frame: number,
    readonly labelId: string,
  ) {
    super(
      `Label id "${labelId}" occurs twice in field "${field}" of sample "${sample}"${frame === 0 ? '' : ` at frame ${frame}`}. Give each label an id of its own, or none: then one is made.`,
    );
  }
}

/** A cursor that no list of ours has given, or one of another list. */
export class CursorInvalidError extends InvalidArgumentError {
  override readonly code = 'CURSOR_INVALID';

  constructor(readonly cursor: string) {
    super('after', 'The cursor is not from this list. Start without "after", and keep the filters while you page.');
  }
}

/** Bytes that are no mask. */
export class MaskUnreadableError extends AnnotationError {
  readonly code = 'MASK_UNREADABLE';

  constructor(
    readonly problem: string,
    options?: { cause?: unknown },
  ) {
    super(`The mask cannot be read: ${problem}. Expected is the zlib stream of a NumPy array (.npy).`, options);
  }
}
