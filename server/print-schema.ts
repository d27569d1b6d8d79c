import { writeFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchema } from './resolvers/build-schema.js';

/** The GraphQL schema as text, types and members sorted, so that two versions can be compared line by line. */
export const printedSchema = (): string => `${printSchema(lexicographicSortSchema(buildSchema()))}\n`;

// `npm run schema` writes the committed file anew.
if (process.argv[1]?.endsWith('print-schema.ts')) {
  writeFileSync(new URL('../schema/schema.graphql', import.meta.url), printedSchema());
}
