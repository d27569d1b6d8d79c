import { EntitySchema, type EntitySchemaColumnOptions, type EntitySchemaIndexOptions } from 'typeorm';
import type { Engine } from '../dialect.js';

/**
 * A table as it is now. Columns are short texts: a kind (`id`: generated key, `key`: given key or reference, `time`,
 * `count`, `int`, `text`, `bytes`, `real`), `?` where null is allowed, `=n` for a default.
 */
export interface TableLayout {
  readonly name: string;
  readonly columns: Readonly<Record<string, string>>;
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

type ColumnType = 'integer' | 'bigint' | 'text' | 'blob' | 'bytea' | 'real' | 'double precision';

const types: Readonly<Record<Engine, Readonly<Record<string, ColumnType>>>> = {
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
};

/** The layout as a TypeORM entity, from which `migration:generate` sees what differs from the database. */
export function entityOf(engine: Engine, layout: TableLayout): EntitySchema {
  const columns = Object.entries(layout.columns).map(([name, spec]) => [name, columnOf(engine, layout, name, spec)]);
  return new EntitySchema({
    name: layout.name,
    tableName: layout.name,
    columns: Object.fromEntries(columns),
    uniques: Object.entries(layout.uniques ?? {}).map(([name, columns]) => ({ name, columns: [...columns] })),
    indices: Object.entries(layout.indexes ?? {}).map(([name, index]) => indexOf(name, index)),
    ...(layout.clustered && engine === 'sqlite' ? { withoutRowid: true } : {}),
  });
}

function columnOf(engine: Engine, layout: TableLayout, name: string, spec: string): EntitySchemaColumnOptions {
  const [, kind = '', optional, value] = /^([a-z]+)(\?)?(?:=(.+))?$/.exec(spec) ?? [];
  const type = types[engine][kind];
  if (type === undefined) throw new TypeError(`column ${layout.name}.${name} has no known kind: "${spec}"`);
  const primary = kind === 'id' || layout.primary?.includes(name);
  return {
    type,
    nullable: optional === '?',
    ...(value === undefined ? {} : { default: kind === 'text' ? value : Number(value) }),
    ...(primary ? { primary: true, primaryKeyConstraintName: `pk_${layout.name}` } : {}),
    ...(kind === 'id' ? { generated: 'increment' as const } : {}),
  };
}

function indexOf(name: string, index: IndexLayout): EntitySchemaIndexOptions {
  const { columns, where, unique } = 'columns' in index ? index : { columns: index, where: undefined, unique: false };
  return { name, columns: [...columns], unique: unique ?? false, ...(where === undefined ? {} : { where }) };
}
