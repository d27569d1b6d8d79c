import { FirstTables1764000000001 } from './0001-first-tables.js';

/** All migrations, oldest first. Classes, not globs: what runs does not depend on folders or on how we were compiled. */
export const migrations = [FirstTables1764000000001];
