import { isDeepStrictEqual } from 'node:util';
import type { LabelSchema } from '../../domain/label-schema/types.js';
import type { Json, JsonObject, Mask, MediaType } from '../../domain/labels/index.js';
import type { RunWork, TaskUnit, TaskWork } from '../backend.js';

/** What a run in memory consists of. */
export interface WorkPlan {
  readonly runId: string;
  readonly annoKey: string;
  readonly mediaType: MediaType;
  readonly labelSchema: LabelSchema;
  readonly fieldTypes: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, Json>>;
  readonly dataFolder: string;
  /** The units of each task. */
  readonly tasks: readonly (readonly TaskUnit[])[];
  readonly masks: ReadonlyMap<string, Mask>;
}

/** Thrown where the suite cuts a verb short, as a crash or a lost lease would. */
export class Interrupted extends Error {
  constructor(point: string) {
    super(`cut short at: ${point}`);
  }
}

/** What an adapter told users about a run or a task. */
export interface Shown {
  readonly remoteId?: string;
  readonly editorUrl?: string;
  readonly revision?: string;
}

/**
 * A run and its tasks as the daemon would hand them to an adapter, kept in memory. Each call of the adapter passes a
 * named point (`points`); `breakAt` cuts the work short at one: the signal aborts, the call throws, and nothing can be
 * saved any more until `revive`, which is what the next daemon sees.
 */
export class Work {
  readonly points: string[] = [];
  /** Everything that was logged, as text. */
  readonly logged: string[] = [];
  private runState: JsonObject | null = null;
  private runShown: Shown = {};
  private readonly taskStates = new Map<number, JsonObject>();
  private readonly tasksShown = new Map<number, Shown>();
  private breakPoint: string | null = null;
  private abortPoint: string | null = null;
  private controller = new AbortController();
  private counts = new Map<string, number>();

  constructor(readonly plan: WorkPlan) {}

  /** The run with its state as saved last. */
  run(): RunWork {
    const { plan } = this;
    return {
      runId: plan.runId,
      annoKey: plan.annoKey,
      datasetName: 'conformance',
      mediaType: plan.mediaType,
      labelSchema: plan.labelSchema,
      fieldTypes: plan.fieldTypes,
      parameters: plan.parameters,
      taskCount: plan.tasks.length,
      state: copy(this.runState),
      checkpoint: async (state, shown) => {
        this.save('run checkpoint', () => {
          this.runState = plainJson(state);
          this.runShown = { ...this.runShown, ...shown };
        });
      },
      signal: this.controller.signal,
      dataFolder: plan.dataFolder,
      log: (message, nouns) => void this.logged.push(`${message} ${JSON.stringify(nouns ?? {})}`),
    };
  }

  /** A task with its state as saved last. */
  task(part: number): TaskWork {
    return {
      run: this.run(),
      part,
      unitIds: this.units(part).map(({ id }) => id),
      state: copy(this.taskStates.get(part) ?? null),
      checkpoint: async (state, shown) => {
        this.save(`task ${part} checkpoint`, () => {
          this.taskStates.set(part, plainJson(state));
          this.tasksShown.set(part, { ...this.tasksShown.get(part), ...shown });
        });
      },
      units: () => this.streamed(part),
      readable: async (path) => path,
      mask: async (hash) => this.mask(part, hash),
      signal: this.controller.signal,
    };
  }

  get parts(): readonly number[] {
    return this.plan.tasks.map((_, part) => part);
  }

  units(part: number): readonly TaskUnit[] {
    return this.plan.tasks[part] ?? [];
  }

  /** What was saved and shown, of the run and of its tasks. */
  get saved(): {
    readonly run: JsonObject | null;
    readonly runShown: Shown;
    readonly tasks: readonly (JsonObject | null)[];
    readonly tasksShown: readonly Shown[];
  } {
    return {
      run: this.runState,
      runShown: this.runShown,
      tasks: this.parts.map((part) => this.taskStates.get(part) ?? null),
      tasksShown: this.parts.map((part) => this.tasksShown.get(part) ?? {}),
    };
  }

  /** Cuts the work short when this point is passed next. */
  breakAt(point: string): void {
    this.breakPoint = point;
  }

  /** Raises the signal when this point is passed next; the call itself goes on. */
  abortAt(point: string): void {
    this.abortPoint = point;
  }

  /** Raises the signal, as a lost lease or a stopping daemon does. */
  abort(): void {
    this.controller.abort(new Interrupted('the signal'));
  }

  /** Goes on as another daemon would: with a new signal and what was saved. */
  revive(): void {
    this.breakPoint = null;
    this.abortPoint = null;
    this.controller = new AbortController();
    this.counts = new Map();
    this.points.length = 0;
  }

  private save(name: string, write: () => void): void {
    const number = this.count(name);
    this.pass(`${name} ${number}, before it is saved`);
    if (this.controller.signal.aborted) throw new Interrupted('a checkpoint after the lease was lost');
    write();
    this.pass(`${name} ${number}, after it is saved`);
  }

  private async *streamed(part: number): AsyncGenerator<TaskUnit> {
    for (const unit of this.units(part)) {
      this.pass(`task ${part} unit ${this.count(`task ${part} unit`)}`);
      yield unit;
    }
  }

  private mask(part: number, hash: string): Mask {
    this.pass(`task ${part} mask ${this.count(`task ${part} mask`)}`);
    const mask = this.plan.masks.get(hash);
    if (mask === undefined) throw new Error(`the adapter asked for a mask "${hash}" that no label names`);
    return mask;
  }

  private count(name: string): number {
    const number = (this.counts.get(name) ?? 0) + 1;
    this.counts.set(name, number);
    return number;
  }

  private pass(point: string): void {
    this.points.push(point);
    if (point === this.abortPoint) this.abort();
    if (point !== this.breakPoint) return;
    this.breakPoint = null;
    this.controller.abort(new Interrupted(point));
    throw new Interrupted(point);
  }
}

const copy = (state: JsonObject | null): JsonObject | null => structuredClone(state);

/** State is stored as JSON: what JSON cannot hold would be lost, so it is refused here. */
function plainJson(state: JsonObject): JsonObject {
  const stored = JSON.parse(JSON.stringify(state)) as JsonObject;
  if (!isDeepStrictEqual(stored, state))
    throw new Error(`the state that was to be saved is no plain JSON: ${JSON.stringify(state)}`);
  return stored;
}
