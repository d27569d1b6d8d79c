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
