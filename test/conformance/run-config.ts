import { createRegistry } from '../../backends/registry.js';
import {
  type AnnotationConfig,
  applyEdits,
  loadAnnotationConfig,
  resolveBackendParameters,
} from '../../config/index.js';
import { memBackendDescriptor } from '../support/mem-backend-descriptor.js';
import { Comparison } from './compare.js';
import { checkError } from './errors.js';
import type { ConfigVector, ErrorKind, JsonObject } from './vectors.js';

interface Expectation {
  readonly config?: JsonObject;
  readonly error?: ErrorKind;
  readonly run_config?: JsonObject;
  readonly secrets?: JsonObject;
  readonly stored_keys?: readonly string[];
  readonly run_error?: ErrorKind;
}

/** Loads the config of a vector, and the parameters of a run where it asks for one. */
export async function runConfig(vector: ConfigVector, expected: JsonObject, compatible: boolean): Promise<Comparison> {
  const comparison = new Comparison();
  const expect = expected as unknown as Expectation;
  try {
    const config = await configOf(vector, compatible);
    checkError(comparison, 'error', expect.error, null);
    comparison.compare('config', expect.config, { default_backend: config.defaultBackend, backends: config.backends });
    if (vector.run !== undefined) await compareRun(comparison, config, vector.run, expect);
  } catch (error) {
    checkError(comparison, 'error', expect.error, error);
  }
  return comparison;
}

async function configOf(
  { config_file: file, env, runtime_edits: edits }: ConfigVector,
  compatible: boolean,
): Promise<AnnotationConfig> {
  const text = file === null || typeof file === 'string' ? file : JSON.stringify(file);
  return applyEdits(
    await loadAnnotationConfig({ env, homeDir: '/home', readFile: async () => text, compatible }),
    edits,
  );
}

async function compareRun(
  comparison: Comparison,
  config: AnnotationConfig,
  run: NonNullable<ConfigVector['run']>,
  expect: Expectation,
): Promise<void> {
  try {
    const made = await parametersOf(config, run);
    checkError(comparison, 'run_error', expect.run_error, null);
    const stored: JsonObject = {
      ...made.publicParameters,
      name: made.backend,
      media_field: made.mediaField,
      label_schema: null,
    };
    const { class: className, ...shown } = expect.run_config ?? {};
    comparison.compare('run_config.class', className, made.configCls?.split('.').at(-1));
    for (const [name, value] of Object.entries(shown)) comparison.compare(`run_config.${name}`, value, stored[name]);
    comparison.compare('secrets', expect.secrets, made.secrets);
    comparison.compare('stored_keys', [...(expect.stored_keys ?? [])].sort(), Object.keys(stored).sort());
  } catch (error) {
    checkError(comparison, 'run_error', expect.run_error, error);
  }
}

async function parametersOf(config: AnnotationConfig, run: NonNullable<ConfigVector['run']>) {
  const backend = run.backend ?? config.defaultBackend;
  const registry = createRegistry({ declared: config.backends, baseFolder: '/' });
  const isMem = config.backends[backend]?.config_cls === 'membackend.MemBackendConfig';
  const descriptor = isMem ? memBackendDescriptor() : await registry.descriptorOf(backend);
  return resolveBackendParameters({ config, backend, callArguments: run.kwargs ?? {}, descriptor });
}
