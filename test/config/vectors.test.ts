import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createRegistry } from '../../backends/registry.js';
import {
  type AnnotationConfig,
  applyEdits,
  loadAnnotationConfig,
  resolveBackendParameters,
} from '../../config/index.js';
import { canonicalJson, type Json, type JsonObject } from '../../domain/labels/index.js';
import { agreesWith } from '../support/error-family.js';
import { memBackendDescriptor } from '../support/mem-backend-descriptor.js';

interface Expectation {
  readonly config?: JsonObject;
  readonly error?: { readonly kind: string };
  readonly run_config?: JsonObject;
  readonly secrets?: JsonObject;
  readonly stored_keys?: readonly string[];
  readonly run_error?: { readonly kind: string };
}

interface Vector {
  readonly name: string;
  readonly config_file: Json;
  readonly env: Record<string, string>;
  readonly runtime_edits: readonly { readonly path: readonly string[]; readonly value: Json }[];
  readonly run?: { readonly backend?: string; readonly kwargs?: JsonObject };
  readonly expect: Expectation;
}

const fixtures = new URL('../fixtures/', import.meta.url);
const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, fixtures), 'utf8'));
const { vectors } = read('conformance/config.json') as { vectors: Vector[] };
const deviations = read('deviations.json') as Record<string, { expect: Expectation }>;

async function configOf(vector: Vector, compatible: boolean): Promise<AnnotationConfig> {
  const { config_file: file, env } = vector;
  const text = file === null || typeof file === 'string' ? file : JSON.stringify(file);
  const loaded = await loadAnnotationConfig({ env, homeDir: '/home', readFile: async () => text, compatible });
  return applyEdits(loaded, vector.runtime_edits);
}

async function runOf(config: AnnotationConfig, run: NonNullable<Vector['run']>) {
  const backend = run.backend ?? config.defaultBackend;
  const registry = createRegistry({ declared: config.backends, baseFolder: '/' });
  const isMem = config.backends[backend]?.config_cls === 'membackend.MemBackendConfig';
  const descriptor = isMem ? memBackendDescriptor() : await registry.descriptorOf(backend);
  return resolveBackendParameters({ config, backend, callArguments: run.kwargs ?? {}, descriptor });
}

async function checkRun(
  config: AnnotationConfig,
  run: NonNullable<Vector['run']>,
  expected: Expectation,
): Promise<void> {
  const made = await runOf(config, run).catch((error: unknown) => ({ error }));
  if (expected.run_error !== undefined) {
    expect('error' in made && agreesWith(expected.run_error.kind, made.error), canonicalJson(made)).toBe(true);
    return;
  }
  if ('error' in made) throw made.error;
  const stored: JsonObject = {
    ...made.publicParameters,
    name: made.backend,
    media_field: made.mediaField,
    label_schema: null,
  };
  const { class: className, ...shown } = expected.run_config ?? {};
  expect(made.configCls?.split('.').at(-1)).toBe(className);
  expect(stored).toMatchObject(shown);
  expect(made.secrets).toEqual(expected.secrets);
  expect(Object.keys(stored).sort()).toEqual([...(expected.stored_keys ?? [])].sort());
}

async function check(vector: Vector, compatible: boolean, expected: Expectation): Promise<void> {
  const config = await configOf(vector, compatible).catch((error: unknown) => ({ error }));
  if (expected.error !== undefined) {
    expect('error' in config && agreesWith(expected.error.kind, config.error)).toBe(true);
    return;
  }
  if ('error' in config) throw config.error;
  expect({ default_backend: config.defaultBackend, backends: config.backends }).toEqual(expected.config);
  if (vector.run !== undefined) await checkRun(config, vector.run, expected);
}

describe('the annotation config that FiftyOne recorded', () => {
  test.each(vectors)('$name comes out when compatible', (vector) => check(vector, true, vector.expect));

  test.each(vectors)('$name comes out by default, or what is listed as a deviation', (vector) =>
    check(vector, false, deviations[vector.name]?.expect ?? vector.expect),
  );
});
