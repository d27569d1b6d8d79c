import PQueue from 'p-queue';
import type { Backend } from '../backends/backend.js';
import type { BackendRegistry } from '../backends/registry.js';
import type { Run } from '../domain/run/index.js';

/**
 * The adapters of all backends, and how many calls go to one remote server at a time. What is one server is told by the
 * run's parameter `url`; a backend without one counts as a server of its own. All runs on a server share its limit.
 */
export class Adapters {
  private readonly queues = new Map<string, PQueue>();

  constructor(
    private readonly registry: Pick<BackendRegistry, 'adapterOf' | 'close'>,
    private readonly callsPerServer: number,
  ) {}

  /** Calls a run's adapter when its server has room; gives up waiting when the signal aborts. */
  async call<T>(run: Run, signal: AbortSignal, verb: (adapter: Backend) => Promise<T>): Promise<T> {
    const adapter = await this.registry.adapterOf(run.backend);
    signal.throwIfAborted();
    return this.queueOf(serverOf(run)).add(() => verb(adapter), { signal });
  }

  async close(): Promise<void> {
    await this.registry.close();
  }

  private queueOf(server: string): PQueue {
    const known = this.queues.get(server);
    if (known !== undefined) return known;
    const made = new PQueue({ concurrency: this.callsPerServer });
    this.queues.set(server, made);
    made.once('idle', () => this.queues.delete(server));
    return made;
  }
}

function serverOf(run: Run): string {
  const { url } = run.parameters;
  return `${run.backend} ${typeof url === 'string' ? url : ''}`;
}
