import { bytesOfHex, hexOfBytes } from './dialect.js';
import { labelsPerSample } from './label-key.js';
import type { DatabaseTransaction } from './sql.js';

/** Where the next collection goes on, in `setting`. */
const placeSetting = 'masks_collected_to';

/**
 * Looks at the next `limit` masks in the order of their hashes, starting anew at the end, and removes those that nobody
 * names: no label, no old version of one, and nothing that a run keeps (labels left behind or held, findings).
 */
export async function collectMasks(tx: DatabaseTransaction, limit: number): Promise<number> {
  const candidates = await nextMasks(tx, limit);
  const uses = await usesOf(tx, candidates);
  let unused: string[] = [];
  for (const hash of candidates) if (!(await isUsed(tx, hash, uses.get(hash) ?? []))) unused.push(hash);
  if (unused.length > 0) unused = await notKeptByRuns(tx, unused);
  const { each, item } = tx.dialect;
  for (const table of ['mask', 'mask_use'])
    await tx.run(`DELETE FROM ${table} WHERE hash IN (SELECT ${item.hex} FROM ${each()})`, [JSON.stringify(unused)]);
  return unused.length;
}

async function nextMasks(tx: DatabaseTransaction, limit: number): Promise<string[]> {
  const [place] = await tx.run<{ value: string }>('SELECT value FROM setting WHERE name = ?', [placeSetting]);
  const rows = await tx.run<{ hash: Buffer }>('SELECT hash FROM mask WHERE hash > ? ORDER BY hash LIMIT ?', [
    bytesOfHex(place?.value ?? ''),
    limit,
  ]);
  const hashes = rows.map(({ hash }) => hexOfBytes(hash));
  const next = hashes.length < limit ? '' : (hashes.at(-1) ?? '');
  await tx.run(
    'INSERT INTO setting(name, value) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value',
    [placeSetting, next],
  );
  return hashes;
}

interface Use {
  readonly fieldId: number;
  readonly sampleKey: number;
}

async function usesOf(
  tx: DatabaseTransaction,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, readonly Use[]>> {
  const { each, item } = tx.dialect;
  const rows = await tx.run<{ hash: Buffer; field_id: number; sample_id: number }>(
    `SELECT u.hash, u.field_id, u.sample_id FROM ${each()} CROSS JOIN mask_use u WHERE u.hash = ${item.hex}`,
    [JSON.stringify(hashes)],
  );
  const uses = new Map<string, Use[]>();
  for (const row of rows) {
    const hash = hexOfBytes(row.hash);
    const use = { fieldId: row.field_id, sampleKey: row.sample_id };
    uses.set(hash, [...(uses.get(hash) ?? []), use]);
  }
  return uses;
}

async function isUsed(tx: DatabaseTransaction, hash: string, uses: readonly Use[]): Promise<boolean> {
  for (const { fieldId, sampleKey } of uses) {
    const pattern = `%"mask":"${hash}"%`;
    const [found] = await tx.run(
      `SELECT 1 AS found FROM label WHERE id >= ? AND id < ? AND +field_id = ? AND geometry LIKE ?
       UNION ALL SELECT 1 FROM label_history WHERE field_id = ? AND sample_id = ? AND geometry LIKE ? LIMIT 1`,
      [sampleKey * labelsPerSample, (sampleKey + 1) * labelsPerSample, fieldId, pattern, fieldId, sampleKey, pattern],
    );
    if (found !== undefined) return true;
  }
  return false;
}

/** The texts in which runs keep labels. Few of them have masks, so all of these are read. */
const kept = [
  ['run_label', 'returned'],
  ['held_label', 'label'],
  ['finding', 'ours'],
  ['finding', 'theirs'],
] as const;

async function notKeptByRuns(tx: DatabaseTransaction, hashes: readonly string[]): Promise<string[]> {
  const left = new Set(hashes);
  for (const [table, column] of kept) {
    const rows = await tx.run<{ text: string }>(`SELECT ${column} AS text FROM ${table} WHERE ${column} LIKE '%mask%'`);
    for (const { text } of rows) for (const [hash] of text.matchAll(/[0-9a-f]{40}/g)) left.delete(hash);
  }
  return [...left];
}
