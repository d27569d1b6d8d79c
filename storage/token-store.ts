import { createHash } from 'node:crypto';
import { ConflictError } from '../domain/errors/index.js';
import { type Database, sqlOf } from './sql.js';
import type { TokenStore, Transaction } from './stores.js';

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Bearer tokens by their hash. They are long and random, so a plain SHA-256 is as good as a slow one. */
export class SqlTokenStore implements TokenStore {
  constructor(private readonly database: Database) {}

  /** CONFLICT when the name or the token is in use. */
  async add(tx: Transaction, name: string, token: string): Promise<void> {
    const rows = await sqlOf(tx).run(
      'INSERT INTO api_token(name, hash, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1 AS done',
      [name, hashOf(token), Date.now()],
    );
    if (rows.length === 0) throw new ConflictError(`There is a token "${name}" already. Choose another name.`);
  }

  async nameOf(token: string): Promise<string | null> {
    const [row] = await this.database.query<{ name: string }>(
      'SELECT name FROM api_token WHERE hash = ? AND revoked_at IS NULL',
      [hashOf(token)],
    );
    return row?.name ?? null;
  }

  async isEmpty(): Promise<boolean> {
    return (await this.database.query('SELECT 1 AS one FROM api_token WHERE revoked_at IS NULL LIMIT 1')).length === 0;
  }
}
