import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { printedSchema } from '../../server/print-schema.js';
import { buildSchema } from '../../server/resolvers/build-schema.js';

const file = fileURLToPath(new URL('../../schema/schema.graphql', import.meta.url));

describe('the printed schema', () => {
  test('is what the classes say (npm run schema writes it anew)', () => {
    expect(printedSchema()).toBe(readFileSync(file, 'utf8'));
  });

  // tsx gives decorators no types: a type that was not written out would differ or fail here.
  test('needs no types guessed by a compiler', () => {
    const module = new URL('../../server/print-schema.ts', import.meta.url).href;
    const script = `import { printedSchema } from ${JSON.stringify(module)}; process.stdout.write(printedSchema());`;
    const printed = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(printed).toBe(readFileSync(file, 'utf8'));
  });

  test('describes every type, field, argument and value', () => {
    expect(undescribed(buildSchema())).toEqual([]);
  });
});

function undescribed(schema: GraphQLSchema): string[] {
  const names: string[] = [];
  const note = (name: string, { description }: { readonly description?: string | null | undefined }) => {
    if (!description) names.push(name);
  };
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || ['String', 'Int', 'Float', 'Boolean', 'ID'].includes(type.name)) continue;
    if (!roots.some((root) => root === type)) note(type.name, type);
    if (isEnumType(type) || !('getFields' in type)) continue;
    for (const field of Object.values(type.getFields())) {
      note(`${type.name}.${field.name}`, field);
      if (isInputObjectType(type) || !(isObjectType(type) || isInterfaceType(type)) || !('args' in field)) continue;
      for (const arg of field.args) note(`${type.name}.${field.name}(${arg.name})`, arg);
    }
  }
  return names;
}
