import { randomBytes } from 'node:crypto';
import type { Frame, JsonObject } from '../domain/labels/index.js';
import { hexOfBytes } from './dialect.js';
import { insertRows } from './insert-rows.js';
import type { DatabaseTransaction } from './sql.js';

export interface FrameRow {
  readonly sample_id: number;
  readonly number: number;
  readonly hex: Buffer;
  readonly extra: string | null;
}

export const frameOf = (row: FrameRow): Frame & { readonly sampleKey: number } => ({
  id: hexOfBytes(row.hex),
  number: row.number,
  extra: row.extra === null ? null : (JSON.parse(row.extra) as JsonObject),
  sampleKey: row.sample_id,
});

export interface NewFrame {
  readonly sampleKey: number;
  readonly frame: number;
  readonly id?: string;
  readonly extra?: JsonObject | null;
}

/** Adds frames that are not there yet; those without an id get one. */
export async function addFrames(tx: DatabaseTransaction, frames: readonly NewFrame[]): Promise<void> {
  const rows = frames.map(({ sampleKey, frame, id, extra }) => [
    sampleKey,
    frame,
    id ?? randomBytes(12).toString('hex'),
    extra ? JSON.stringify(extra) : null,
  ]);
  if (rows.length === 0) return;
  const columns = { sample_id: 'bigint', number: 'integer', hex: 'hex', extra: 'text' } as const;
  await insertRows(tx, 'frame', columns, rows, 'ON CONFLICT(sample_id, number) DO NOTHING');
}
