import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { Client } from './client.js';
import { importSample } from './import-sample.js';
import { startProcesses } from './processes.js';

const { values } = parseArgs({
  options: { sample: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
if (values.help) {
  console.log(`Starts the server and the daemon and stays until Ctrl-C.
  --sample   import the small sample dataset into an empty data folder without asking
Settings are environment variables: ANNOGATE_DATA (default .annogate), ANNOGATE_PORT (4000), ANNOGATE_HOST (127.0.0.1),
ANNOGATE_DATABASE_URL, ANNOGATE_MEDIA_ROOTS; see docs/settings.md.`);
  process.exit(0);
}

const dataFolder = resolve(process.env.ANNOGATE_DATA || '.annogate');
const isNew = !existsSync(dataFolder) || readdirSync(dataFolder).length === 0;

/** The sample is offered only where nothing is there yet. */
async function wantsSample(): Promise<boolean> {
  if (!isNew) return false;
  if (values.sample) return true;
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('The data folder is empty. Import a small sample dataset? [y/N] ');
  terminal.close();
  return /^y/i.test(answer);
}

const sample = await wantsSample();
const processes = await startProcesses();
let stopping = false;
const stop = (): void => {
  stopping = true;
  processes.stop().then(() => process.exit(0));
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);

console.log(`Annogate listens on ${processes.url} (explorer at /, API at /graphql).`);
if (processes.token !== null) {
  console.log(`Token, shown this once: ${processes.token}`);
  if (sample)
    console.log(
      `Imported the sample dataset "${await importSample(new Client(processes.url, processes.token), dataFolder)}".`,
    );
  else if (isNew && !process.stdin.isTTY) console.log('For a small sample dataset, start with: npm start -- --sample');
}
const reason = await processes.ended;
if (!stopping) {
  console.error(`${reason}; stopping.`);
  await processes.stop();
  process.exitCode = 1;
}
