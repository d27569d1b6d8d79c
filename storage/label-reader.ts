import type { ClassNames } from './class-names.js';
import { labelsOf, labelsPerSample } from './label-key.js';
import { type DecodedLabels, decodeLabels, type FieldLabel, labelText } from './label-text.js';
import { areNeighbours, inKeyOrder } from './sample-range.js';
import type { SqlRunner, SqlValue } from './sql.js';

/** Which labels to read: of which samples, fields (null: all of the samples') and, on videos, frames. */
export interface LabelRange {
  readonly datasetId: number;
  readonly sampleKeys: readonly number[];
  readonly fieldIds: readonly number[] | null;
  readonly frames?: { readonly from: number; readonly to: number };
  /** Whether labels are of frames: a video can have very many, so few samples are read at a time. */
  readonly onFrames?: boolean;
}

const imagesPerText = 500;
const videosPerText = 4;

/** The labels of a range, in key order. */
export async function readLabels(sql: SqlRunner, names: ClassNames, range: LabelRange): Promise<FieldLabel[]> {
  const keys = inKeyOrder(range.sampleKeys);
  const size = range.onFrames ? videosPerText : imagesPerText;
  const pieces: FieldLabel[][] = [];
  for (let i = 0; i < keys.length; i += size) pieces.push(await readPiece(sql, names, range, keys.slice(i, i + size)));
  return pieces.length === 1 ? (pieces[0] ?? []) : pieces.flat();
}

async function readPiece(
  sql: SqlRunner,
  names: ClassNames,
  range: LabelRange,
  keys: readonly number[],
): Promise<FieldLabel[]> {
  const { text, params } = statement(sql, range, keys);
  const [row] = await sql.query<{ labels: string | null }>(text, params);
  if (row === undefined || row.labels === null) return [];
  const found = decodeLabels(sql.engine, row.labels, await names.names(sql, range.datasetId));
  const complete = found.unknownClass ? await decodedAnew(sql, names, range.datasetId, row.labels) : found;
  return complete.unread.length === 0 ? complete.labels : withConfidences(sql, complete);
}

/** Another process has added classes since the dictionary was read. */
async function decodedAnew(
  sql: SqlRunner,
  names: ClassNames,
  datasetId: number,
  labels: string,
): Promise<DecodedLabels> {
  const found = decodeLabels(sql.engine, labels, await names.names(sql, datasetId, true));
  if (found.unknownClass) throw new Error(`labels of dataset ${datasetId} name classes that it does not have`);
  return found;
}

async function withConfidences(sql: SqlRunner, { labels, unread }: DecodedLabels): Promise<FieldLabel[]> {
  const { each, item } = sql.dialect;
  const rows = await sql.query<{ id: number; confidence: number }>(
    `SELECT label.id, label.confidence FROM ${each()} CROSS JOIN label ON label.id = ${item.int}`,
    [JSON.stringify(unread)],
  );
  const exact = new Map(rows.map(({ id, confidence }) => [id, confidence]));
  return labels.map((label) => (exact.has(label.key) ? { ...label, confidence: exact.get(label.key) ?? null } : label));
}

/**
 * Neighbours are one range of the primary key, others one range each. `+field_id` keeps the planner from walking a whole
 * field by the class index.
 */
function statement(sql: SqlRunner, range: LabelRange, keys: readonly number[]): { text: string; params: SqlValue[] } {
  const { each, item } = sql.dialect;
  const first = keys[0] ?? 0;
  const last = keys.at(-1) ?? 0;
  const neighbours = areNeighbours(keys);
  const params: SqlValue[] = neighbours
    ? [first * labelsPerSample, (last + 1) * labelsPerSample]
    : [JSON.stringify(keys)];
  const from = neighbours
    ? 'label l WHERE l.id >= ? AND l.id < ?'
    : `${each()} CROSS JOIN label l WHERE ${labelsOf(item.int)}`;
  return { text: `SELECT ${labelText(sql.dialect)} FROM ${from}${fieldsAndFrames(sql, range, params)}`, params };
}

function fieldsAndFrames(sql: SqlRunner, { fieldIds, frames }: LabelRange, params: SqlValue[]): string {
  const { each, item } = sql.dialect;
  let text = '';
  if (fieldIds?.length === 1) {
    text += ' AND +l.field_id = ?';
    params.push(fieldIds[0] ?? 0);
  } else if (fieldIds !== null) {
    text += ` AND +l.field_id IN (SELECT ${item.int} FROM ${each()})`;
    params.push(JSON.stringify(fieldIds));
  }
  if (frames !== undefined) {
    text += ' AND l.frame BETWEEN ? AND ?';
    params.push(frames.from, frames.to);
  }
  return text;
}

/** Sorts the labels of one list by their place in it; they nearly always are in order already. */
export function inListOrder<T extends { readonly position: number }>(labels: T[]): T[] {
  for (let i = 1; i < labels.length; i++) {
    if ((labels[i - 1]?.position ?? 0) > (labels[i]?.position ?? 0))
      return labels.sort((a, b) => a.position - b.position);
  }
  return labels;
}
