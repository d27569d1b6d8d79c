import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

export interface TestPostgres {
  /** `postgres://…` of the maintenance database. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a PostgreSQL server of our own in a temporary folder: on loopback, on a free port, without durability. */
export async function startPostgres(): Promise<TestPostgres> {
  const binaries = findBinaries();
  const account = await accountToRunAs();
  const folder = await mkdtemp(join(tmpdir(), 'annogate-postgres-'));
  if (account) await chown(folder, account.uid, account.gid);
  const data = join(folder, 'data');
  const options = account ? { uid: account.uid, gid: account.gid, cwd: folder } : { cwd: folder };
  await run(
    join(binaries, 'initdb'),
    ['-D', data, '-U', 'annogate', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    options,
  );
  const port = await freePort();
  const server = spawn(join(binaries, 'postgres'), ['-D', data, ...settings(folder, port)], {
    ...options,
    stdio: 'ignore',
  });
  const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const url = `postgres://annogate@127.0.0.1:${port}/postgres`;
  try {
    await ready(url, data, server);
  } catch (error) {
    await stop(server, gone, folder);
    throw error;
  }
  return { url, stop: () => stop(server, gone, folder) };
}

const settings = (folder: string, port: number): string[] =>
  [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    `unix_socket_directories=${folder}`,
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'max_connections=200',
    'shared_buffers=128MB',
  ].flatMap((setting) => ['-c', setting]);

/** The newest PostgreSQL of the system. */
function findBinaries(): string {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const candidates = [process.env.ANNOGATE_TEST_POSTGRES_BIN, ...versions.map((version) => join(root, version, 'bin'))];
  const found = candidates.find((folder) => folder !== undefined && existsSync(join(folder, 'initdb')));
  if (found === undefined) {
    throw new Error(
      `No PostgreSQL server was found under ${root}. Install one (e.g. "apt-get install postgresql"), or name the folder of initdb in ANNOGATE_TEST_POSTGRES_BIN.`,
    );
  }
  return found;
}

/** PostgreSQL refuses to run as root; then it runs as the user `postgres`. */
async function accountToRunAs(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'postgres'])).stdout)),
  );
  return { uid: uid as number, gid: gid as number };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no free port')),
      );
    });
  });
}

/** Waits until the server answers, and makes sure that it is the one we started. */
async function ready(url: string, data: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended at start with code ${server.exitCode}`);
    const found = await dataDirectory(url).catch(() => null);
    if (found === data) return;
    if (found !== null) throw new Error(`another PostgreSQL answers at ${url}: its data is in ${found}`);
    if (Date.now() > deadline) throw new Error('PostgreSQL did not answer within 60 s');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function dataDirectory(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    return rows[0]?.data_directory ?? '';
  } finally {
    await client.end();
  }
}

/** SIGINT is PostgreSQL's fast shutdown: it ends the connections. */
async function stop(server: ChildProcess, gone: Promise<void>, folder: string): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) server.kill('SIGINT');
  await gone;
  await rm(folder, { recursive: true, force: true });
}
