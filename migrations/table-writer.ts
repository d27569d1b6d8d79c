import { type QueryRunner, Table, type TableColumnOptions, type TableIndexOptions } from 'typeorm';

/**
 * Columns as short texts: a kind (`id`: generated key, `key`: given key or reference, `time`, `count`, `int`, `text`,
 * `bytes`, `real`), `?` where null is allowed, `=n` for a default.
 */
type Columns = Readonly<Record<string, string>>;

export interface TableLayout {
  readonly name: string;
  readonly columns: Columns;
  /** Columns of the primary key where it is not a generated `id`; in the order of `columns`. */
  readonly primary?: readonly string[];
  readonly uniques?: Readonly<Record<string, readonly string[]>>;
  readonly indexes?: Readonly<Record<string, IndexLayout>>;
  /** SQLite: rows clustered by the primary key. */
  readonly clustered?: boolean;
}

type IndexLayout =
  | readonly string[]
  | { readonly columns: readonly string[]; readonly where?: string; readonly unique?: boolean };

const types = {
  sqlite: {
    id: 'integer',
    key: 'integer',
    time: 'integer',
    count: 'integer',
    int: 'integer',
    text: 'text',
    bytes: 'blob',
    real: 'real',
  },
  postgres: {
    id: 'bigint',
    key: 'bigint',
    time: 'bigint',
    count: 'bigint',
    int: 'integer',
    text: 'text',
    bytes: 'bytea',
    real: 'double precision',
  },
} as const;

export type Engine = keyof typeof types;

export const engineOf = (runner: QueryRunner): Engine =>
  runner.connection.options.type === 'postgres' ? 'postgres' : 'sqlite';

/** Creates the table with its named constraints and indexes. */
export async function createTable(runner: QueryRunner, layout: TableLayout): Promise<void> {
  const engine = engineOf(runner);
  await runner.createTable(
    new Table({
      name: layout.name,
      columns: Object.entries(layout.columns).map(([name, spec]) => columnOf(engine, layout, name, spec)),
      uniques: Object.entries(layout.uniques ?? {}).map(([name, columns]) => ({ name, columnNames: [...columns] })),
      indices: Object.entries(layout.indexes ?? {}).map(([name, index]) => indexOf(name, index)),
      ...(layout.clustered && engine === 'sqlite' ? { withoutRowid: true } : {}),
    }),
  );
}

function columnOf(engine: Engine, layout: TableLayout, name: string, spec: string): TableColumnOptions {
  const match = /^([a-z]+)(\?)?(?:=(.+))?$/.exec(spec);
  const kind = match?.[1] as keyof (typeof types)['sqlite'];
  const generated = kind === 'id';
  return {
    name,
    type: types[engine][kind],
    isNullable: match?.[2] === '?',
    ...(match?.[3] === undefined ? {} : { default: match[3] }),
    ...(generated ? { isPrimary: true, isGenerated: true, generationStrategy: 'increment' } : {}),
    ...(generated || layout.primary?.includes(name)
      ? { isPrimary: true, primaryKeyConstraintName: `pk_${layout.name}` }
      : {}),
  };
}

function indexOf(name: string, index: IndexLayout): TableIndexOptions {
  const { columns, where, unique } = 'columns' in index ? index : { columns: index, where: undefined, unique: false };
  return { name, columnNames: [...columns], ...(where === undefined ? {} : { where }), isUnique: unique ?? false };
}
