import { AnnotationError } from './base.js';

/** A dataset file is not what its format says. Nothing of it is kept. */
export class MalformedFileError extends AnnotationError {
  readonly code = 'MALFORMED_FILE';

  /**
   * `where` names the place inside the file: a path like `samples[12].ground_truth`, or "byte 1024".
   * `expected` completes the sentence "... expected <expected>".
   */
  constructor(
    readonly file: string,
    readonly where: string,
    readonly expected: string,
    options?: { cause?: unknown },
  ) {
    super(
      `${file} is malformed at ${where}: expected ${expected}. Correct the file and import again; nothing was kept.`,
      options,
    );
  }
}

/** An image or video is missing, empty, cut short or of a kind that its header does not tell. */
export class UnreadableMediaError extends AnnotationError {
  readonly code = 'UNREADABLE_MEDIA';

  constructor(
    readonly file: string,
    readonly reason: string,
    options?: { cause?: unknown },
  ) {
    super(`Cannot read ${file}: ${reason}. Check that the file is a whole image or video, or leave it out.`, options);
  }
}

/** Media that cannot be annotated here: point clouds and 3D scenes. */
export class UnsupportedMediaError extends AnnotationError {
  readonly code = 'UNSUPPORTED_MEDIA';

  constructor(
    readonly file: string,
    readonly mediaType: string,
  ) {
    super(`${file} is of media type "${mediaType}"; only images and videos can be imported. Leave it out.`);
  }
}

/** No such dataset format, or it cannot do what was asked (read or write). */
export class UnknownFormatError extends AnnotationError {
  readonly code = 'UNKNOWN_FORMAT';

  constructor(
    readonly format: string,
    readonly known: readonly string[],
    verb: 'read' | 'write' | 'use' = 'use',
  ) {
    super(`Cannot ${verb} the dataset format "${format}". Known for this: ${known.join(', ')}.`);
  }
}
