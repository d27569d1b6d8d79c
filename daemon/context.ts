import type { EventEmitter } from 'node:events';
import type { BackendRegistry } from '../backends/registry.js';
import type { AnnotationConfig } from '../config/index.js';
import type { Lease, WorkItem } from '../domain/run/index.js';
import type { Storage } from '../storage/stores.js';
import type { Adapters } from './adapters.js';
import type { CrashPoint } from './crash-points.js';
import type { DaemonSettings } from './settings.js';
import type { WatchPace } from './watch-pace.js';

/** What every step of the daemon may use. Time, chance and ids come from here, so that tests can set them. */
export interface DaemonContext {
  readonly storage: Storage;
  readonly registry: BackendRegistry;
  /** Calls the adapters of backends, as far as their servers have room. */
  readonly adapters: Adapters;
  /** How soon to look at a run's remote work again. */
  readonly pace: WatchPace;
  /** The annotation config as it is now: defaults, file, environment and runtime edits. */
  config(): Promise<AnnotationConfig>;
  readonly settings: DaemonSettings;
  /** Milliseconds since 1970. */
  clock(): number;
  /** 0 (inclusive) to 1 (exclusive). */
  random(): number;
  /** A new random id: 24 hex digits. */
  newId(): string;
  /** What happens inside, for `log.ts` and tests. */
  readonly events: EventEmitter<DaemonEvents>;
  /** Absolute. Below it everything may be read and written. */
  readonly dataFolder: string;
  /** Called before and after each remote call and each commit; kills the process where a chaos test asked for it. */
  crashPoint(name: CrashPoint): void;
}

/** What a step says when it is done: when to look again (null: nothing more to do), and whether attempts start anew. */
export interface Next {
  /** Milliseconds since 1970. */
  readonly dueAt: number | null;
  /** True for a step that did its part, even where nothing had moved; false keeps counting attempts. */
  readonly progressed: boolean;
}

/**
 * One small repeatable step of a piece of work. `signal` aborts when the lease is lost or the daemon stops: give up
 * promptly. Writes name the lease: `storage.transaction(work, { lease })`. What it throws decides about another try:
 * see `failures.ts`.
 */
export type Step<T> = (context: DaemonContext, lease: Lease, item: T, signal: AbortSignal) => Promise<Next>;

/** What the daemon tells about itself. Secrets never travel here. */
export interface DaemonEvents {
  started: [nouns: { readonly id: string; readonly engine: string }];
  stopping: [nouns: { readonly reason: string }];
  stopped: [];
  claimed: [item: WorkItem];
  stepDone: [item: WorkItem, next: Next];
  /** An attempt failed; it is tried again at `dueAt`. */
  stepRetried: [item: WorkItem, error: unknown, dueAt: number];
  /** The work is given up: what went wrong is kept with it. */
  workFailed: [item: WorkItem, error: unknown];
  /** Cut short by our own shutdown, or the lease was lost: someone will do it again. */
  workDropped: [item: WorkItem, error: unknown];
  /** The worker itself met an error, e.g. the database cannot be reached; it goes on. */
  workerTroubled: [error: unknown];
  /** A line of a backend's adapter. */
  backendSaid: [message: string, nouns: Readonly<Record<string, unknown>>];
}
