/** Something the caller can understand and act on. Whatever else is thrown is a bug of ours. */
export abstract class AnnotationError extends Error {
  /** Stable, upper case; part of the public contract. Messages may improve, codes stay. */
  abstract readonly code: string;

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }

  /** The nouns of the error, for GraphQL extensions: every own field but the message, stack, name and cause. */
  get details(): Record<string, unknown> {
    const {
      name: _name,
      stack: _stack,
      message: _message,
      cause: _cause,
      code: _code,
      ...nouns
    } = { ...this } as Record<string, unknown>;
    return nouns;
  }
}

/** An argument is not usable: which one, what was expected, what to do. The general form; prefer a specific class. */
export class InvalidArgumentError extends AnnotationError {
  readonly code: string = 'INVALID_ARGUMENT';

  constructor(
    readonly argument: string,
    message: string,
  ) {
    super(message);
  }
}

/** Something named by the caller does not exist. */
export class NotFoundError extends AnnotationError {
  readonly code: string = 'NOT_FOUND';

  constructor(
    readonly kind:
      | 'dataset'
      | 'sample'
      | 'field'
      | 'label'
      | 'run'
      | 'task'
      | 'operation'
      | 'backend'
      | 'schedule'
      | 'format'
      | 'mask'
      | 'held label',
    readonly wanted: string,
    hint = '',
  ) {
    super(`There is no ${kind} "${wanted}".${hint ? ` ${hint}` : ''}`);
  }
}

/** The request contradicts what is there now: a name in use, a state that does not allow it. */
export class ConflictError extends AnnotationError {
  readonly code: string = 'CONFLICT';
}
