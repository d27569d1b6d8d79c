import { BackendModuleError, BackendNotAvailableError, UnknownBackendError } from '../domain/errors/index.js';
import type { Backend, BackendDescriptor } from './backend.js';
import { type BackendSource, readConfigClass } from './config-class.js';
import { CustomAdapter } from './custom-adapter.js';
import { importDescriptor } from './custom-module.js';
import { cvatDescriptor } from './cvat/descriptor.js';
import { problemsOfAdapter } from './descriptor-shape.js';
import { folderDescriptor } from './folder/descriptor.js';
import { labelboxDescriptor } from './labelbox/descriptor.js';
import { labelStudioDescriptor } from './labelstudio/descriptor.js';

/** The backends that come with us. Adapters load on first use, so reading this costs no client library. */
export const builtInBackends: Readonly<Record<string, BackendDescriptor>> = {
  cvat: cvatDescriptor,
  folder: folderDescriptor,
  labelbox: labelboxDescriptor,
  labelstudio: labelStudioDescriptor,
};

/** The backends of the annotation config, by name; other members are parameters and do not matter here. */
export type DeclaredBackends = Readonly<Record<string, { readonly config_cls?: unknown }>>;

export interface RegistryOptions {
  /** What is declared: a value, or a function where the config can change while we run. */
  readonly declared: DeclaredBackends | (() => DeclaredBackends | Promise<DeclaredBackends>);
  /** Absolute path of the folder that relative module paths start from. */
  readonly baseFolder: string;
}

/**
 * Finds backends by name: those that the annotation config declares, and `folder`, which is always there. Modules are
 * imported on first use and kept; what failed is tried again the next time.
 */
export interface BackendRegistry {
  /** The names that can be used, sorted. */
  names(): Promise<string[]>;
  /**
   * What a backend can do. Throws `UnknownBackendError`; `ConfigClassMissingError` or `ConfigClassUnusableError` for a
   * `config_cls` that names no module; `BackendModuleError` for a module that cannot be loaded or exports something else.
   */
  descriptorOf(name: string): Promise<BackendDescriptor>;
  /** The adapter, made once per backend. Throws what `descriptorOf` throws, and `BackendNotAvailableError`. */
  adapterOf(name: string): Promise<Backend>;
  /** Closes all adapters. */
  close(): Promise<void>;
}

/** Makes a registry over what the annotation config declares. Nothing is loaded yet. */
export function createRegistry(options: RegistryOptions): BackendRegistry {
  return new Registry(options);
}

const builtInNames: ReadonlySet<string> = new Set(Object.keys(builtInBackends));

class Registry implements BackendRegistry {
  private readonly descriptors = new Map<string, Promise<BackendDescriptor>>();
  private readonly adapters = new Map<string, Promise<Backend>>();

  constructor(private readonly options: RegistryOptions) {}

  async names(): Promise<string[]> {
    return [...new Set([...Object.keys(await this.declared()), 'folder'])].sort();
  }

  async descriptorOf(name: string): Promise<BackendDescriptor> {
    return this.descriptorFrom(name, await this.sourceOf(name));
  }

  async adapterOf(name: string): Promise<Backend> {
    const source = await this.sourceOf(name);
    const descriptor = await this.descriptorFrom(name, source);
    return kept(this.adapters, `${name} ${keyOf(source)}`, () => makeAdapter(name, source, descriptor));
  }

  async close(): Promise<void> {
    const adapters = await Promise.allSettled(this.adapters.values());
    this.adapters.clear();
    await Promise.all(adapters.map((made) => (made.status === 'fulfilled' ? made.value.close?.() : undefined)));
  }

  private async declared(): Promise<DeclaredBackends> {
    const { declared } = this.options;
    return typeof declared === 'function' ? declared() : declared;
  }

  private async sourceOf(name: string): Promise<BackendSource> {
    const declared = await this.declared();
    const isDeclared = Object.hasOwn(declared, name);
    if (!isDeclared && name !== 'folder') throw new UnknownBackendError(name, await this.names());
    return readConfigClass(name, isDeclared ? declared[name]?.config_cls : null, builtInNames);
  }

  private async descriptorFrom(name: string, source: BackendSource): Promise<BackendDescriptor> {
    if (source.kind === 'built-in') return builtInBackends[source.name] as BackendDescriptor;
    return kept(this.descriptors, `${name} ${keyOf(source)}`, () =>
      importDescriptor(name, source, this.options.baseFolder),
    );
  }
}

const keyOf = (source: BackendSource): string =>
  source.kind === 'built-in' ? source.name : `${source.module}#${source.exportName}`;

/** The promise kept under a key; one that failed is forgotten. */
function kept<T>(promises: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = promises.get(key);
  if (known !== undefined) return known;
  const made = make();
  promises.set(key, made);
  made.catch(() => promises.delete(key));
  return made;
}

async function makeAdapter(name: string, source: BackendSource, descriptor: BackendDescriptor): Promise<Backend> {
  if (descriptor.load === null) throw new BackendNotAvailableError(name, available);
  if (source.kind === 'built-in') return (await descriptor.load())();
  const broken = (problem: string, cause?: unknown): BackendModuleError =>
    new BackendModuleError(name, source.module, source.exportName, problem, { cause });
  let adapter: Backend;
  try {
    adapter = (await descriptor.load())();
  } catch (error) {
    throw broken(`its adapter cannot be loaded: ${error instanceof Error ? error.message : String(error)}`, error);
  }
  const problems = problemsOfAdapter(adapter);
  if (problems.length > 0) throw broken(`its adapter is incomplete: ${problems.join('; ')}`);
  return new CustomAdapter(name, adapter);
}

const available = Object.keys(builtInBackends).filter((name) => builtInBackends[name]?.load !== null);
