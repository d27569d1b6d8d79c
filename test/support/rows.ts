import type { Database } from '../../storage/database.js';

let made = 0;

/** 24 hex digits, another one each time. */
export const newHex = (): string => (++made).toString(16).padStart(24, '0');

/** An empty dataset as a bare row. Returns its id. */
export async function addDataset(database: Database): Promise<number> {
  const hex = newHex();
  const [row] = await database.transaction((tx) =>
    tx.run<{ id: number }>(
      `INSERT INTO dataset(hex, name, media_type, mask_targets, group_media_types, created_at, modified_at)
       VALUES (?, ?, 'image', '{}', '{}', 0, 0) RETURNING id`,
      [Buffer.from(hex, 'hex'), `dataset ${hex}`],
    ),
  );
  return row?.id ?? 0;
}

export interface SampleRow {
  readonly key: number;
  readonly hex: string;
}

/** Bare rows of images `/0.jpg`, `/1.jpg`, … in key order. */
export async function addSamples(database: Database, datasetId: number, count: number): Promise<readonly SampleRow[]> {
  const samples = Array.from({ length: count }, (_, i) => [newHex(), `/${i}.jpg`]);
  const { each, hex, text } = database.dialect;
  const rows = await database.transaction((tx) =>
    tx.run<{ id: number; path: string }>(
      `INSERT INTO sample(dataset_id, hex, path, media_type, modified_at)
       SELECT CAST(? AS bigint), ${hex(0)}, ${text(1)}, 'image', 0 FROM ${each()} WHERE true RETURNING id, path`,
      [datasetId, JSON.stringify(samples)],
    ),
  );
  return rows.sort((a, b) => a.id - b.id).map((row, i) => ({ key: row.id, hex: samples[i]?.[0] ?? '' }));
}

/** A field as a bare row. Returns its id. */
export async function addField(database: Database, datasetId: number, name: string): Promise<number> {
  const [row] = await database.transaction((tx) =>
    tx.run<{ id: number }>(
      "INSERT INTO field(dataset_id, name, type, created_at) VALUES (?, ?, 'Detections', 0) RETURNING id",
      [datasetId, name],
    ),
  );
  return row?.id ?? 0;
}
