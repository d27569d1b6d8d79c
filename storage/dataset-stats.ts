import { NotFoundError } from '../domain/errors/index.js';
import { type DatasetRow, type FieldRow, fieldOf, fieldsSql } from './dataset-rows.js';
import { labelsOf } from './label-key.js';
import type { SqlRunner } from './sql.js';
import type { DatasetStats } from './stores.js';

/** Integers of a row and its entries in the indexes, on top of ids, texts and numbers. */
const overheadPerLabel = 130;
const labelsLookedAt = 1_000;

/** Sizes of a dataset. Labels are counted by counters and their bytes estimated from some rows; frames are counted. */
export async function datasetStats(sql: SqlRunner, datasetId: number): Promise<DatasetStats> {
  const [dataset] = await sql.query<DatasetRow>('SELECT sample_count FROM dataset WHERE id = ?', [datasetId]);
  if (dataset === undefined) throw new NotFoundError('dataset', String(datasetId));
  const fields = (await sql.query<FieldRow>(fieldsSql, [datasetId])).map(fieldOf);
  const labels = fields.reduce((sum, field) => sum + field.labelCount, 0);
  const [frames] = await sql.query<{ count: number }>(
    'SELECT count(*) AS count FROM sample s CROSS JOIN frame n WHERE s.dataset_id = ? AND n.sample_id = s.id',
    [datasetId],
  );
  return {
    samples: dataset.sample_count,
    frames: frames?.count ?? 0,
    labels,
    estimatedLabelBytes: labels === 0 ? 0 : Math.round(labels * (await bytesOfLabel(sql, datasetId))),
    fields: fields.map((field) => ({ field, labels: field.labelCount })),
  };
}

async function bytesOfLabel(sql: SqlRunner, datasetId: number): Promise<number> {
  const [row] = await sql.query<{ bytes: number | null }>(
    `SELECT avg(bytes) AS bytes FROM (
       SELECT 12 + coalesce(length(l.geometry), 0) + coalesce(length(l.attributes), 0) + coalesce(length(l.tags), 0)
         + CASE WHEN l.confidence IS NULL THEN 0 ELSE 20 END AS bytes
       FROM sample s CROSS JOIN label l WHERE s.dataset_id = ? AND ${labelsOf('s.id')} LIMIT ${labelsLookedAt}) looked_at`,
    [datasetId],
  );
  return overheadPerLabel + Number(row?.bytes ?? 0);
}
