import { baseline } from './baseline.js';
import { exportLabels, importLabels } from './import-export.js';
import { load } from './load.js';
import { prepare } from './prepare.js';

/** One step of a measurement, in a process of its own: what it reports goes to the parent. */
const steps = { baseline, prepare, load, import: importLabels, export: exportLabels } as const;

const [name, options] = process.argv.slice(2);
const step = steps[name as keyof typeof steps] as (options: unknown) => Promise<unknown>;
const result = await step(JSON.parse(options ?? '{}'));
process.send?.(result as object, () => process.disconnect());
