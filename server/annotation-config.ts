import type { BackendRegistry } from '../backends/registry.js';
import {
  type AnnotationConfig,
  applyEdits,
  type Environment,
  loadAnnotationConfig,
  readTextFile,
  type SecretNames,
} from '../config/index.js';
import type { Storage } from '../storage/stores.js';

/** Reads the annotation config in effect: defaults, file, environment, and the run-time edits that all processes share. */
export const configReader =
  (storage: Storage, env: Environment, homeDir: string) => async (): Promise<AnnotationConfig> =>
    applyEdits(await loadAnnotationConfig({ env, homeDir, readFile: readTextFile }), await storage.configEdits.list());

/**
 * The secret parameters of each declared backend, as far as their descriptors can be read; the others are told by
 * their names.
 */
export async function secretNamesOf(registry: BackendRegistry): Promise<SecretNames> {
  const names = await registry.names();
  const secrets = await Promise.all(names.map((name) => secretParameters(registry, name)));
  const byBackend = new Map(names.map((name, i) => [name, secrets[i] ?? []]));
  return (backend) => byBackend.get(backend) ?? [];
}

async function secretParameters(registry: BackendRegistry, name: string): Promise<readonly string[]> {
  const descriptor = await registry.descriptorOf(name).catch(() => null);
  return (descriptor?.parameters ?? []).filter(({ secret }) => secret).map((parameter) => parameter.name);
}
