import { Conditions } from '../clauses.js';
import { bytesOfHex } from '../dialect.js';
import { parsed } from '../json-columns.js';
import type { SqlRunner } from '../sql.js';
import type { RunSample, RunStore } from '../stores.js';
import { runKey } from './run-rows.js';

interface RunSampleRow {
  readonly sample_id: number;
  readonly position: number;
  readonly part: number | null;
  readonly unit: string | null;
}

const runSampleOfRow = (row: RunSampleRow): RunSample => ({
  sampleKey: row.sample_id,
  position: row.position,
  part: row.part,
  clips: parsed(row.unit),
});

/** Members of a run (or of one of its tasks) in order, after a position. */
export async function runSamples(
  runner: SqlRunner,
  runId: string,
  page: Parameters<RunStore['samples']>[1],
): Promise<readonly RunSample[]> {
  const conditions = new Conditions()
    .add(`run_id = ${runKey}`, bytesOfHex(runId))
    .add('part = ?', page.part)
    .add('position > ?', page.afterPosition);
  const rows = await runner.query<RunSampleRow>(
    `SELECT sample_id, position, part, unit FROM run_sample ${conditions.where} ORDER BY position LIMIT ?`,
    [...conditions.params, page.limit],
  );
  return rows.map(runSampleOfRow);
}

/** The given samples as far as they are in the run. */
export async function runMembers(
  runner: SqlRunner,
  runId: string,
  sampleKeys: readonly number[],
): Promise<ReadonlyMap<number, RunSample>> {
  const { each, item } = runner.dialect;
  const rows = await runner.query<RunSampleRow>(
    `SELECT s.sample_id, s.position, s.part, s.unit FROM ${each()} CROSS JOIN run_sample s
     WHERE s.run_id = ${runKey} AND s.sample_id = ${item.int}`,
    [JSON.stringify(sampleKeys), bytesOfHex(runId)],
  );
  return new Map(rows.map((row) => [row.sample_id, runSampleOfRow(row)]));
}
