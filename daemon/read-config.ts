import { homedir } from 'node:os';
import type { BackendRegistry } from '../backends/registry.js';
import {
  type AnnotationConfig,
  applyEdits,
  loadAnnotationConfig,
  readTextFile,
  type SecretNames,
} from '../config/index.js';
import type { Storage } from '../storage/stores.js';

/** The annotation config as it is now: defaults, file, environment, and the runtime edits that all processes share. */
export async function readConfig(
  storage: Pick<Storage, 'configEdits'>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<AnnotationConfig> {
  const config = await loadAnnotationConfig({ env, readFile: readTextFile, homeDir: homedir() });
  return applyEdits(config, await storage.configEdits.list());
}

/** Which parameters of each backend are secret; backends that cannot be loaded are judged by the names alone. */
export async function secretNamesOf(
  registry: Pick<BackendRegistry, 'descriptorOf'>,
  config: AnnotationConfig,
): Promise<SecretNames> {
  const names = new Map<string, string[]>();
  for (const backend of Object.keys(config.backends)) {
    const descriptor = await registry.descriptorOf(backend).catch(() => null);
    if (descriptor !== null)
      names.set(
        backend,
        descriptor.parameters.filter(({ secret }) => secret).map(({ name }) => name),
      );
  }
  return (backend) => names.get(backend) ?? [];
}
