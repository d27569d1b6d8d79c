import { join } from 'node:path';
import type { Lease } from '../domain/run/index.js';
import { SqlConfigEditStore } from './config-edit-store.js';
import { type Database, openDatabase } from './database.js';
import { SqlDatasetStore } from './dataset-store.js';
import { SqlEventFeed } from './event-feed.js';
import { SqlFindingStore } from './finding-store.js';
import { SqlLabelStore } from './label-store.js';
import { SqlMaskStore } from './mask-store.js';
import { SqlOperationStore } from './operation-store.js';
import { SqlProcessStore } from './process-store.js';
import { createRunStore } from './run-store.js';
import { SqlSampleStore } from './sample-store.js';
import { loadSecretKey, type SecretKeySource } from './secret-key.js';
import { SqlSecretStore } from './secret-store.js';
import type { Storage, Transaction } from './stores.js';
import { SqlTokenStore } from './token-store.js';
import { checkLease, SqlWorkStore } from './work-store.js';

export interface StorageOptions {
  /** `postgres://…`, or the path of an SQLite file, which is made when it is missing. */
  readonly url: string;
  /** Where the secret key is kept, as `secret.key`, unless it is given. */
  readonly dataFolder: string;
  /** 64 hex digits, or base64 of 32 bytes. Null or not given: the data folder's, made at the first secret. */
  readonly secretKey?: string | null;
  /** Whether pending migrations run now (default), or SCHEMA_TOO_OLD is thrown. */
  readonly migrate?: boolean;
}

/** Opens the database with all its stores. SCHEMA_TOO_NEW when a newer version of this program has been at it. */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const key = options.secretKey ?? null;
  const source = key === null ? { file: join(options.dataFolder, 'secret.key') } : { text: key };
  return storageOn(await openDatabase(options), source);
}

/** The stores on a database that is open. */
function storageOn(database: Database, secretKey: SecretKeySource): Storage {
  return {
    engine: database.engine,
    transaction: (work, options) => leased(database, work, options?.lease),
    datasets: new SqlDatasetStore(database),
    samples: new SqlSampleStore(database),
    labels: new SqlLabelStore(database),
    masks: new SqlMaskStore(database),
    runs: createRunStore(database),
    operations: new SqlOperationStore(database),
    findings: new SqlFindingStore(database),
    work: new SqlWorkStore(database),
    events: new SqlEventFeed(database),
    secrets: new SqlSecretStore(database, () => loadSecretKey(secretKey)),
    configEdits: new SqlConfigEditStore(database),
    tokens: new SqlTokenStore(database),
    processes: new SqlProcessStore(database),
    close: () => database.close(),
  };
}

/** The lease is looked at first, in the same transaction: who lost it writes nothing. */
function leased<T>(database: Database, work: (tx: Transaction) => Promise<T>, lease: Lease | undefined): Promise<T> {
  return database.transaction(async (tx) => {
    if (lease) await checkLease(tx, lease);
    return work(tx);
  });
}
