import type { FieldValue, Frame, PackedMask, WholeFrame, WholeSample } from '../domain/labels/index.js';
import { type ClassNames, classNamesOf } from './class-names.js';
import { deleteContent } from './delete-dataset.js';
import { type FrameRow, frameOf } from './frame-rows.js';
import { labelsOf } from './label-key.js';
import { keepOldVersions } from './label-writer.js';
import { replaceValues } from './replace-values.js';
import { importFrames, importSamples } from './sample-import.js';
import { chosenSamples, type SampleChoice, samplePage } from './sample-pages.js';
import { type SampleRow, sampleColumns, sampleOf } from './sample-rows.js';
import { type Database, type DatabaseTransaction, readerOf, type SqlRunner, sqlOf } from './sql.js';
import { rememberStates } from './state-writer.js';
import type { Page, Paged, SampleStore, StoredField, StoredSample, Transaction } from './stores.js';
import { viewSamplesSql } from './view-query.js';
import { type WholeOptions, wholeFrames, wholeSamples } from './whole-samples.js';

/** Samples and frames, and whole samples in and out. */
export class SqlSampleStore implements SampleStore {
  private readonly names: ClassNames;

  constructor(private readonly database: Database) {
    this.names = classNamesOf(database);
  }

  list(datasetId: number, page: Page, options: SampleChoice = {}): Promise<Paged<StoredSample>> {
    return samplePage(this.database, datasetId, options, page);
  }

  async count(datasetId: number, options: SampleChoice = {}): Promise<number> {
    const { view } = options;
    const isSpan = view?.skip !== undefined || view?.limit !== undefined;
    if (isSpan && options.filter === undefined)
      return this.countRows(await viewSamplesSql(this.database, datasetId, view));
    const { from, fromParams, conditions } = await chosenSamples(this.database, datasetId, options);
    const counted = await this.countRows({
      sql: `SELECT s.id FROM ${from} ${conditions.where}`,
      params: [...fromParams, ...conditions.params],
    });
    return Math.max(0, Math.min(counted - (view?.skip ?? 0), view?.limit ?? counted));
  }

  byHex(datasetId: number, hexes: readonly string[], tx?: Transaction): Promise<readonly StoredSample[]> {
    const sql = readerOf(this.database, tx);
    return found(sql, hexes, `s.dataset_id = ? AND s.hex = ${sql.dialect.item.hex}`, [datasetId]);
  }

  byKeys(keys: readonly number[], tx?: Transaction): Promise<readonly StoredSample[]> {
    const sql = readerOf(this.database, tx);
    return found(sql, keys, `s.id = ${sql.dialect.item.int}`, []);
  }

  byPaths(datasetId: number, paths: readonly string[], tx?: Transaction): Promise<readonly StoredSample[]> {
    const sql = readerOf(this.database, tx);
    return found(sql, paths, `s.dataset_id = ? AND s.path = ${sql.dialect.item.text}`, [datasetId]);
  }

  async frames(sampleKey: number, tx?: Transaction): Promise<readonly Frame[]> {
    const rows = await readerOf(this.database, tx).query<FrameRow>(
      'SELECT sample_id, number, hex, extra FROM frame WHERE sample_id = ? ORDER BY number',
      [sampleKey],
    );
    return rows.map(frameOf);
  }

  async framesByHex(
    datasetId: number,
    hexes: readonly string[],
    tx?: Transaction,
  ): Promise<readonly (Frame & { readonly sampleKey: number })[]> {
    const sql = readerOf(this.database, tx);
    const { each, item } = sql.dialect;
    const rows = await sql.query<FrameRow>(
      `SELECT n.sample_id, n.number, n.hex, n.extra FROM ${each()} CROSS JOIN frame n CROSS JOIN sample s
       WHERE n.hex = ${item.hex} AND s.id = n.sample_id AND s.dataset_id = ?`,
      [JSON.stringify([...new Set(hexes)]), datasetId],
    );
    return rows.map(frameOf);
  }

