import { labelsOf } from './label-key.js';
import type { DatabaseTransaction } from './sql.js';
import { countLabels } from './state-writer.js';

/** Deletes up to `limit` samples with everything about them; when none is left, the dataset itself. Tells whether it is all gone. */
export async function deleteSomeSamples(tx: DatabaseTransaction, datasetId: number, limit: number): Promise<boolean> {
  await hide(tx, datasetId);
  const samples = await tx.run<{ id: number }>('SELECT id FROM sample WHERE dataset_id = ? ORDER BY id LIMIT ?', [
    datasetId,
    limit,
  ]);
  const keys = samples.map(({ id }) => id);
  if (keys.length > 0) {
    await forgetPast(tx, datasetId, keys);
    await deleteContent(tx, datasetId, keys);
  }
  if (keys.length >= limit) return false;
  await deleteRest(tx, datasetId);
  return true;
}

/** From the first piece on the dataset is out of sight and its name is free. */
async function hide(tx: DatabaseTransaction, datasetId: number): Promise<void> {
  await tx.run(
    "UPDATE dataset SET deleting = 1, name = name || ' (deleting ' || id || ')' WHERE id = ? AND deleting = 0",
    [datasetId],
  );
}

async function forgetPast(tx: DatabaseTransaction, datasetId: number, keys: readonly number[]): Promise<void> {
  const { each, item } = tx.dialect;
  const fields = await tx.run<{ id: number }>('SELECT id FROM field WHERE dataset_id = ?', [datasetId]);
  for (const { id } of fields)
    for (const table of ['label_history', 'value_history'])
      await tx.run(`DELETE FROM ${table} WHERE field_id = ? AND sample_id IN (SELECT ${item.int} FROM ${each()})`, [
        id,
        JSON.stringify(keys),
      ]);
}

/** Deletes samples with their labels, values and frames as they are now; the caller sees to the past. */
export async function deleteContent(
  tx: DatabaseTransaction,
  datasetId: number,
  keys: readonly number[],
): Promise<void> {
  const { each, item } = tx.dialect;
  const list = JSON.stringify(keys);
  await takeFromCounters(tx, list);
  await tx.run(
    `DELETE FROM label WHERE id IN (SELECT l.id FROM ${each()} CROSS JOIN label l WHERE ${labelsOf(item.int)})`,
    [list],
  );
  for (const [table, column] of [
    ['sample_field', 'sample_id'],
    ['frame', 'sample_id'],
    ['sample', 'id'],
  ])
    await tx.run(`DELETE FROM ${table} WHERE ${column} IN (SELECT ${item.int} FROM ${each()})`, [list]);
  await tx.run('UPDATE dataset SET sample_count = sample_count - ?, modified_at = ? WHERE id = ?', [
    keys.length,
    Date.now(),
    datasetId,
  ]);
}

async function takeFromCounters(tx: DatabaseTransaction, keys: string): Promise<void> {
  const { each, item } = tx.dialect;
  const counts = await tx.run<{ field_id: number; labels: number }>(
    `SELECT f.field_id, CAST(sum(f.labels) AS bigint) AS labels FROM ${each()} CROSS JOIN sample_field f WHERE f.sample_id = ${item.int} GROUP BY f.field_id`,
    [keys],
  );
  for (const { field_id, labels } of counts) await countLabels(tx, field_id, -labels);
}

/** Runs with what hangs on them, then fields, classes and the dataset. Operations, findings and events stay as a record. */
async function deleteRest(tx: DatabaseTransaction, datasetId: number): Promise<void> {
  for (const table of ['run_sample', 'run_item', 'run_label', 'task'])
    await tx.run(`DELETE FROM ${table} WHERE run_id IN (SELECT id FROM run WHERE dataset_id = ?)`, [datasetId]);
  await tx.run('DELETE FROM secret WHERE run_hex IN (SELECT hex FROM run WHERE dataset_id = ?)', [datasetId]);
  for (const table of ['run', 'field', 'class']) await tx.run(`DELETE FROM ${table} WHERE dataset_id = ?`, [datasetId]);
  await tx.run('DELETE FROM dataset WHERE id = ?', [datasetId]);
}
