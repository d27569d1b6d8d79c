import { DatasetExistsError, FieldNameError, FieldTypeConflictError, NotFoundError } from '../domain/errors/index.js';
import { type Field, isFrameField } from '../domain/labels/index.js';
import { assignments, Conditions } from './clauses.js';
import { type DatasetRow, datasetColumns, datasetOf, type FieldRow, fieldOf, fieldsSql } from './dataset-rows.js';
import { datasetStats } from './dataset-stats.js';
import { deleteSomeSamples } from './delete-dataset.js';
import { bytesOfHex } from './dialect.js';
import { jsonText } from './json-columns.js';
import { keyOfCursor, pagedById, rowsOfPage } from './paging.js';
import { type Database, readerOf, sqlOf } from './sql.js';
import type { Dataset, DatasetStats, DatasetStore, Page, Paged, StoredField, Transaction } from './stores.js';
import { isUniqueViolation } from './unique-violation.js';

/** Datasets and their fields. A dataset that is being deleted is not found by name, and its name is free. */
export class SqlDatasetStore implements DatasetStore {
  constructor(private readonly database: Database) {}

  /** DATASET_EXISTS when the name is in use. */
  async create(
    tx: Transaction,
    dataset: Omit<Dataset, 'id' | 'sampleCount' | 'createdAt' | 'modifiedAt'>,
  ): Promise<Dataset> {
    if ((await this.byName(dataset.name, tx)) !== null) throw new DatasetExistsError(dataset.name);
    const now = Date.now();
    const columns = datasetColumns({ ...dataset, createdAt: now, modifiedAt: now });
    const names = ['hex', ...Object.keys(columns)];
    try {
      const [row] = await sqlOf(tx).run<DatasetRow>(
        `INSERT INTO dataset(${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')}) RETURNING *`,
        [bytesOfHex(dataset.hex), ...Object.values(columns)],
      );
      return datasetOf(row as DatasetRow);
    } catch (error) {
      throw isUniqueViolation(error) ? new DatasetExistsError(dataset.name) : error;
    }
  }

  /** DATASET_EXISTS when the new name is in use. */
  async update(tx: Transaction, id: number, change: Partial<Omit<Dataset, 'id' | 'hex'>>): Promise<void> {
    const { sql, params } = assignments(datasetColumns({ modifiedAt: Date.now(), ...change }));
    try {
      await sqlOf(tx).run(`UPDATE dataset SET ${sql} WHERE id = ?`, [...params, id]);
    } catch (error) {
      throw isUniqueViolation(error) ? new DatasetExistsError(change.name ?? '') : error;
    }
  }

  byName(name: string, tx?: Transaction): Promise<Dataset | null> {
    return this.one('name = ? AND deleting = 0', name, tx);
  }

  byId(id: number, tx?: Transaction): Promise<Dataset | null> {
    return this.one('id = ?', id, tx);
  }

  async list(
    page: Page,
    filter: { readonly nameContains?: string; readonly mediaType?: string } = {},
  ): Promise<Paged<Dataset>> {
    const contains = this.database.engine === 'sqlite' ? 'instr(name, ?) > 0' : 'strpos(name, ?) > 0';
    const conditions = new Conditions()
      .addAll('deleting = 0', [])
      .add(contains, filter.nameContains)
      .add('media_type = ?', filter.mediaType)
      .add('id > ?', keyOfCursor(page.after) ?? undefined);
    const rows = await this.database.query<DatasetRow>(
      `SELECT * FROM dataset ${conditions.where} ORDER BY id LIMIT ?`,
      [...conditions.params, rowsOfPage(page)],
    );
    return pagedById(rows, page, datasetOf);
  }

  async fields(datasetId: number, tx?: Transaction): Promise<readonly StoredField[]> {
    return (await readerOf(this.database, tx).query<FieldRow>(fieldsSql, [datasetId])).map(fieldOf);
  }

