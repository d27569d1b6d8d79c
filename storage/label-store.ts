import { type FieldValue, isFrameField } from '../domain/labels/index.js';
import type { View } from '../domain/view/view.js';
import { type ClassNames, classNamesOf } from './class-names.js';
import { type FieldRow, fieldOf, fieldsSql } from './dataset-rows.js';
import { hexOfBytes } from './dialect.js';
import { addFrames } from './frame-rows.js';
import { classesOf, countByClass } from './label-classes.js';
import { type LabelVersion, labelVersions } from './label-past.js';
import { countLabels, listLabels } from './label-query.js';
import { scanLabels } from './label-scan.js';
import { writeLabels } from './label-writer.js';
import { revertPage } from './revert.js';
import { type Database, readerOf, sqlOf } from './sql.js';
import { writeValues } from './state-writer.js';
import type {
  FoundLabel,
  LabelPlace,
  LabelQuery,
  LabelStore,
  LabelWrites,
  Page,
  Paged,
  ScalarWrite,
  StoredField,
  StoredLabel,
  Transaction,
  ValueVersions,
} from './stores.js';
import { readVersions } from './versions.js';
import { readContent } from './whole-samples.js';

/** Labels and other values of fields: their versions, their changes, and ways to find them. */
interface PlaceRow {
  readonly hex: Buffer;
  readonly id: number;
  readonly sample_id: number;
  readonly frame: number;
  readonly valid_from: number;
}

export class SqlLabelStore implements LabelStore {
  private readonly names: ClassNames;

  constructor(private readonly database: Database) {
    this.names = classNamesOf(database);
  }

  versions(
    tx: Transaction,
    field: StoredField,
    sampleKeys: readonly number[],
    base: number | ReadonlyMap<number, number>,
  ): Promise<Map<number, Map<number, ValueVersions>>> {
    return readVersions(sqlOf(tx), this.names, field, sampleKeys, base);
  }

  write(tx: Transaction, field: StoredField, writes: readonly LabelWrites[]): Promise<void> {
    return writeLabels(sqlOf(tx), this.names, field, writes, Date.now());
  }

  async writeScalars(tx: Transaction, field: StoredField, writes: readonly ScalarWrite[]): Promise<void> {
    if (writes.length === 0) return;
    const event = await tx.eventNumber();
    if (isFrameField(field.name))
      await addFrames(
        sqlOf(tx),
        writes.filter(({ value }) => value !== null),
      );
    await writeValues(sqlOf(tx), field.id, writes, event);
  }

  async list(datasetId: number, query: LabelQuery, page: Page): Promise<Paged<FoundLabel>> {
    return listLabels(await this.search(datasetId, query), page);
  }

  async count(datasetId: number, query: LabelQuery): Promise<number> {
    return countLabels(await this.search(datasetId, query));
  }

  async holders(tx: Transaction, field: StoredField, ids: readonly string[]): Promise<readonly LabelPlace[]> {
    const { each, item } = sqlOf(tx).dialect;
    const rows = await sqlOf(tx).run<PlaceRow>(
      `SELECT l.hex, l.id, l.sample_id, l.frame, l.valid_from FROM ${each()} CROSS JOIN label l
       WHERE l.hex = ${item.hex} AND l.field_id = ?`,
      [JSON.stringify([...new Set(ids)]), field.id],
    );
    return rows.map(({ hex, id, sample_id, frame, valid_from }) => ({
      id: hexOfBytes(hex),
      key: id,
      sampleKey: sample_id,
      frame,
      validFrom: valid_from,
    }));
  }

  async values(
    field: StoredField,
    sampleKeys: readonly number[],
    asOf: number | null = null,
    tx?: Transaction,
  ): Promise<Map<number, Map<number, FieldValue>>> {
    const what = { fields: [field], sampleKeys, asOf, onFrames: isFrameField(field.name) };
    const content = await readContent(readerOf(this.database, tx), this.names, field.datasetId, what);
    const values = new Map<number, Map<number, FieldValue>>();
    for (const [sampleKey, frames] of content.get(field.id) ?? []) {
      const filled = [...frames].filter(([, slot]) => slot.filled);
      values.set(sampleKey, new Map(filled.map(([frame, { labels, value }]) => [frame, { labels, value }])));
    }
    return values;
  }

  classes(field: StoredField): Promise<readonly string[]> {
    return classesOf(this.database, field);
  }

  countByClass(field: StoredField): Promise<readonly { readonly name: string | null; readonly count: number }[]> {
    return countByClass(this.database, field);
  }

  scan(field: StoredField, view: View | null = null): AsyncIterable<readonly StoredLabel[]> {
    return scanLabels(this.database, this.names, field, view);
  }

  history(datasetId: number, field: StoredField, labelId: string, page: Page): Promise<Paged<LabelVersion>> {
    return labelVersions(this.database, this.names, datasetId, field, labelId, page);
  }

  revertPage(
    tx: Transaction,
    field: StoredField,
    sampleKeys: readonly number[],
    firstEvent: number,
    lastEvent: number,
  ): Promise<{ reverted: number; changedSince: number }> {
    return revertPage(sqlOf(tx), this.names, field, sampleKeys, { first: firstEvent, last: lastEvent });
  }

  private async search(datasetId: number, query: LabelQuery) {
    const fields = (await this.database.query<FieldRow>(fieldsSql, [datasetId])).map(fieldOf);
    return { sql: this.database, names: this.names, datasetId, fields, query };
  }
}
