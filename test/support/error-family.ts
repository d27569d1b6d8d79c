import { AnnotationError } from '../../domain/errors/index.js';

/** What the conformance vectors tell apart; the reference's Python classes map to these. */
export type ErrorFamily = 'invalid-argument' | 'not-found' | 'unsupported-media' | 'invalid-payload' | 'other';

/** Families of our codes; a code that is not here is an invalid argument. */
const families: Readonly<Record<string, ErrorFamily>> = {
  NOT_FOUND: 'not-found',
  SELECT_GROUP_SLICES: 'unsupported-media',
  MEDIA_TYPE_NOT_SUPPORTED: 'unsupported-media',
  BACKEND_CONTRACT_BROKEN: 'invalid-payload',
  INVALID_PAYLOAD: 'invalid-payload',
  BACKEND_ERROR: 'other',
};

/** Python classes of the vectors. A class that is not here agrees with any error. */
const pythonClasses: Readonly<Record<string, ErrorFamily>> = {
  ValueError: 'invalid-argument',
  KeyError: 'not-found',
  SelectGroupSlicesError: 'unsupported-media',
  MediaTypeError: 'unsupported-media',
  ValidationError: 'invalid-payload',
  InvalidId: 'invalid-payload',
};

/** The family of something thrown; what is no AnnotationError is a bug of ours and belongs to none: `other`. */
export function errorFamily(error: unknown): ErrorFamily {
  if (!(error instanceof AnnotationError)) return 'other';
  return Object.hasOwn(families, error.code) ? (families[error.code] as ErrorFamily) : 'invalid-argument';
}

/** Whether an error of ours is what a vector's `error.kind` asks for. Bugs agree with nothing. */
export function agreesWith(kind: string, error: unknown): boolean {
  if (!(error instanceof AnnotationError)) return false;
  const wanted = Object.hasOwn(pythonClasses, kind) ? pythonClasses[kind] : undefined;
  const family = errorFamily(error);
  // A key that is not there is an argument that is not usable: the reference says ValueError or KeyError as it happens.
  return wanted === undefined || family === wanted || (wanted === 'invalid-argument' && family === 'not-found');
}

/** An error as an operation keeps it, made into something `agreesWith` can judge. */
export function agreesWithCode(error: { readonly code: string; readonly message: string }): AnnotationError {
  return new KeptError(error.code, error.message);
}

class KeptError extends AnnotationError {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
