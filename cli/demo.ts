import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from './client.js';
import { demonstrate } from './demo/loop.js';
import { bold, heading, say } from './demo/show.js';
import { startProcesses } from './processes.js';

const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });

/** A folder of its own each time, so that a demonstration never meets the leftovers of another. */
function newDataFolder(): string {
  const parent = resolve('.annogate');
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(`${parent}/demo-`);
}

const dataFolder = newDataFolder();
const port = values.once ? '0' : (process.env.ANNOGATE_PORT ?? '0');
const processes = await startProcesses({
  ANNOGATE_DATA: dataFolder,
  ANNOGATE_DATABASE_URL: `${dataFolder}/annogate.db`,
  ANNOGATE_PORT: port,
  ANNOGATE_LOG_LEVEL: process.env.ANNOGATE_LOG_LEVEL ?? 'warn',
  ANNOGATE_WATCH_FASTEST_MS: '200',
});
const token = processes.token ?? '';

let ending = false;

async function end(code: number): Promise<never> {
  ending = true;
  await processes.stop();
  if (values.once) rmSync(dataFolder, { recursive: true, force: true });
  process.exit(code);
}

process.once('SIGINT', () => void end(0));
process.once('SIGTERM', () => void end(0));
processes.ended.then((reason) => {
  if (ending) return;
  console.error(reason);
  void end(1);
});

say(`${bold('Annogate')}: server and daemon are up as two processes, on SQLite, data in ${dataFolder}`);
try {
  await demonstrate(new Client(processes.url, token), dataFolder);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  await end(1);
}
if (values.once) await end(0);

heading('It stays up until Ctrl-C');
say(`  explorer  ${processes.url}/#token=${token}`);
say(`  API       ${processes.url}/graphql`);
say(`  token     ${token}`);
say('  three queries to try:');
say(
  '    { dataset(name: "shapes") { sampleCount stats { labels estimatedLabelBytes } labelCounts(field: "ground_truth") { name count } } }',
);
say('    { run(dataset: "shapes", annoKey: "fix_boxes") { state labelSchema } }');
say('    { findings(filter: { runId: "<id of the run>" }) { edges { node { rule what ours theirs } } } }');