  async ensureField(tx: Transaction, datasetId: number, field: Field): Promise<StoredField> {
    await sqlOf(tx).run(
      `INSERT INTO field(dataset_id, name, type, document, created_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT(dataset_id, name) DO NOTHING`,
      [datasetId, field.name, field.type, jsonText(field.document) ?? null, Date.now()],
    );
    const stored = await this.field(tx, datasetId, field.name);
    if (stored.type !== field.type) throw new FieldTypeConflictError(field.name, stored.type, field.type);
    return stored;
  }

  /** FIELD_NAME_NOT_POSSIBLE when the new name is in use or would move the field between samples and frames. */
  async renameField(tx: Transaction, datasetId: number, name: string, newName: string): Promise<void> {
    const { id } = await this.field(tx, datasetId, name);
    if (name === newName) return;
    if (isFrameField(name) !== isFrameField(newName))
      throw new FieldNameError(name, newName, 'fields of samples and fields of frames cannot become one another');
    if ((await this.fields(datasetId, tx)).some((field) => field.name === newName))
      throw new FieldNameError(name, newName, 'there is a field of that name');
    await sqlOf(tx).run('UPDATE field SET name = ? WHERE id = ?', [newName, id]);
  }

  /** Labels and values go to the history; the field itself is gone. */
  async deleteField(tx: Transaction, datasetId: number, name: string): Promise<void> {
    const { id } = await this.field(tx, datasetId, name);
    const event = await tx.eventNumber();
    await sqlOf(tx).run(
      `INSERT INTO label_history(field_id, sample_id, frame, label_id, hex, class_id, geometry, attributes, idx, position, confidence, tags, valid_from, valid_to, cause)
       SELECT field_id, sample_id, frame, id, hex, class_id, geometry, attributes, idx, position, confidence, tags, valid_from, CAST(?1 AS bigint), CAST(?1 AS bigint)
       FROM label WHERE field_id = ?2 AND valid_from < ?1`,
      [event, id],
    );
    await sqlOf(tx).run(
      `INSERT INTO value_history(field_id, sample_id, frame, state, value, valid_from, valid_to, cause)
       SELECT field_id, sample_id, frame, state, value, valid_from, CAST(?1 AS bigint), CAST(?1 AS bigint)
       FROM sample_field WHERE field_id = ?2 AND valid_from < ?1`,
      [event, id],
    );
    await sqlOf(tx).run('DELETE FROM label WHERE field_id = ?', [id]);
    await sqlOf(tx).run('DELETE FROM sample_field WHERE field_id = ?', [id]);
    await sqlOf(tx).run('DELETE FROM field WHERE id = ?', [id]);
  }

  stats(datasetId: number): Promise<DatasetStats> {
    return datasetStats(this.database, datasetId);
  }

  deleteSome(tx: Transaction, id: number, limit: number): Promise<boolean> {
    return deleteSomeSamples(sqlOf(tx), id, limit);
  }

  /** After an import: statistics, without which planners choose the wrong index. Takes a moment, whatever the size. */
  async afterImport(tx: Transaction): Promise<void> {
    const sql = sqlOf(tx);
    if (sql.engine === 'sqlite') await sql.run('PRAGMA analysis_limit = 1000');
    for (const table of ['sample', 'frame', 'sample_field', 'label', 'label_history', 'value_history'])
      await sql.run(`ANALYZE ${table}`);
  }

  private async one(condition: string, value: string | number, tx?: Transaction): Promise<Dataset | null> {
    const [row] = await readerOf(this.database, tx).query<DatasetRow>(`SELECT * FROM dataset WHERE ${condition}`, [
      value,
    ]);
    return row === undefined ? null : datasetOf(row);
  }

  private async field(tx: Transaction, datasetId: number, name: string): Promise<StoredField> {
    const fields = await this.fields(datasetId, tx);
    const field = fields.find((other) => other.name === name);
    if (field === undefined)
      throw new NotFoundError('field', name, `There is ${fields.map((other) => other.name).join(', ')}.`);
    return field;
  }
}
