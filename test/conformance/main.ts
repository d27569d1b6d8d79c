import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Comparison, describeDifference } from './compare.js';
import { runConfig } from './run-config.js';
import { type Expectations, runMerge } from './run-merge.js';
import { runRuns } from './run-runs.js';
import { Stage } from './stage.js';
import type { Deviations, JsonObject, LoadExpect, RunStep, Vector, VectorFile } from './vectors.js';

const fixtures = new URL('../fixtures/', import.meta.url);

/** What we do otherwise on purpose, by vector name or family (`group/*`), each with its reason. */
export function readDeviations(): Deviations {
  return JSON.parse(readFileSync(new URL('deviations.json', fixtures), 'utf8')) as Deviations;
}

/** All vectors of the files in folders (searched with all below them) or files given. */
export function readVectors(paths: readonly string[]): Vector[] {
  const files = paths.flatMap(filesIn);
  return files.flatMap((file) => {
    const content = JSON.parse(readFileSync(file, 'utf8')) as Partial<VectorFile>;
    return Array.isArray(content.vectors) ? [...content.vectors] : [];
  });
}

function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => a.name.localeCompare(b.name))
    .flatMap((entry) =>
      entry.isDirectory()
        ? filesIn(join(path, entry.name))
        : entry.name.endsWith('.json')
          ? [join(path, entry.name)]
          : [],
    );
}

/** Runs one vector as `expect` says; null where it passes, else what differs. */
export async function runVector(
  stage: Stage,
  vector: Vector,
  expect: JsonObject | null,
  compatible: boolean,
): Promise<string | null> {
  await stage.quiet();
  const comparison = await compared(stage, vector, expect, compatible).catch((error: unknown) => {
    const failed = new Comparison();
    failed.compare(
      'the run of the vector',
      null,
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
    return failed;
  });
  return comparison.differences.length === 0
    ? null
    : comparison.differences.slice(0, 12).map(describeDifference).join('\n');
}

function compared(stage: Stage, vector: Vector, expect: JsonObject | null, compatible: boolean): Promise<Comparison> {
  switch (vector.kind) {
    case 'config':
      return runConfig(vector, expect ?? vector.expect, compatible);
    case 'runs':
      return runRuns(stage, vector, (expect?.steps as unknown as RunStep[] | undefined) ?? vector.steps);
    case 'schema': {
      const annotate =
        expect === null ? vector.annotate : { ...vector.annotate, expect: expect as typeof vector.annotate.expect };
      return runMerge(stage, { ...vector, kind: 'merge', annotate }, [], compatible);
    }
    case 'merge':
      return runMerge(stage, vector, expectations(vector.loads?.length ?? 0, expect), compatible);
  }
}

function expectations(loads: number, expect: JsonObject | null): Expectations {
  if (expect === null) return [];
  if (Array.isArray(expect.loads)) return expect.loads as unknown as LoadExpect[];
  return loads === 1 ? [expect as LoadExpect] : [];
}

async function main(paths: readonly string[]): Promise<number> {
  const vectors = readVectors(paths);
  const deviations = readDeviations();
  const stage = await Stage.open();
  let failed = 0;
  try {
    for (const vector of vectors) {
      const deviation = deviations[vector.name];
      const difference = await runVector(stage, vector, (deviation?.expect as JsonObject | undefined) ?? null, false);
      if (difference === null) continue;
      failed++;
      console.log(`FAIL ${vector.name}\n  ${vector.description}\n${difference}`);
    }
  } finally {
    await stage.close();
  }
  console.log(`${vectors.length - failed} passed, ${failed} failed`);
  return failed === 0 && vectors.length > 0 ? 0 : 1;
}

if (process.argv[1] !== undefined && import.meta.url === new URL(`file://${process.argv[1]}`).href) {
  const paths = process.argv.slice(2);
  if (paths.length === 0) {
    console.error('Name at least one folder of vector files, e.g. test/fixtures/conformance');
    process.exitCode = 2;
  } else process.exitCode = await main(paths);
}
