import type { EntitySchema } from 'typeorm';
import type { Engine } from '../dialect.js';
import { datasetTables } from './dataset-tables.js';
import { labelTables } from './label-tables.js';
import { operationTables } from './operation-tables.js';
import { processTables } from './process-tables.js';
import { runTables } from './run-tables.js';
import { entityOf } from './table.js';

/** All tables as TypeORM entities: what `migration:generate` compares with the database. */
export const entities = (engine: Engine): EntitySchema[] =>
  [...datasetTables, ...labelTables(engine), ...runTables, ...operationTables, ...processTables].map((layout) =>
    entityOf(engine, layout),
  );
