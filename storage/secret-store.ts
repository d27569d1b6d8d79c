import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { CredentialsNeededError } from '../domain/errors/index.js';
import type { Json } from '../domain/labels/index.js';
import { bytesOfHex } from './dialect.js';
import type { SecretKey } from './secret-key.js';
import { type Database, type SqlValue, sqlOf } from './sql.js';
import type { SecretStore, Transaction } from './stores.js';

type Owner = Parameters<SecretStore['get']>[0];

const nonceBytes = 12;
const tagBytes = 16;

interface SecretRow {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly key_id: string;
}

/**
 * Secrets of a run or operation, encrypted with AES-256-GCM: nonce, tag and text in one value. Owner and name are
 * authenticated with it, so a value that was moved to another row does not open. The key is loaded when first needed.
 */
export class SqlSecretStore implements SecretStore {
  private loaded: Promise<SecretKey> | null = null;

  constructor(
    private readonly database: Database,
    private readonly loadKey: () => Promise<SecretKey>,
  ) {}

  async put(tx: Transaction, owner: Owner, secrets: Readonly<Record<string, Json>>): Promise<void> {
    const key = await this.key();
    await this.delete(tx, owner);
    for (const [name, value] of Object.entries(secrets)) {
      await sqlOf(tx).run(
        'INSERT INTO secret(run_hex, operation_id, name, bytes, key_id, created_at) VALUES (?, ?, ?, ?, ?, ?)',
        [
          owner.runId === undefined ? null : bytesOfHex(owner.runId),
          owner.operationId ?? null,
          name,
          seal(key, contextOf(owner, name), JSON.stringify(value)),
          key.id,
          Date.now(),
        ],
      );
    }
  }

  async get(owner: Owner): Promise<Readonly<Record<string, Json>>> {
    const rows = await this.database.query<SecretRow>(
      `SELECT name, bytes, key_id FROM secret WHERE ${columnOf(owner)} = ? ORDER BY name`,
      [keyOf(owner)],
    );
    if (rows.length === 0) return {};
    const key = await this.key();
    const opened = rows.map((row) => [row.name, open(key, contextOf(owner, row.name), row)] as const);
    const lost = opened.filter(([, text]) => text === null).map(([name]) => name);
    if (lost.length > 0) throw new CredentialsNeededError(ownerName(owner), lost);
    return Object.fromEntries(opened.map(([name, text]) => [name, JSON.parse(text as string) as Json]));
  }

  async delete(tx: Transaction, owner: Owner): Promise<void> {
    await sqlOf(tx).run(`DELETE FROM secret WHERE ${columnOf(owner)} = ?`, [keyOf(owner)]);
  }

  private key(): Promise<SecretKey> {
    this.loaded ??= this.loadKey();
    return this.loaded;
  }
}

const columnOf = (owner: Owner): string => (owner.runId === undefined ? 'operation_id' : 'run_hex');

function keyOf({ runId, operationId }: Owner): SqlValue {
  if ((runId === undefined) === (operationId === undefined)) {
    throw new TypeError('secrets belong to a run or to an operation: give one of them');
  }
  return runId === undefined ? (operationId as number) : bytesOfHex(runId);
}

const ownerName = ({ runId, operationId }: Owner): string =>
  runId === undefined ? `operation ${operationId}` : `run ${runId}`;
const contextOf = (owner: Owner, name: string): Buffer => Buffer.from(`${ownerName(owner)}\n${name}`);

function seal(key: SecretKey, context: Buffer, text: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce).setAAD(context);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** Null when the key is another one, or the value was tampered with. */
function open(key: SecretKey, context: Buffer, { bytes, key_id }: SecretRow): string | null {
  if (key_id !== key.id) return null;
  const [nonce, tag, sealed] = [
    bytes.subarray(0, nonceBytes),
    bytes.subarray(nonceBytes, nonceBytes + tagBytes),
    bytes.subarray(nonceBytes + tagBytes),
  ];
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, nonce).setAAD(context).setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}
