import { AnnotationError, BackendError } from '../domain/errors/index.js';
import type { Json } from '../domain/labels/index.js';
import type { Backend, Changes, ReturnedSample, RunWork, TaskWork } from './backend.js';

/**
 * The adapter of a custom backend as the daemon uses it. A module outside of this package need not import our error
 * class (and may have a copy of its own): any error with a boolean `retryable`, and perhaps `retryAfter` and `code`,
 * counts as a `BackendError`. Everything else passes as it is.
 */
export class CustomAdapter implements Backend {
  constructor(
    private readonly name: string,
    private readonly inner: Backend,
  ) {}

  prepare(run: RunWork): Promise<void> {
    return this.explained('prepare the run', run.signal, () => this.inner.prepare(run));
  }

  upload(task: TaskWork): Promise<void> {
    return this.explained('send a task', task.signal, () => this.inner.upload(task));
  }

  changes(run: RunWork, cursor: Json): Promise<Changes> {
    return this.explained('look for changes', run.signal, () => this.inner.changes(run, cursor));
  }

  async *download(task: TaskWork): AsyncGenerator<ReturnedSample> {
    const samples = this.inner.download(task)[Symbol.asyncIterator]();
    const next = () => this.explained('bring a task home', task.signal, () => samples.next());
    try {
      for (let step = await next(); step.done !== true; step = await next()) yield step.value;
    } finally {
      await samples.return?.();
    }
  }

  cleanup(run: RunWork): Promise<void> {
    return this.explained('clean up', run.signal, () => this.inner.cleanup(run));
  }

  async close(): Promise<void> {
    await this.inner.close?.();
  }

  private async explained<T>(action: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw signal.aborted || error instanceof AnnotationError ? error : this.toBackendError(action, error);
    }
  }

  private toBackendError(action: string, error: unknown): unknown {
    if (!(error instanceof Error) || !('retryable' in error) || typeof error.retryable !== 'boolean') return error;
    const { retryAfter, code } = error as Error & { retryAfter?: unknown; code?: unknown };
    return new BackendError(this.name, action, error.message, {
      retryable: error.retryable,
      retryAfter: typeof retryAfter === 'number' ? retryAfter : null,
      ...(typeof code === 'string' ? { code } : {}),
      cause: error,
    });
  }
}
