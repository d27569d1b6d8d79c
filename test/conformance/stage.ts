import { EventEmitter } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BackendDescriptor } from '../../backends/backend.js';
import type { BackendRegistry } from '../../backends/registry.js';
import { Adapters } from '../../daemon/adapters.js';
import { advance } from '../../daemon/advance.js';
import type { DaemonContext } from '../../daemon/context.js';
import { readSettings } from '../../daemon/settings.js';
import { WatchPace } from '../../daemon/watch-pace.js';
import { UnknownBackendError } from '../../domain/errors/index.js';
import type { Operation } from '../../domain/run/index.js';
import type { AnnotationContext } from '../../server/context.js';
import { openStorage } from '../../storage/open-storage.js';
import type { Storage } from '../../storage/stores.js';
import { newHex } from './dataset.js';

/** A database of its own, and the daemon's steps moved by hand: nothing runs beside a vector. */
export class Stage {
  private now = Date.now();

  private constructor(
    readonly storage: Storage,
    readonly folder: string,
  ) {}

  static async open(): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), 'annogate-conformance-'));
    return new Stage(await openStorage({ url: join(folder, 'annogate.db'), dataFolder: folder }), folder);
  }

  async close(): Promise<void> {
    await this.storage.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Ends what earlier vectors left behind, so that only the vector in hand has work that is due. */
  async quiet(): Promise<void> {
    const { items } = await this.storage.runs.list({ first: 1_000 });
    if (items.length === 0) return;
    await this.storage.transaction(async (tx) => {
      for (const { item } of items) await this.storage.runs.delete(tx, item.id);
      tx.emit({ kind: 'RUN_DELETED', detail: { runs: items.length } });
    });
  }

  /** What the API's functions work with; the one backend is `mem`. */
  annotation(descriptor: () => BackendDescriptor): AnnotationContext {
    const config = async () => ({ defaultBackend: 'mem', backends: { mem: {} }, warnings: [] });
    return { storage: this.storage, registry: registryOf(descriptor), config, author: null };
  }

  /** Moves due work on, step by step, until the condition holds; time jumps where nothing is due. */
  async drive(descriptor: () => BackendDescriptor, until: () => Promise<boolean>): Promise<void> {
    const context = this.daemon(descriptor);
    for (let step = 0; step < 500; step++) {
      if (await until()) return;
      const leases = await this.storage.work.claimDue({
        kinds: ['run', 'task', 'operation'],
        limit: 8,
        leaseFor: 60_000,
        now: this.now,
      });
      if (leases.length === 0) this.now += 1_000;
      for (const lease of leases) {
        const next = await advance(context, lease, new AbortController().signal);
        await this.storage.work.finish(lease, next);
      }
    }
    throw new Error('the work does not come to an end');
  }

  async operation(descriptor: () => BackendDescriptor, id: number): Promise<Operation> {
    const over = async () =>
      ['SUCCEEDED', 'FAILED', 'CANCELLED'].includes((await this.storage.operations.byId(id))?.state ?? '');
    await this.drive(descriptor, over);
    return (await this.storage.operations.byId(id)) as Operation;
  }

  private daemon(descriptor: () => BackendDescriptor): DaemonContext {
    const settings = { ...readSettings({ ANNOGATE_DATA: this.folder }), retry: { first: 1, longest: 1, attempts: 1 } };
    const registry = registryOf(descriptor);
    return {
      storage: this.storage,
      registry,
      adapters: new Adapters(registry, 1),
      pace: new WatchPace(10, 10),
      config: async () => ({ defaultBackend: 'mem', backends: { mem: {} }, warnings: [] }),
      settings,
      clock: () => this.now,
      random: () => 0.5,
      newId: newHex,
      events: new EventEmitter(),
      dataFolder: this.folder,
      crashPoint: () => {},
    };
  }
}

const registryOf = (descriptor: () => BackendDescriptor): BackendRegistry => ({
  names: async () => ['mem'],
  descriptorOf: async (name) => {
    if (name !== 'mem') throw new UnknownBackendError(name, ['mem']);
    return descriptor();
  },
  adapterOf: async () => {
    const load = descriptor().load;
    if (load === null) throw new Error('the vector has no adapter');
    return (await load())();
  },
  close: async () => {},
});
