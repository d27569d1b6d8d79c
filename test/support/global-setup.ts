import { prepareTemplate } from './fresh-database.js';
import { startPostgres } from './postgres.js';

/** With `DATABASE=postgres` the whole suite runs on a PostgreSQL server that is started here and stopped at the end. */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.DATABASE !== 'postgres') return undefined;
  const server = await startPostgres();
  process.env.ANNOGATE_TEST_POSTGRES = server.url;
  await prepareTemplate(server.url);
  return () => server.stop();
}
