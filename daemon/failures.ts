import { AnnotationError, LeaseLostError, WorkerCrashedError } from '../domain/errors/index.js';
import { type Lease, type RetryPolicy, retryDelay, type WorkError, type WorkItem } from '../domain/run/index.js';
import type { DaemonContext, Next } from './context.js';

/** What happens with work whose step threw. */
export interface FailureHandling {
  /** Attempts without end: watching a run goes on however long its backend is away. */
  readonly patient: boolean;
  /** Keeps the reason with the item, for users to see, while it is tried again. */
  note(error: WorkError): Promise<void>;
  /** Ends the work for good, with what that needs (e.g. taking back half an import). */
  giveUp(error: WorkError): Promise<void>;
}

/** Codes of our own errors that time or a user can cure although they do not say so themselves. */
const passing = new Set(['DATABASE_BUSY']);
/** The work waits until someone gives what is missing and wakes it. */
const waiting = new Set(['CREDENTIALS_NEEDED']);

/**
 * Decides what an error means: a backend that may recover is asked again later, with growing pauses and never before
 * it said; what cannot get better ends the work; anything unknown is a bug of ours: logged, tried again, then given up
 * under the code INTERNAL. Throws the error on where the lease is lost or we are stopping: then it is nobody's fault.
 */
export async function handleFailure(
  context: DaemonContext,
  lease: Lease,
  signal: AbortSignal,
  error: unknown,
  handling: FailureHandling,
): Promise<Next> {
  if (signal.aborted || error instanceof LeaseLostError) throw error;
  const { item } = lease;
  const told = workErrorOf(error);
  if (waiting.has(told.code)) return waitForHelp(context, item, error, told, handling);
  const delay = told.retryable ? delayOf(context, item, error, handling) : null;
  if (delay === null) {
    await handling.giveUp(told);
    context.events.emit('workFailed', item, error);
    return { dueAt: null, progressed: true };
  }
  const dueAt = context.clock() + delay;
  await handling.note(told);
  context.events.emit('stepRetried', item, error, dueAt);
  return { dueAt, progressed: false };
}

async function waitForHelp(
  context: DaemonContext,
  item: WorkItem,
  error: unknown,
  told: WorkError,
  handling: FailureHandling,
): Promise<Next> {
  await handling.note(told);
  context.events.emit('stepRetried', item, error, Number.POSITIVE_INFINITY);
  return { dueAt: null, progressed: true };
}

function delayOf(context: DaemonContext, item: WorkItem, error: unknown, handling: FailureHandling): number | null {
  const policy: RetryPolicy = handling.patient
    ? { ...context.settings.retry, attempts: Number.POSITIVE_INFINITY }
    : context.settings.retry;
  return retryDelay(policy, item.attempts, context.random(), retryAfterOf(error));
}

/** An item whose earlier attempts all ended with the process is not begun again. Null: go on. */
export function crashedTooOften(context: DaemonContext, { item }: Lease): WorkerCrashedError | null {
  const { attempts } = context.settings.retry;
  return item.attempts > attempts + 1 ? new WorkerCrashedError(item.kind, item.id, item.attempts - 1) : null;
}

/** The error as users see it: ours as it is, a bug without its insides. */
export function workErrorOf(error: unknown): WorkError {
  if (!(error instanceof AnnotationError))
    return {
      code: 'INTERNAL',
      message: "An unexpected error stopped this work. The daemon's log has its cause.",
      retryable: true,
    };
  return { code: error.code, message: error.message, retryable: isRetryable(error) };
}

const isRetryable = (error: AnnotationError): boolean =>
  passing.has(error.code) || ('retryable' in error && error.retryable === true);

const retryAfterOf = (error: unknown): number | null =>
  error instanceof AnnotationError && 'retryAfter' in error && typeof error.retryAfter === 'number'
    ? error.retryAfter
    : null;
