import type {
  Backend,
  BackendDescriptor,
  Changes,
  ReturnedSample,
  RunWork,
  TaskChange,
  TaskWork,
} from '../../backends/backend.js';
import type { BackendRegistry } from '../../backends/registry.js';
import type { AnnotationConfig } from '../../config/index.js';
import type { Json } from '../../domain/labels/index.js';
import { memBackendDescriptor } from '../support/mem-backend-descriptor.js';

type Verb = 'prepare' | 'upload' | 'changes' | 'cleanup';
/** What a verb does before its usual work: throws, waits for its signal, looks into the database. */
type Before = (work: RunWork | TaskWork) => Promise<void> | void;

/** A backend in memory that does as the test says. Every call is noted by its verb. */
export class ScriptedBackend implements Backend {
  readonly calls: string[] = [];
  /** Told at the next `changes`, all at once. */
  news: TaskChange[] = [];
  /** The parameters that the last call was given. */
  parameters: Readonly<Record<string, Json>> = {};
  private readonly script = new Map<Verb, Before[]>();

  /** The next call of a verb does this first; one after another where it is said several times. */
  once(verb: Verb, before: Before): this {
    this.script.set(verb, [...(this.script.get(verb) ?? []), before]);
    return this;
  }

  /** From the next `changes` on, these tasks are in that state. */
  tell(state: TaskChange['state'], ...parts: number[]): void {
    this.news.push(
      ...parts.map((part) => ({
        part,
        state,
        rawState: state.toLowerCase(),
        revision: `${state} ${this.calls.length}`,
      })),
    );
  }

  async prepare(run: RunWork): Promise<void> {
    await this.play('prepare', run, 'prepare');
    this.parameters = run.parameters;
    await run.checkpoint({ project: 1 }, { editorUrl: 'http://editor.example/1' });
  }

  async upload(task: TaskWork): Promise<void> {
    await this.play('upload', task, `upload ${task.part}`);
    await task.checkpoint({ task: task.part }, { remoteId: `remote ${task.part}` });
  }

  async changes(run: RunWork, cursor: Json): Promise<Changes> {
    await this.play('changes', run, 'changes');
    const tasks = this.news;
    this.news = [];
    return { tasks, cursor: { after: ((cursor as { after: number } | null)?.after ?? 0) + 1 } };
  }

  async *download(): AsyncGenerator<ReturnedSample> {}

  async cleanup(run: RunWork): Promise<void> {
    await this.play('cleanup', run, 'cleanup');
  }

  private async play(verb: Verb, work: RunWork | TaskWork, call: string): Promise<void> {
    this.calls.push(call);
    await this.script.get(verb)?.shift()?.(work);
  }
}

const descriptor: BackendDescriptor = { ...memBackendDescriptor(), load: null };

/** A registry that knows one backend, `scripted`. */
export const registryOf = (backend: Backend): BackendRegistry => ({
  names: async () => ['scripted'],
  descriptorOf: async () => descriptor,
  adapterOf: async () => backend,
  close: async () => {},
});

/** The annotation config that goes with it. */
export const scriptedConfig: AnnotationConfig = {
  defaultBackend: 'scripted',
  backends: { scripted: { config_cls: './scripted.js#scripted', token: 'from the config' } },
  warnings: [],
};
