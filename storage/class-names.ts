import type { Database, DatabaseTransaction, SqlRunner } from './sql.js';

interface Row {
  readonly id: number;
  readonly name: string;
}

class Dictionary {
  readonly byId = new Map<number, string>();
  readonly byName = new Map<string, number>();

  add({ id, name }: Row): void {
    this.byId.set(id, name);
    this.byName.set(name, id);
  }
}

/**
 * The classes of each dataset as small numbers, kept in memory. A number never changes its meaning within its dataset,
 * so what was read stays true; but what a transaction added is true only once it has committed. Therefore a transaction
 * that added classes has dictionaries of its own from then on, and only what other readers see is kept for all.
 */
export class ClassNames {
  private readonly kept = new Map<number, Dictionary>();
  private readonly own = new WeakMap<SqlRunner, Map<number, Dictionary>>();

  /** Names by number, complete for what the reader can see after `reload`. */
  async names(sql: SqlRunner, datasetId: number, reload = false): Promise<ReadonlyMap<number, string>> {
    const dictionary = this.dictionary(sql, datasetId);
    if (reload || dictionary.byId.size === 0) {
      const rows = await sql.query<Row>('SELECT id, name FROM class WHERE dataset_id = ?', [datasetId]);
      for (const row of rows) dictionary.add(row);
    }
    return dictionary.byId;
  }

  /** Numbers of the names that exist; the others are absent. */
  async find(sql: SqlRunner, datasetId: number, names: Iterable<string>): Promise<ReadonlyMap<string, number>> {
    const dictionary = this.dictionary(sql, datasetId);
    const unknown = [...new Set(names)].filter((name) => !dictionary.byName.has(name));
    if (unknown.length > 0) await this.read(sql, datasetId, unknown, dictionary);
    return dictionary.byName;
  }

  /** Numbers of all names; those that are new are added. */
  async numbers(
    tx: DatabaseTransaction,
    datasetId: number,
    names: Iterable<string>,
  ): Promise<ReadonlyMap<string, number>> {
    const wanted = [...new Set(names)];
    const known = await this.find(tx, datasetId, wanted);
    // In order: two transactions that add the same classes then wait for one another instead of dead-locking.
    const missing = wanted.filter((name) => !known.has(name)).sort();
    return missing.length === 0 ? known : this.add(tx, datasetId, missing);
  }

  private async add(tx: DatabaseTransaction, datasetId: number, names: string[]): Promise<ReadonlyMap<string, number>> {
    const own = this.startOwn(tx, datasetId);
    const { each, item } = tx.dialect;
    await tx.run(
      `INSERT INTO class(dataset_id, name) SELECT CAST(?1 AS bigint), ${item.text} FROM ${each('?2')} WHERE true
       ON CONFLICT(dataset_id, name) DO NOTHING`,
      [datasetId, JSON.stringify(names)],
    );
    await this.read(tx, datasetId, names, own);
    return own.byName;
  }

  private async read(sql: SqlRunner, datasetId: number, names: readonly string[], into: Dictionary): Promise<void> {
    const { each, item } = sql.dialect;
    const rows = await sql.query<Row>(
      `SELECT class.id, class.name FROM ${each()} CROSS JOIN class WHERE class.dataset_id = ? AND class.name = ${item.text}`,
      [JSON.stringify(names), datasetId],
    );
    for (const row of rows) into.add(row);
  }

  private dictionary(sql: SqlRunner, datasetId: number): Dictionary {
    const own = this.own.get(sql);
    if (own !== undefined) return own.get(datasetId) ?? this.startOwn(sql, datasetId);
    let dictionary = this.kept.get(datasetId);
    if (dictionary === undefined) {
      dictionary = new Dictionary();
      this.kept.set(datasetId, dictionary);
    }
    return dictionary;
  }

  private startOwn(sql: SqlRunner, datasetId: number): Dictionary {
    const dictionaries = this.own.get(sql) ?? new Map<number, Dictionary>();
    this.own.set(sql, dictionaries);
    const existing = dictionaries.get(datasetId);
    if (existing !== undefined) return existing;
    const dictionary = new Dictionary();
    for (const [id, name] of this.kept.get(datasetId)?.byId ?? []) dictionary.add({ id, name });
    dictionaries.set(datasetId, dictionary);
    return dictionary;
  }
}

const byDatabase = new WeakMap<Database, ClassNames>();

/** The class dictionary that all stores on a database share. */
export function classNamesOf(database: Database): ClassNames {
  let names = byDatabase.get(database);
  if (names === undefined) {
    names = new ClassNames();
    byDatabase.set(database, names);
  }
  return names;
}
