import type { Database, DatabaseTransaction, SqlRunner, SqlValue } from '../../storage/database.js';

interface Statement {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

/** Notes every statement that goes through a runner. */
function noting<T extends SqlRunner>(runner: T, statements: Statement[]): T {
  return new Proxy(runner, {
    get(target, member) {
      const value: unknown = Reflect.get(target, member);
      if (member === 'transaction') {
        return (work: (tx: DatabaseTransaction) => Promise<unknown>) =>
          (target as unknown as Database).transaction((tx) => work(noting(tx, statements)));
      }
      if (typeof value !== 'function') return value;
      if (member !== 'run' && member !== 'query') return value.bind(target);
      return (sql: string, params: readonly SqlValue[] = []) => {
        statements.push({ sql, params });
        return value.call(target, sql, params);
      };
    },
  });
}

/**
 * How SQLite carries out the statements of `work`, one list of steps per statement. They are run first, so that the
 * plans are those of real parameters.
 */
export async function plansOf(
  database: Database,
  work: (database: Database) => Promise<unknown>,
): Promise<readonly { readonly sql: string; readonly steps: readonly string[] }[]> {
  const statements: Statement[] = [];
  await work(noting(database, statements));
  const plans: { sql: string; steps: string[] }[] = [];
  for (const { sql, params } of statements) {
    const rows = await database.query<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, params);
    plans.push({ sql, steps: rows.map((row) => row.detail) });
  }
  return plans;
}
