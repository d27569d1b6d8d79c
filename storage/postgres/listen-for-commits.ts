import pg from 'pg';

const pollEvery = 5_000;
const reconnectAfter = 1_000;

/**
 * Calls back when an event was committed, by any process: LISTEN on a connection of its own, made again when it breaks,
 * and a slow poll beside it. Returns how to stop.
 */
export function listenForCommits(url: string, callback: () => void): () => Promise<void> {
  let client: pg.Client | null = null;
  let again: NodeJS.Timeout | null = null;
  let stopped = false;
  const connect = async (): Promise<void> => {
    const made = new pg.Client({ connectionString: url });
    client = made;
    made.on('notification', callback);
    made.once('error', () => lost(made));
    made.once('end', () => lost(made));
    await made.connect();
    await made.query('LISTEN annogate_event');
    callback(); // whatever happened while nobody listened
  };
  const lost = (broken: pg.Client): void => {
    if (client !== broken) return;
    client = null;
    broken.on('error', () => {});
    void broken.end().catch(() => {});
    if (!stopped) again = setTimeout(attempt, reconnectAfter);
  };
  const attempt = (): Promise<void> =>
    connect()
      .catch(() => client !== null && lost(client))
      .then(() => {});
  const first = attempt();
  const poll = setInterval(callback, pollEvery);
  return async () => {
    stopped = true;
    clearInterval(poll);
    if (again) clearTimeout(again);
    await first;
    const last = client;
    client = null;
    await last?.end();
  };
}
