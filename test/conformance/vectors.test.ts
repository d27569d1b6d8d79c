import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDeviations, readVectors, runVector } from './main.js';
import { Stage } from './stage.js';
import type { JsonObject } from './vectors.js';

const vectors = readVectors([fileURLToPath(new URL('../fixtures/conformance', import.meta.url))]);
const deviations = readDeviations();

describe('what FiftyOne recorded', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  test('is all there', () => {
    expect(vectors).toHaveLength(448);
    const names = new Set(vectors.map(({ name }) => name));
    expect(Object.keys(deviations).filter((name) => !names.has(name))).toEqual([]);
  });

  test.each(vectors)('$name: $description', async (vector) => {
    const expected = (deviations[vector.name]?.expect as JsonObject | undefined) ?? null;
    expect(await runVector(stage, vector, expected, false)).toBeNull();
  });

  // What both modes do otherwise: ids stay unique, values go where they belong, levels are not mixed, facts are no cache.
  const neverAsRecorded = new Set([
    'concurrent/same_new_id_both_sides',
    'dest_field/dict_swap_same_target',
    'group/scalar_other_slice',
    'video_tracks/dest_field_without_prefix',
  ]);
  const differing = vectors.filter(
    ({ name, kind }) => name in deviations && kind !== 'runs' && !neverAsRecorded.has(name),
  );
  test.each(differing)('$name comes out as recorded where the load is compatible', async (vector) => {
    expect(await runVector(stage, vector, null, true)).toBeNull();
  });
});
