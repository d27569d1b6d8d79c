import { AnnotationError } from './base.js';

/** A backend did not do what was asked. Says whether trying again can help, and when. */
export class BackendError extends AnnotationError {
  readonly code: string;
  readonly retryable: boolean;
  /** Milliseconds to wait before trying again, where the remote said so. */
  readonly retryAfter: number | null;

  /** `action` completes the sentence "<backend> failed to ...". */
  constructor(
    readonly backend: string,
    readonly action: string,
    reason: string,
    options: { retryable: boolean; retryAfter?: number | null; code?: string; cause?: unknown },
  ) {
    super(`${backend} failed to ${action}: ${reason}`, { cause: options.cause });
    this.code = options.code ?? 'BACKEND_ERROR';
    this.retryable = options.retryable;
    this.retryAfter = options.retryAfter ?? null;
  }
}

/** The backend answered something its contract does not allow: nothing of it was taken. */
export class BackendContractError extends AnnotationError {
  readonly code = 'BACKEND_CONTRACT_BROKEN';

  constructor(
    readonly backend: string,
    readonly verb: string,
    readonly problem: string,
  ) {
    super(`Backend "${backend}" broke its contract in ${verb}: ${problem}. Nothing of this answer was taken.`);
  }
}

/** Some of what came back was not usable; it was not taken and is among the findings, the rest of the load is done. */
export class InvalidPayloadError extends AnnotationError {
  readonly code = 'INVALID_PAYLOAD';

  constructor(
    readonly backend: string,
    readonly invalid: number,
  ) {
    super(
      `${invalid} of what "${backend}" returned is not usable and was not taken; everything else was merged. The findings of kind INVALID say what and why: mend it there and load again.`,
    );
  }
}
