import type { DatabaseTransaction } from '../sql.js';
import type { NewRun } from '../stores.js';
import { clipsOf, viewSamplesSql } from '../view-query.js';

const clipsPerPage = 500;

/**
 * Writes down which samples of the view the run takes, in the view's order, and which clips and labels where these are
 * taken one by one. The samples never come to JavaScript.
 */
export async function freezeMembership(tx: DatabaseTransaction, runKey: number, run: NewRun): Promise<void> {
  const view = await viewSamplesSql(tx, run.datasetId, run.view ?? {});
  await tx.run(
    `INSERT INTO run_sample(run_id, sample_id, position)
     SELECT CAST(? AS bigint), v.id, row_number() OVER () - 1 FROM (${view.sql}) v`,
    [runKey, ...view.params],
  );
  if (run.view?.clips !== undefined) await freezeClips(tx, runKey, run.datasetId, run.view.clips);
  for (const [field, selection] of Object.entries(run.selection.fields)) {
    const ids = selection.listed ? (selection.filter?.ids ?? []) : [];
    if (ids.length > 0) await freezeLabels(tx, runKey, run.datasetId, field, ids);
  }
}

/** Rows are found by label id; those on samples outside of the run are left out. */
async function freezeLabels(
  tx: DatabaseTransaction,
  runKey: number,
  datasetId: number,
  field: string,
  ids: readonly string[],
): Promise<void> {
  const { each, item } = tx.dialect;
  await tx.run(
    `INSERT INTO run_label(run_id, field_id, sample_id, frame, hex, kind)
     SELECT s.run_id, l.field_id, l.sample_id, l.frame, l.hex, 1
     FROM ${each('?1')} CROSS JOIN field f CROSS JOIN label l CROSS JOIN run_sample s
     WHERE f.dataset_id = ?2 AND f.name = ?3 AND l.hex = ${item.hex} AND l.field_id = f.id AND s.run_id = ?4 AND s.sample_id = l.sample_id
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(ids), datasetId, field, runKey],
  );
}

interface MemberRow {
  readonly sample_id: number;
  readonly position: number;
}

async function freezeClips(tx: DatabaseTransaction, runKey: number, datasetId: number, field: string): Promise<void> {
  for (let after = -1; ; ) {
    const page = await tx.run<MemberRow>(
      'SELECT sample_id, position FROM run_sample WHERE run_id = ? AND position > ? ORDER BY position LIMIT ?',
      [runKey, after, clipsPerPage],
    );
    await writeClips(
      tx,
      runKey,
      page,
      await clipsOf(
        tx,
        datasetId,
        field,
        page.map((row) => row.sample_id),
      ),
    );
    if (page.length < clipsPerPage) return;
    after = page.at(-1)?.position ?? after;
  }
}

async function writeClips(
  tx: DatabaseTransaction,
  runKey: number,
  page: readonly MemberRow[],
  clips: Awaited<ReturnType<typeof clipsOf>>,
): Promise<void> {
  const { each, int, text } = tx.dialect;
  const rows = page.map((row) => [row.sample_id, row.position, JSON.stringify(clips.get(row.sample_id) ?? [])]);
  await tx.run(
    `INSERT INTO run_sample(run_id, sample_id, position, unit)
     SELECT CAST(?1 AS bigint), ${int(0)}, ${int(1)}, ${text(2)} FROM ${each('?2')} WHERE true
     ON CONFLICT (run_id, sample_id) DO UPDATE SET unit = excluded.unit`,
    [runKey, JSON.stringify(rows)],
  );
}
