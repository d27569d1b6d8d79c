import type { Label } from '../../domain/labels/index.js';
import { bytesOfHex, hexOfBytes } from '../dialect.js';
import { parsed } from '../json-columns.js';
import { type SqlRunner, sqlOf } from '../sql.js';
import type { RunStore, Transaction } from '../stores.js';
import { runKey } from './run-rows.js';

type LabelsOfRun = Awaited<ReturnType<RunStore['runLabels']>>;
type RunLabel = LabelsOfRun extends ReadonlyMap<number, readonly (infer Item)[]> ? Item : never;

interface RunLabelRow {
  readonly sample_id: number;
  readonly frame: number;
  readonly hex: Uint8Array;
  readonly kind: number;
  readonly returned: string | null;
}

/** Listed, joined and left-behind labels of one field on the samples, by sample key. */
export async function runLabels(
  runner: SqlRunner,
  runId: string,
  fieldId: number,
  sampleKeys: readonly number[],
): Promise<LabelsOfRun> {
  const { each, item } = runner.dialect;
  const rows = await runner.query<RunLabelRow>(
    `SELECT l.sample_id, l.frame, l.hex, l.kind, l.returned FROM ${each()} CROSS JOIN run_label l
     WHERE l.run_id = ${runKey} AND l.field_id = ? AND l.sample_id = ${item.int}`,
    [JSON.stringify(sampleKeys), bytesOfHex(runId), fieldId],
  );
  const labels = new Map<number, RunLabel[]>();
  for (const row of rows) {
    const label = {
      frame: row.frame,
      id: hexOfBytes(row.hex),
      kind: row.kind as RunLabel['kind'],
      returned: parsed<Label>(row.returned),
    };
    const known = labels.get(row.sample_id);
    if (known) known.push(label);
    else labels.set(row.sample_id, [label]);
  }
  return labels;
}

type Joined = Parameters<RunStore['writeRunLabels']>[4];
type LeftBehind = Parameters<RunStore['writeRunLabels']>[5];

/** Adds what joined and replaces what was left behind on these samples. Two statements for the whole page. */
export async function writeRunLabels(
  tx: Transaction,
  runId: string,
  fieldId: number,
  sampleKeys: readonly number[],
  joined: Joined,
  leftBehind: LeftBehind,
): Promise<void> {
  const sql = sqlOf(tx);
  const { each, item, int, hex, text } = sql.dialect;
  const run = bytesOfHex(runId);
  await sql.run(
    `DELETE FROM run_label WHERE run_id = ${runKey} AND field_id = ? AND sample_id IN (SELECT ${item.int} FROM ${each()}) AND kind = 3`,
    [run, fieldId, JSON.stringify(sampleKeys)],
  );
  if (joined.length === 0 && leftBehind.length === 0) return;
  await sql.run(
    `INSERT INTO run_label(run_id, field_id, sample_id, frame, hex, kind, returned)
     SELECT ${runKey}, CAST(? AS bigint), ${int(0)}, ${int(1)}, ${hex(2)}, ${int(3)}, ${text(4)} FROM ${each()} WHERE true
     ON CONFLICT DO NOTHING`,
    [run, fieldId, JSON.stringify([...joined.map(joinedRow), ...leftBehind.map(leftBehindRow)])],
  );
}

const joinedRow = (label: Joined[number]) => [label.sampleKey, label.frame, label.id, 2, null];
const leftBehindRow = ({ sampleKey, frame, id, returned }: LeftBehind[number]) => [
  sampleKey,
  frame,
  id,
  3,
  returned === null ? null : JSON.stringify(returned),
];
