import { mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { type BackendRegistry, createRegistry } from '../backends/registry.js';
import { configPath, type Environment } from '../config/index.js';
import { openStorage } from '../storage/open-storage.js';
import type { Storage } from '../storage/stores.js';
import { configReader } from './annotation-config.js';
import type { ServerParts } from './context.js';
import type { ReportBug } from './errors.js';
import { EventPump } from './event-pump.js';
import { ensureFirstToken } from './first-token.js';
import { createApollo } from './graphql.js';
import { httpListener } from './http.js';
import { createLog, type Logger } from './log.js';
import { buildSchema } from './resolvers/build-schema.js';
import type { ServerSettings } from './settings.js';
import { serveWebSocket } from './web-socket.js';

/** A server that runs in this process. */
export interface RunningServer {
  /** Where it listens, e.g. `http://127.0.0.1:4000`. The API is at `/graphql`, its explorer at `/`. */
  readonly url: string;
  /** The first token, made by this start; null where there were tokens. Shown once: only its hash is kept. */
  readonly token: string | null;
  readonly storage: Storage;
  /** Ends subscriptions, waits for answers under way, closes everything. */
  close(): Promise<void>;
}

/** Where the annotation config comes from, and the backends; for tests. Default: this process's. */
export interface Surroundings {
  readonly environment?: Environment;
  readonly homeDir?: string;
  readonly registry?: BackendRegistry;
}

/** Opens the database, makes the first token where there is none, and listens. Throws what opening throws; nothing is left open then. */
export async function startServer(settings: ServerSettings, surroundings: Surroundings = {}): Promise<RunningServer> {
  await mkdir(settings.dataFolder, { recursive: true });
  const { databaseUrl: url, dataFolder, secretKey } = settings;
  const storage = await openStorage({ url, dataFolder, secretKey });
  try {
    const token = await ensureFirstToken(storage);
    const parts = partsOf(storage, createLog(settings.logLevel), surroundings);
    const served = await serve(settings, parts);
    return { ...served, token, storage };
  } catch (error) {
    await storage.close();
    throw error;
  }
}

function partsOf(storage: Storage, log: Logger, surroundings: Surroundings): ServerParts {
  const { environment = process.env, homeDir = homedir() } = surroundings;
  const config = configReader(storage, environment, homeDir);
  const baseFolder = dirname(configPath(environment, homeDir));
  const declared = async () => (await config()).backends;
  const registry = surroundings.registry ?? createRegistry({ declared, baseFolder });
  return { storage, log, config, registry, pump: new EventPump(storage.events, log) };
}

async function serve(settings: ServerSettings, parts: ServerParts): Promise<Pick<RunningServer, 'url' | 'close'>> {
  const { log, pump, registry, storage } = parts;
  const reportBug: ReportBug = (id, cause) => log.error({ id, err: cause }, 'an operation failed inside the server');
  const http = createServer();
  const schema = buildSchema();
  const { operationsPerSocket } = settings;
  const sockets = serveWebSocket({ http, schema, parts, reportBug, operationsPerSocket });
  const apollo = createApollo({ schema, http, reportBug, drain: () => sockets.dispose() });
  await pump.start();
  try {
    await apollo.start();
    http.on('request', httpListener({ parts, apollo, reportBug }));
    const url = await listen(http, settings);
    log.info({ url }, 'server started');
    return { url, close };
  } catch (error) {
    await pump.stop();
    throw error;
  }

  async function close(): Promise<void> {
    await apollo.stop();
    await pump.stop();
    await registry.close();
    await storage.close();
    log.info('server stopped');
  }
}

async function listen(http: Server, { host, port }: ServerSettings): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, () => {
      http.off('error', reject);
      resolve();
    });
  });
  const { address, family, port: actual } = http.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`;
}
