import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { type Label, labelFromDocument, type WholeSample } from '../../domain/labels/index.js';
import { readSettings } from '../../server/settings.js';
import { type RunningServer, type Surroundings, startServer } from '../../server/start.js';
import type { Dataset, Storage } from '../../storage/stores.js';
import { test as databaseTest, type FreshDatabase } from '../support/database.js';

/** An answer as it came over the wire. */
export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: a test reads answers of any shape
  readonly data?: any;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: unknown;
    readonly extensions: ErrorExtensions;
  }[];
}

interface ErrorExtensions {
  readonly code: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A server in this process on a free port, with a client that has its token. */
export class Gateway {
  private readonly clients: Client[] = [];
  /** Everything that was answered, as text: nothing of it may hold a secret. */
  readonly heard: string[] = [];

  constructor(
    readonly server: RunningServer,
    readonly folder: string,
  ) {}

  get storage(): Storage {
    return this.server.storage;
  }

  get token(): string {
    return this.server.token ?? '';
  }

  /** Sends a query with the token; the answer as it came. */
  async ask(query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    const response = await this.post({ query, variables }, { authorization: `Bearer ${this.token}` });
    return (await response.json()) as Answer;
  }

  /** The data of an answer without errors. */
  async data(query: string, variables: Record<string, unknown> = {}): Promise<Answer['data']> {
    const { data, errors } = await this.ask(query, variables);
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  /** The code of the one error that the answer has. */
  async code(query: string, variables: Record<string, unknown> = {}): Promise<string | undefined> {
    return (await this.ask(query, variables)).errors?.[0]?.extensions.code;
  }

  async post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${this.server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: text,
    });
    this.heard.push(await response.clone().text());
    return response;
  }

  /** A WebSocket client; the token unless other parameters are given. */
  socket(connectionParams: Record<string, unknown> = { token: this.token }): Client {
    const client = createClient({
      url: `${this.server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams,
      retryAttempts: 0,
      lazy: true,
    });
    this.clients.push(client);
    return client;
  }

  async close(): Promise<void> {
    for (const client of this.clients) await client.dispose();
    await this.server.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A gateway on a database. Its annotation config is FiftyOne's default unless the surroundings say otherwise. */
export async function startGateway(fresh: FreshDatabase, surroundings: Surroundings = {}): Promise<Gateway> {
  const folder = await mkdtemp(join(tmpdir(), 'annogate-server-'));
  const settings = readSettings({
    ANNOGATE_DATABASE_URL: fresh.url,
    ANNOGATE_DATA: folder,
    ANNOGATE_PORT: '0',
    ANNOGATE_LOG_LEVEL: 'silent',
    ANNOGATE_OPERATIONS_PER_SOCKET: '3',
  });
  const server = await startServer(settings, { environment: {}, homeDir: folder, ...surroundings });
  return new Gateway(server, folder);
}

export const test = databaseTest.extend<{ gateway: Gateway }>({
  gateway: async ({ fresh }, use) => {
    const gateway = await startGateway(fresh);
    await use(gateway);
    await gateway.close();
  },
});

/** 24 hex digits that tell what they are of. */
export const hex = (letter: string, n: number): string => letter.repeat(12) + n.toString(16).padStart(12, '0');

export interface Box {
  readonly label?: string;
  readonly confidence?: number;
  readonly tags?: string[];
  readonly occluded?: boolean;
}

/** A box as the dataset holds it; the id is `hex('b', n)`. */
export function box(n: number, { label = 'car', ...rest }: Box = {}): Label {
  return labelFromDocument('Detection', { label, bounding_box: [0.1, 0.1, 0.2, 0.2], ...rest }, hex('b', n));
}

/**
 * A dataset `street` of images with boxes in `ground_truth`, a text in `weather` and a new-to-everything field `empty`.
 * Image i has the boxes given for it; its id is `hex('a', i)`.
 */
export async function street(
  storage: Storage,
  boxes: readonly (readonly Label[])[],
  name = 'street',
): Promise<Dataset> {
  return storage.transaction(async (tx) => {
    const dataset = await storage.datasets.create(tx, { ...emptyDataset, name, hex: hex('d', name.length) });
    await storage.datasets.ensureField(tx, dataset.id, { name: 'ground_truth', type: 'Detections', document: null });
    await storage.datasets.ensureField(tx, dataset.id, { name: 'weather', type: 'string', document: null });
    const samples = boxes.map((labels, i) => image(i, labels));
    await storage.samples.insertWhole(tx, dataset.id, samples, []);
    tx.emit({ kind: 'DATASET_CREATED', datasetId: dataset.id, detail: { name } });
    return dataset;
  });
}

const image = (i: number, labels: readonly Label[]): WholeSample => ({
  id: hex('a', i),
  path: `/street/${i}.png`,
  mediaType: 'image',
  width: 100,
  height: 50,
  metadata: { size_bytes: 1_000 },
  tags: i % 2 === 0 ? ['even'] : ['odd'],
  group: null,
  extra: null,
  fields: new Map([
    ['ground_truth', { labels, value: null }],
    ['weather', { labels: null, value: i % 2 === 0 ? '"sun"' : '"rain"' }],
  ]),
});

const emptyDataset = {
  mediaType: 'image',
  document: null,
  persistent: true,
  maskTargets: {},
  defaultMaskTargets: null,
  groupField: null,
  groupMediaTypes: {},
  defaultGroupSlice: null,
  foreignRuns: null,
};
