export type Engine = 'sqlite' | 'postgres';

/**
 * The few expressions in which the two databases differ. Lists travel as one JSON text parameter: `each()` names it `j`
 * in a FROM clause, and `int`, `text` and `hex` read the members of a row that is a JSON array:
 *
 *     INSERT INTO t(a, b) SELECT ${int(0)}, ${hex(1)} FROM ${each()} WHERE true        -- params: ['[[1,"65a0..."]]']
 *     SELECT ... FROM ${each()} CROSS JOIN sample ON sample.id = ${item.int}           -- params: ['[1,2,3]']
 *
 * Doubles must not travel this way: SQLite's JSON numbers are not exact. Bind them one by one.
 */
export interface Dialect {
  readonly engine: Engine;
  /** The rows of a JSON array, as `j` with the column `value`, in order. `parameter` defaults to `?`. */
  each(parameter?: string): string;
  /** Member `n` of a row that is a JSON array. */
  int(n: number): string;
  text(n: number): string;
  /** 24 (or any even number of) hex digits to bytes. */
  hex(n: number): string;
  /** The row itself where the list holds scalars. */
  readonly item: { readonly int: string; readonly text: string; readonly hex: string };
  /** Hex digits of a bytes column. */
  toHex(column: string): string;
  /** `FOR UPDATE` and its like; nothing on SQLite, whose transactions have the database to themselves. */
  forUpdate(how?: 'SKIP LOCKED'): string;
  /** A member of a JSON object column as JSON text, written as it was stored; null when absent. */
  memberJson(column: string, parameter?: string): string;
}

const sqlite: Dialect = {
  engine: 'sqlite',
  each: (parameter = '?') => `json_each(${parameter}) j`,
  int: (n) => `(j.value->>${n})`,
  text: (n) => `(j.value->>${n})`,
  hex: (n) => `unhex(j.value->>${n})`,
  item: { int: 'j.value', text: 'j.value', hex: 'unhex(j.value)' },
  toHex: (column) => `lower(hex(${column}))`,
  forUpdate: () => '',
  memberJson: (column, parameter = '?') => `(${column}->${parameter})`,
};

const postgres: Dialect = {
  engine: 'postgres',
  each: (parameter = '?') => `json_array_elements(${parameter}::json) WITH ORDINALITY j(value, ordinal)`,
  int: (n) => `(j.value->>${n})::bigint`,
  text: (n) => `(j.value->>${n})`,
  hex: (n) => `decode(j.value->>${n}, 'hex')`,
  item: { int: "(j.value#>>'{}')::bigint", text: "(j.value#>>'{}')", hex: "decode(j.value#>>'{}', 'hex')" },
  toHex: (column) => `encode(${column}, 'hex')`,
  forUpdate: (how) => (how ? `FOR UPDATE ${how}` : 'FOR UPDATE'),
  memberJson: (column, parameter = '?') => `(${column}::json->${parameter}::text)::text`,
};

export const dialectOf = (engine: Engine): Dialect => (engine === 'sqlite' ? sqlite : postgres);

/** 24 hex digits (or any bytes as hex) to what a bytes column takes. */
export const bytesOfHex = (hex: string): Buffer => Buffer.from(hex, 'hex');

/** What a bytes column gave, as lower-case hex digits. */
export const hexOfBytes = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
