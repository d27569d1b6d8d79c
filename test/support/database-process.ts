import { openDatabase } from '../../storage/database.js';

/*
 * Another process on the same database. It does what its parent says, one thing after the other:
 * `hold` opens a transaction with one write and keeps it open until `release`; `count n` adds 1 to the counter n times, each
 * in a transaction that reads first; `migrate` only opens. Each is answered when done.
 */
const url = process.argv[2] ?? '';
const mode = process.argv[3] ?? '';
const answer = (text: string): void => void process.send?.(text);

const released = new Promise<void>((resolve) => {
  process.on('message', (message) => {
    if (message === 'release') resolve();
  });
});

const database = await openDatabase({ url });
if (mode === 'hold') {
  await database.transaction(async (tx) => {
    await tx.run("INSERT INTO setting(name, value) VALUES ('held', '1')");
    answer('holding');
    await released;
  });
}
if (mode === 'count') {
  for (let i = 0; i < Number(process.argv[4]); i++) {
    await database.transaction(async (tx) => {
      const [row] = await tx.run<{ value: string }>(
        `SELECT value FROM setting WHERE name = 'counter' ${tx.dialect.forUpdate()}`,
      );
      await tx.run("UPDATE setting SET value = ? WHERE name = 'counter'", [String(Number(row?.value) + 1)]);
    });
  }
}
await database.close();
answer('done');
process.disconnect();
