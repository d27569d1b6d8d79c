import { test as base } from 'vitest';
import { type Database, openDatabase } from '../../storage/database.js';
import { type FreshDatabase, freshDatabase } from './fresh-database.js';

export * from './fresh-database.js';

/** Hands the database out, and removes it unless the test failed: then it is left for you to open. */
async function lend(
  fresh: FreshDatabase,
  task: { name: string; result?: { state: string } },
  use: (fresh: FreshDatabase) => Promise<void>,
) {
  await use(fresh);
  if (task.result?.state === 'fail') console.error(`the database of "${task.name}" is left at ${fresh.url}`);
  else await fresh.remove();
}

/** `test` with a database without tables (`bare`), one without rows (`fresh`), or that one opened (`database`). */
export const test = base.extend<{ bare: FreshDatabase; fresh: FreshDatabase; database: Database }>({
  bare: async ({ task }, use) => lend(await freshDatabase({ bare: true }), task, use),
  fresh: async ({ task }, use) => lend(await freshDatabase(), task, use),
  database: async ({ fresh }, use) => {
    const database = await openDatabase({ url: fresh.url });
    await use(database);
    await database.close();
  },
});
