import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exportFolder } from './import-export.js';
import { inProcess, type Measured } from './measure.js';
import type { World } from './world.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    labels: { type: 'string', default: '100000' },
    database: { type: 'string', default: 'sqlite' },
    keep: { type: 'boolean', default: false },
  },
});

const usage =
  'bench merge|transfer --labels N [--database sqlite|postgres] (postgres: set ANNOGATE_BENCH_POSTGRES to a url)';
const round = (n: number): number => Number(n.toPrecision(4));
const rates = (labels: number, { seconds, cpuSeconds, peakRssMb }: Measured) => ({
  labelsPerSecond: Math.round(labels / seconds),
  labelsPerCpuSecond: Math.round(labels / cpuSeconds),
  seconds: round(seconds),
  peakRssMb,
});

/** The load of a run against the plain driver's inserts, each step in its own process; ratios of one sitting. */
async function merge(world: World, labels: number, postgresUrl: string | null): Promise<object> {
  const prepared = await inProcess<{ datasetId: number; untouched: string; edited: string }>('prepare', {
    ...world,
    labels,
  });
  const base = { ...world, datasetId: prepared.datasetId };
  const unchanged = await inProcess<Measured>('load', { ...base, runId: prepared.untouched });
  const loaded = await inProcess<Measured & { result: { counts: object } }>('load', {
    ...base,
    runId: prepared.edited,
  });
  const raw = await inProcess<{ rowsPerSecond: number; rowsPerCpuSecond: number }>('baseline', {
    rows: Math.min(labels, 1_000_000),
    folder: world.folder,
    postgresUrl,
  });
  const ratio = (measured: Measured): number => round(labels / measured.seconds / raw.rowsPerSecond);
  return {
    load: { ...rates(labels, loaded), ratio: ratio(loaded) },
    unchanged: { ...rates(labels, unchanged), ratio: ratio(unchanged) },
    baseline: { rowsPerSecond: Math.round(raw.rowsPerSecond), rowsPerCpuSecond: Math.round(raw.rowsPerCpuSecond) },
    ratio: ratio(loaded),
    counts: loaded.result.counts,
  };
}

/** Export of a dataset and import of that export. */
async function transfer(world: World, labels: number): Promise<object> {
  const path = exportFolder(world);
  await inProcess('export', { ...world, labels, path, make: true });
  const exported = await inProcess<Measured>('export', { ...world, labels, path, make: false });
  const second: World = { folder: join(world.folder, 'second'), databaseUrl: join(world.folder, 'second.db') };
  const imported = await inProcess<Measured & { databaseBytes: number }>('import', { ...second, path });
  return {
    export: rates(labels, exported),
    import: {
      ...rates(labels, imported),
      databaseBytes: imported.databaseBytes,
      bytesPerLabel: Math.round(imported.databaseBytes / labels),
    },
  };
}

const labels = Number(values.labels);
const what = positionals[0];
if (!Number.isSafeInteger(labels) || labels < 1 || (what !== 'merge' && what !== 'transfer')) {
  console.error(usage);
  process.exit(2);
}
const postgresUrl = values.database === 'postgres' ? (process.env.ANNOGATE_BENCH_POSTGRES ?? null) : null;
if (values.database === 'postgres' && postgresUrl === null) {
  console.error(usage);
  process.exit(2);
}
const folder = await mkdtemp(join(tmpdir(), 'annogate-bench-'));
const world: World = { folder, databaseUrl: postgresUrl ?? join(folder, 'bench.db') };
try {
  const figures = what === 'merge' ? await merge(world, labels, postgresUrl) : await transfer(world, labels);
  console.log(JSON.stringify({ bench: what, labels, database: values.database, node: process.version, ...figures }));
} finally {
  if (!values.keep) await rm(folder, { recursive: true, force: true });
}
