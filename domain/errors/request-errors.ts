import { AnnotationError } from './base.js';

/** The view that was to be annotated holds no sample. */
export class EmptyViewError extends AnnotationError {
  readonly code = 'EMPTY_VIEW';

  constructor() {
    super('There is nothing to annotate: the view holds no sample. Choose a view with at least one.');
  }
}

/** A grouped dataset was to be annotated whole. */
export class SelectGroupSlicesError extends AnnotationError {
  readonly code = 'SELECT_GROUP_SLICES';

  constructor(readonly slices: readonly string[]) {
    super(
      `The dataset is grouped: choose what to annotate by the view's slices${slices.length > 0 ? ` (${slices.join(', ')})` : ''}.`,
    );
  }
}

/** The backend cannot show media of this kind. */
export class BackendMediaError extends AnnotationError {
  readonly code = 'MEDIA_TYPE_NOT_SUPPORTED';

  constructor(
    readonly mediaType: string,
    readonly backend: string,
    readonly supported: readonly string[],
  ) {
    super(
      `${backend} cannot show media of type "${mediaType}". It can show ${supported.join(', ')}: choose a view that holds one of these, or another backend.`,
    );
  }
}

/** A view of clips for a backend that shows whole videos only. */
export class ClipsNotSupportedError extends AnnotationError {
  readonly code = 'CLIPS_NOT_SUPPORTED';

  constructor(readonly backend: string) {
    super(`${backend} cannot annotate clips. Annotate the whole videos, or use a backend that takes clips.`);
  }
}

/** The field that shall name the media does not exist. */
export class MediaFieldNotFoundError extends AnnotationError {
  readonly code = 'MEDIA_FIELD_NOT_FOUND';

  constructor(
    readonly mediaField: string,
    readonly available: readonly string[],
  ) {
    super(`There is no text field "${mediaField}" to take the media from. There is ${available.join(', ')}.`);
  }
}
