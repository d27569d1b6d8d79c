import { DataSource } from 'typeorm';
import { migrations } from '../migrations/index.js';
import { entities } from './entities/index.js';

/** Where the database is: an SQLite file, or a PostgreSQL server. */
export type DatabaseAddress =
  | { readonly engine: 'sqlite'; readonly path: string }
  | { readonly engine: 'postgres'; readonly url: string };

/** Reads `postgres://…` or `postgresql://…`; anything else, with or without `sqlite:` or `file:`, is the path of an SQLite file. */
export function databaseAddress(url: string): DatabaseAddress {
  if (/^postgres(ql)?:\/\//.test(url)) return { engine: 'postgres', url };
  return { engine: 'sqlite', path: url.replace(/^(sqlite|file):(\/\/)?/, '') };
}

/** TypeORM's view of the database: entities and migrations. Queries do not go through it (see `database.ts`). */
export function dataSourceFor(address: DatabaseAddress): DataSource {
  const common = {
    entities: entities(address.engine),
    migrations,
    migrationsTableName: 'migrations',
    logging: false,
  } as const;
  if (address.engine === 'postgres')
    return new DataSource({ ...common, type: 'postgres', url: address.url, poolSize: 2 });
  return new DataSource({ ...common, type: 'sqlite', database: address.path, busyTimeout: 5_000 });
}
