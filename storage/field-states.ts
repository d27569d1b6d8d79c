import type { Dialect } from './dialect.js';
import { sampleRange } from './sample-range.js';
import type { SqlRunner } from './sql.js';

/** What a field holds on one image or frame, labels apart. */
export interface FieldState {
  readonly sampleKey: number;
  readonly fieldId: number;
  readonly frame: number;
  /** False: the field is null there. */
  readonly filled: boolean;
  /** Canonical JSON of a scalar or opaque value, or of the rest of a label list. */
  readonly value: string | null;
  readonly validFrom: number;
}

export interface OldState extends FieldState {
  readonly validTo: number;
}

/** States of one field, or of several, in key order. */
export async function readStates(
  sql: SqlRunner,
  fieldIds: readonly number[],
  sampleKeys: readonly number[],
): Promise<FieldState[]> {
  const { each, item } = sql.dialect;
  const range = sampleRange(sql, 's.sample_id', sampleKeys);
  const one = fieldIds.length === 1;
  const [row] = await sql.query<{ states: string | null }>(
    `SELECT ${stateText(sql.dialect)} FROM ${range.from}sample_field s
     WHERE ${range.where} AND s.field_id ${one ? '= ?' : `IN (SELECT ${item.int} FROM ${each()})`}`,
    [...range.params, one ? (fieldIds[0] ?? 0) : JSON.stringify(fieldIds)],
  );
  return row === undefined || row.states === null ? [] : row.states.split('\u001e').map(decodeState);
}

/** One text instead of a row for each (see `label-text.ts`). A value is JSON and never an empty text. */
function stateText({ engine }: Dialect): string {
  const [aggregate, char] = engine === 'sqlite' ? ['group_concat', 'char'] : ['string_agg', 'chr'];
  const parts = "s.sample_id, s.field_id, s.frame, s.state, s.valid_from, coalesce(s.value, '')";
  return `${aggregate}(concat_ws(${char}(31), ${parts}), ${char}(30)) AS states`;
}

function decodeState(record: string): FieldState {
  const [sample, field, frame, state, validFrom, value] = record.split('\u001f') as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return {
    sampleKey: +sample,
    fieldId: +field,
    frame: +frame,
    filled: state === '1',
    value: value || null,
    validFrom: +validFrom,
  };
}

interface OldRow {
  readonly sample_id: number;
  readonly field_id: number;
  readonly frame: number;
  readonly state: number;
  readonly value: string | null;
  readonly valid_from: number;
  readonly valid_to: number;
}

/** States that were replaced after `since` and were there by `until`. */
export async function readOldStates(
  sql: SqlRunner,
  fieldIds: readonly number[],
  sampleKeys: readonly number[],
  { since, until }: { readonly since: number; readonly until: number },
): Promise<OldState[]> {
  const range = sampleRange(sql, 'h.sample_id', sampleKeys);
  const old: OldState[] = [];
  for (const fieldId of fieldIds) {
    const rows = await sql.query<OldRow>(
      `SELECT h.sample_id, h.field_id, h.frame, h.state, h.value, h.valid_from, h.valid_to
       FROM ${range.from}value_history h
       WHERE ${range.where} AND h.field_id = ? AND +h.valid_to > ? AND h.valid_from <= ?`,
      [...range.params, fieldId, since, until],
    );
    for (const row of rows) old.push(oldState(row));
  }
  return old;
}

const oldState = (row: OldRow): OldState => ({
  sampleKey: row.sample_id,
  fieldId: row.field_id,
  frame: row.frame,
  filled: row.state === 1,
  value: row.value,
  validFrom: row.valid_from,
  validTo: row.valid_to,
});
