import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type LabelSchemaRequest,
  type ResolvedLabelSchema,
  resolveLabelSchema,
} from '../../../domain/label-schema/index.js';
import { canonicalJson, type JsonObject } from '../../../domain/labels/index.js';
import { agreesWith } from '../../support/error-family.js';
import { type MemProfile, memBackendDescriptor } from '../../support/mem-backend-descriptor.js';
import { factsOfVector, type VectorDataset, type VectorView } from '../../support/vector-facts.js';

interface Expectation {
  readonly label_schema?: JsonObject;
  readonly error?: { readonly kind: string };
}

interface Vector {
  readonly name: string;
  readonly dataset_before: VectorDataset;
  readonly annotate: {
    readonly args: JsonObject;
    readonly view: VectorView | null;
    readonly profile: MemProfile;
    readonly capability_overrides?: JsonObject;
    readonly expect: Expectation;
  };
}

const fixtures = new URL('../../fixtures/', import.meta.url);
const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, fixtures), 'utf8'));
const merges = readdirSync(new URL('conformance/merge/', fixtures)).map((name) => `merge/${name}`);
const vectors = ['schema.json', ...merges].flatMap(
  (file) => (read(`conformance/${file}`) as { vectors: Vector[] }).vectors,
);
const deviations = read('deviations.json') as Record<string, { expect: Expectation }>;

/** Deviations of merge vectors are about loads. */
const ownExpectation = (name: string): Expectation | undefined =>
  name.startsWith('schema/') ? deviations[name]?.expect : undefined;

const camelCase = (name: string): string => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

function resolve({ annotate, dataset_before }: Vector, compatible: boolean): ResolvedLabelSchema | { error: unknown } {
  const args = Object.entries(annotate.args).map(([name, value]) => [camelCase(name), value] as const);
  const request: LabelSchemaRequest = { ...Object.fromEntries(args), compatible };
  const backend = { name: 'mem', ...memBackendDescriptor(annotate.profile, annotate.capability_overrides) };
  try {
    return resolveLabelSchema(request, factsOfVector(dataset_before, annotate.view), backend);
  } catch (error) {
    return { error };
  }
}

function check(vector: Vector, compatible: boolean, expected: Expectation): void {
  const resolved = resolve(vector, compatible);
  if (expected.error !== undefined) {
    const error = 'error' in resolved ? resolved.error : null;
    expect(agreesWith(expected.error.kind, error), `${expected.error.kind} but ${String(error)}`).toBe(true);
    return;
  }
  if ('error' in resolved) throw resolved.error;
  expect(JSON.parse(canonicalJson(resolved.labelSchema))).toEqual(JSON.parse(canonicalJson(expected.label_schema)));
}

describe('the label schema that FiftyOne recorded', () => {
  test.each(vectors)('$name comes out when compatible', (vector) => check(vector, true, vector.annotate.expect));

  test.each(vectors)('$name comes out by default, or what is listed as a deviation', (vector) =>
    check(vector, false, ownExpectation(vector.name) ?? vector.annotate.expect),
  );
});
