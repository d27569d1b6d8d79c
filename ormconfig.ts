import 'reflect-metadata';
import { join } from 'node:path';
import { databaseAddress, dataSourceFor } from './storage/data-source.js';

const { ANNOGATE_DATABASE_URL, ANNOGATE_DATA = '.annogate' } = process.env;

/** For TypeORM's command line: `typeorm migration:generate`, `migration:run`. */
export default dataSourceFor(databaseAddress(ANNOGATE_DATABASE_URL ?? join(ANNOGATE_DATA, 'annogate.db')));
