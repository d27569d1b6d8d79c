import { bytesOfHex } from './dialect.js';
import type { DatabaseTransaction, SqlValue } from './sql.js';

/** A column and what it takes; `hex` is a bytes column given as hex digits. */
type ColumnKind = 'bigint' | 'integer' | 'double precision' | 'text' | 'hex';
export type Columns = Readonly<Record<string, ColumnKind>>;
export type RowValue = string | number | null;

/** More rows in one statement bring little and are slow to prepare. */
const rowsOnSqlite = 500;
const rowsOnPostgres = 2_000;

/**
 * Inserts many rows in few statements: VALUES on SQLite, whose JSON numbers are not exact; one JSON text on PostgreSQL,
 * which takes it faster than anything but COPY. `conflict` is appended, e.g. `ON CONFLICT DO NOTHING`.
 */
export async function insertRows(
  tx: DatabaseTransaction,
  table: string,
  columns: Columns,
  rows: readonly (readonly RowValue[])[],
  conflict = '',
): Promise<void> {
  const size = tx.engine === 'sqlite' ? rowsOnSqlite : rowsOnPostgres;
  for (let i = 0; i < rows.length; i += size) {
    const piece = rows.slice(i, i + size);
    if (tx.engine === 'sqlite') await insertValues(tx, table, columns, piece, conflict);
    else await insertRecords(tx, table, columns, piece, conflict);
  }
}

/**
 * A statement for each number of rows would be prepared for that page alone: what does not fill a whole statement goes in
 * powers of two.
 */
async function insertValues(
  tx: DatabaseTransaction,
  table: string,
  columns: Columns,
  rows: readonly (readonly RowValue[])[],
  conflict: string,
): Promise<void> {
  let done = 0;
  while (done < rows.length) {
    const left = rows.length - done;
    const count = left >= rowsOnSqlite ? rowsOnSqlite : 2 ** Math.floor(Math.log2(left));
    await tx.run(valuesSql(table, columns, count, conflict), parameters(columns, rows.slice(done, done + count)));
    done += count;
  }
}

const madeSql = new Map<string, string>();

function valuesSql(table: string, columns: Columns, count: number, conflict: string): string {
  const names = Object.keys(columns).join(', ');
  const key = `${table}(${names})${count}${conflict}`;
  let sql = madeSql.get(key);
  if (sql === undefined) {
    const row = `(${Object.keys(columns)
      .map(() => '?')
      .join(', ')})`;
    sql = `INSERT INTO ${table}(${names}) VALUES ${Array<string>(count).fill(row).join(', ')} ${conflict}`;
    madeSql.set(key, sql);
  }
  return sql;
}

function parameters(columns: Columns, rows: readonly (readonly RowValue[])[]): SqlValue[] {
  const isHex = Object.values(columns).map((kind) => kind === 'hex');
  const values: SqlValue[] = [];
  for (const row of rows) {
    for (let i = 0; i < row.length; i++) {
      const value = row[i] ?? null;
      values.push(isHex[i] && value !== null ? bytesOfHex(value as string) : value);
    }
  }
  return values;
}

async function insertRecords(
  tx: DatabaseTransaction,
  table: string,
  columns: Columns,
  rows: readonly (readonly RowValue[])[],
  conflict: string,
): Promise<void> {
  const names = Object.keys(columns);
  const kinds = Object.values(columns);
  const taken = kinds.map((kind, i) => (kind === 'hex' ? `decode(j.c${i}, 'hex')` : `j.c${i}`));
  const record = kinds.map((kind, i) => `c${i} ${kind === 'hex' ? 'text' : kind}`);
  const records = rows.map((row) => Object.fromEntries(row.map((value, i) => [`c${i}`, value])));
  await tx.run(
    `INSERT INTO ${table}(${names.join(', ')}) SELECT ${taken.join(', ')} FROM json_to_recordset(?::json) AS j(${record.join(', ')}) WHERE true ${conflict}`,
    [JSON.stringify(records)],
  );
}
