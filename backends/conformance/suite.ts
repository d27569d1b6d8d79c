import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BackendDescriptor } from '../backend.js';
import { cleaningPromises } from './promises/cleaning.js';
import { editingPromises } from './promises/editing.js';
import { returningPromises } from './promises/returning.js';
import { interruptionPromises, sendingPromises } from './promises/sending.js';
import { watchingPromises } from './promises/watching.js';
import { makeWork } from './runs.js';
import type { ConformanceOptions, Promised, Scene } from './stage.js';

/** The two functions of a test runner that the suite needs; those of vitest and of `node:test` fit. */
export interface TestRunner {
  describe(name: string, body: () => void): unknown;
  readonly test: ((name: string, body: () => Promise<void>) => unknown) & {
    skip(name: string, body: () => Promise<void>): unknown;
  };
}

/**
 * Checks every promise of the `Backend` interface: call it in a test file, with the functions of your test runner.
 * Each promise is a test of its own with a fresh remote side. Throws at once for a gap that names no promise.
 */
export function describeBackend(name: string, options: ConformanceOptions, { describe, test }: TestRunner): void {
  const { descriptor, gaps = {} } = options;
  const groups = promisesOf(descriptor);
  const names = new Set(Object.values(groups).flatMap((promises) => promises.map((promised) => promised.name)));
  const unknown = Object.keys(gaps).filter((gap) => !names.has(gap));
  if (unknown.length > 0)
    throw new Error(
      `These gaps of ${name} name no promise: ${unknown.join('; ')}. Promises are: ${[...names].join('; ')}`,
    );
  describe(`backend ${name}`, () => {
    for (const [group, promises] of Object.entries(groups))
      describe(group, () => {
        for (const promised of promises) declare(promised, options, test);
      });
  });
}

/** All promises that a backend with this descriptor makes, by what they are about. */
export function promisesOf({ capabilities }: BackendDescriptor): Readonly<Record<string, readonly Promised[]>> {
  return {
    sending: sendingPromises,
    'being cut short': interruptionPromises,
    watching: watchingPromises(capabilities),
    'bringing home': returningPromises(capabilities),
    edits: editingPromises(capabilities),
    'cleaning up': cleaningPromises,
  };
}

function declare(promised: Promised, options: ConformanceOptions, test: TestRunner['test']): void {
  const gap = options.gaps?.[promised.name];
  const body = (): Promise<void> => play(promised, options);
  if (gap === undefined) test(promised.name, body);
  else test.skip(`${promised.name} (not kept: ${gap})`, body);
}

/** Checks one promise on a stage of its own. */
export async function play(promised: Promised, { descriptor, start }: ConformanceOptions): Promise<void> {
  if (descriptor.load === null) throw new Error('the descriptor has no adapter to check: its "load" is null');
  const backend = (await descriptor.load())();
  const folder = await mkdtemp(join(tmpdir(), 'annogate-conformance-'));
  const stage = await start();
  const settings = {
    descriptor,
    parameters: { conformance_secret: 'a-value-that-nobody-may-see', ...stage.parameters },
    dataFolder: stage.dataFolder ?? join(folder, 'data'),
    mediaFolder: join(folder, 'media'),
    video: stage.video ?? null,
  };
  const scene: Scene = { backend, descriptor, stage, work: (kind = {}) => makeWork(kind, settings) };
  try {
    await promised.check(scene);
  } finally {
    await backend.close?.();
    await stage.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
