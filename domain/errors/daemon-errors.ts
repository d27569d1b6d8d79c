import { AnnotationError, ConflictError, InvalidArgumentError } from './base.js';

const listed = (folders: readonly string[]): string => folders.join(', ');

/** A file was named that lies outside of the folders that may be read. */
export class MediaOutsideRootsError extends InvalidArgumentError {
  override readonly code = 'MEDIA_OUTSIDE_ROOTS';

  constructor(
    readonly path: string,
    readonly roots: readonly string[],
  ) {
    super(
      'path',
      `${path} may not be read: it lies outside of ${listed(roots)}. Add its folder to ANNOGATE_MEDIA_ROOTS and restart, or move the files.`,
    );
  }
}

/** An export was asked for outside of the folders that may be written. */
export class ExportOutsideRootsError extends InvalidArgumentError {
  override readonly code = 'EXPORT_OUTSIDE_ROOTS';

  constructor(
    readonly path: string,
    readonly roots: readonly string[],
  ) {
    super(
      'path',
      `${path} may not be written: it lies outside of ${listed(roots)}. Add its folder to ANNOGATE_EXPORT_ROOTS and restart, or choose another.`,
    );
  }
}

/** An export would mix with what is there already. */
export class ExportTargetNotEmptyError extends ConflictError {
  override readonly code = 'EXPORT_TARGET_NOT_EMPTY';

  constructor(readonly path: string) {
    super(`${path} exists and is not empty. Choose another folder for the export, or empty this one.`);
  }
}

/** Samples of another kind of media than the dataset holds. */
export class DatasetMediaTypeError extends ConflictError {
  override readonly code = 'DATASET_MEDIA_TYPE';

  constructor(
    readonly dataset: string,
    readonly mediaType: string,
    readonly found: string,
  ) {
    super(
      `Dataset "${dataset}" holds media of type "${mediaType}", not "${found}". Import these into a dataset of their own.`,
    );
  }
}

/** One field was named to receive labels, but the file has several. */
export class SeveralLabelFieldsError extends InvalidArgumentError {
  override readonly code = 'SEVERAL_LABEL_FIELDS';

  constructor(
    readonly file: string,
    readonly fields: readonly string[],
  ) {
    super(
      'field',
      `${file} holds ${fields.length} label fields (${listed(fields)}), so one field cannot take its labels. Leave "field" out to keep these names, or choose one by the options of the format.`,
    );
  }
}

/** The operation was stopped because someone asked for it. */
export class OperationCancelledError extends AnnotationError {
  readonly code = 'OPERATION_CANCELLED';

  constructor(readonly operationId: number) {
    super(`Operation ${operationId} was cancelled.`);
  }
}

/** The process that did this work ended in the middle of it, again and again. */
export class WorkerCrashedError extends AnnotationError {
  readonly code = 'WORKER_CRASHED';

  constructor(
    readonly kind: string,
    readonly item: string,
    readonly attempts: number,
  ) {
    super(
      `The daemon ended ${attempts} times in the middle of ${kind} ${item} (killed, or out of memory), so it is not tried again. Look into the daemon's log, then ask for it anew.`,
    );
  }
}

/** The settings of a process are not usable. Every problem says which variable, what was expected and what was found. */
export class SettingsInvalidError extends AnnotationError {
  readonly code = 'SETTINGS_INVALID';

  constructor(readonly problems: readonly string[]) {
    super(`The settings are not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}
