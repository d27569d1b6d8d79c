import type { OperationKind, OperationState, RunState } from '../run/states.js';
import { AnnotationError, ConflictError, InvalidArgumentError } from './base.js';

/** A key that no run can have. */
export class InvalidAnnoKeyError extends InvalidArgumentError {
  override readonly code = 'INVALID_ANNO_KEY';

  constructor(readonly annoKey: string) {
    super(
      'annoKey',
      `"${annoKey}" cannot be the key of a run. Expected a letter or underscore, then letters, digits and underscores, e.g. "fix_boxes_2".`,
    );
  }
}

/** Where the run stands does not allow what was asked. */
export class RunStateError extends ConflictError {
  override readonly code = 'RUN_STATE';

  /** `action` completes the sentence "Run ... cannot be <action>". */
  constructor(
    readonly annoKey: string,
    readonly state: RunState,
    readonly action: string,
    remedy: string,
  ) {
    super(`Run "${annoKey}" is ${state} and cannot be ${action}. ${remedy}`);
  }
}

/** Work on the run is under way that the request would pull the ground from. */
export class RunBusyError extends ConflictError {
  override readonly code = 'RUN_BUSY';

  constructor(
    readonly annoKey: string,
    readonly operationId: string,
    readonly kind: OperationKind,
  ) {
    super(
      `Operation ${operationId} (${kind}) of run "${annoKey}" is not over. Wait for it, or cancel it with cancelOperation, then try again.`,
    );
  }
}

/** The operation cannot be taken back. */
export class NotRevertibleError extends ConflictError {
  override readonly code = 'NOT_REVERTIBLE';

  constructor(
    readonly operationId: string,
    readonly kind: OperationKind,
    readonly state: OperationState,
    reason: string,
  ) {
    super(`Operation ${operationId} (${kind}, ${state}) cannot be taken back: ${reason}.`);
  }
}

/** The operation is over already. */
export class OperationOverError extends ConflictError {
  override readonly code = 'OPERATION_OVER';

  constructor(
    readonly operationId: string,
    readonly state: OperationState,
  ) {
    super(`Operation ${operationId} is over (${state}): there is nothing left to cancel.`);
  }
}

/** An idempotency key was used before for something else. */
export class IdempotencyKeyReusedError extends ConflictError {
  override readonly code = 'IDEMPOTENCY_KEY_REUSED';

  constructor(readonly madeBefore: string) {
    super(`This idempotency key was used before, for ${madeBefore}. Use a new one for another request.`);
  }
}

/** A field of a label edit does not hold labels, or not such ones. */
export class LabelEditError extends AnnotationError {
  readonly code = 'LABEL_EDIT_INVALID';

  /** `edit`: its place in the list of edits, from 0. */
  constructor(
    readonly edit: number,
    readonly problem: string,
  ) {
    super(`Edit ${edit} is not possible: ${problem}. Nothing was changed.`);
  }
}
