import type { PackedMask } from '../domain/labels/index.js';
import { collectMasks } from './collect-masks.js';
import { bytesOfHex } from './dialect.js';
import { type Database, type DatabaseTransaction, type SqlValue, sqlOf } from './sql.js';
import type { MaskStore, Transaction } from './stores.js';

/** Masks by the hash of what they show: each is stored once, however many labels have it. */
export class SqlMaskStore implements MaskStore {
  constructor(private readonly database: Database) {}

  put(tx: Transaction, masks: readonly PackedMask[]): Promise<void> {
    return putMasks(sqlOf(tx), masks);
  }

  async get(hash: string): Promise<Uint8Array | null> {
    const [row] = await this.database.query<{ bytes: Buffer }>('SELECT bytes FROM mask WHERE hash = ?', [
      bytesOfHex(hash),
    ]);
    return row?.bytes ?? null;
  }

  collect(tx: Transaction, limit: number): Promise<number> {
    return collectMasks(sqlOf(tx), limit);
  }
}

const masksPerStatement = 64;

/** Stores masks that are not there yet. The bytes are bound as they are: no text makes them larger. */
export async function putMasks(tx: DatabaseTransaction, masks: readonly PackedMask[]): Promise<void> {
  const distinct = [...new Map(masks.map((mask) => [mask.hash, mask])).values()].sort((a, b) =>
    a.hash < b.hash ? -1 : 1,
  );
  for (let i = 0; i < distinct.length; i += masksPerStatement) {
    const piece = distinct.slice(i, i + masksPerStatement);
    const values: SqlValue[] = piece.flatMap(({ hash, bytes }) => [bytesOfHex(hash), bytes]);
    await tx.run(
      `INSERT INTO mask(hash, bytes) VALUES ${piece.map(() => '(?, ?)').join(', ')} ON CONFLICT(hash) DO NOTHING`,
      values,
    );
  }
}