  insertWhole(
    tx: Transaction,
    datasetId: number,
    samples: readonly WholeSample[],
    masks: readonly PackedMask[],
    options: { readonly merge?: boolean } = {},
  ): Promise<{ added: number; updated: number; labels: number }> {
    return importSamples(
      { tx: sqlOf(tx), names: this.names, datasetId, masks, merge: options.merge ?? false },
      samples,
    );
  }

  insertFrames(
    tx: Transaction,
    datasetId: number,
    frames: readonly WholeFrame[],
    masks: readonly PackedMask[],
    options: { readonly merge?: boolean } = {},
  ): Promise<{ frames: number; labels: number }> {
    return importFrames({ tx: sqlOf(tx), names: this.names, datasetId, masks, merge: options.merge ?? false }, frames);
  }

  whole(datasetId: number, options: WholeOptions): AsyncIterable<WholeSample & { readonly key: number }> {
    return wholeSamples(this.database, this.names, datasetId, options);
  }

  wholeFrames(datasetId: number, options: WholeOptions): AsyncIterable<WholeFrame> {
    return wholeFrames(this.database, this.names, datasetId, options);
  }

  async lock(tx: Transaction, keys: readonly number[]): Promise<void> {
    const sql = sqlOf(tx);
    if (sql.engine === 'sqlite' || keys.length === 0) return;
    const { each, item, forUpdate } = sql.dialect;
    await sql.run(`SELECT id FROM sample WHERE id IN (SELECT ${item.int} FROM ${each()}) ORDER BY id ${forUpdate()}`, [
      JSON.stringify(keys),
    ]);
  }

  /** Labels and values go to the history, where a run that sent them still finds them. */
  async delete(tx: Transaction, datasetId: number, keys: readonly number[]): Promise<void> {
    if (keys.length === 0) return;
    const event = await tx.eventNumber();
    await keepOldVersions(sqlOf(tx), await labelKeysOf(sqlOf(tx), keys), event);
    await rememberStates(sqlOf(tx), keys, event);
    await deleteContent(sqlOf(tx), datasetId, keys);
  }

  async setTags(tx: Transaction, datasetId: number, keys: readonly number[], tags: readonly string[]): Promise<void> {
    const { each, item } = sqlOf(tx).dialect;
    await sqlOf(tx).run(
      `UPDATE sample SET tags = ?1, modified_at = ?2 WHERE dataset_id = ?3 AND id IN (SELECT ${item.int} FROM ${each('?4')})`,
      [tags.length === 0 ? null : JSON.stringify(tags), Date.now(), datasetId, JSON.stringify(keys)],
    );
  }

  /** With history. DUPLICATE_LABEL_ID when the value names an id twice. */
  async setValue(
    tx: Transaction,
    sampleKey: number,
    field: StoredField,
    frame: number,
    value: FieldValue | null,
  ): Promise<void> {
    const [sample] = await this.byKeys([sampleKey], tx);
    await replaceValues(
      sqlOf(tx),
      this.names,
      field,
      [{ sampleKey, sample: sample?.id ?? '', frame, value }],
      Date.now(),
    );
  }

  private async countRows({ sql, params }: Awaited<ReturnType<typeof viewSamplesSql>>): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(`SELECT count(*) AS count FROM (${sql}) v`, params);
    return row?.count ?? 0;
  }
}

/** Samples that a list of keys, ids or paths names, in key order; those that do not exist are absent. */
async function found(
  sql: SqlRunner,
  wanted: readonly (string | number)[],
  condition: string,
  params: readonly number[],
): Promise<readonly StoredSample[]> {
  const rows = await sql.query<SampleRow>(
    `SELECT ${sampleColumns} FROM ${sql.dialect.each()} CROSS JOIN sample s WHERE ${condition} ORDER BY s.id`,
    [JSON.stringify([...new Set(wanted)]), ...params],
  );
  return rows.map(sampleOf);
}

async function labelKeysOf(tx: DatabaseTransaction, sampleKeys: readonly number[]): Promise<readonly number[]> {
  const { each, item } = tx.dialect;
  const rows = await tx.run<{ id: number }>(
    `SELECT l.id FROM ${each()} CROSS JOIN label l WHERE ${labelsOf(item.int)}`,
    [JSON.stringify(sampleKeys)],
  );
  return rows.map(({ id }) => id);
}
