import { UnknownFieldError } from '../domain/errors/index.js';
import { labelClassOf } from '../domain/labels/index.js';
import type { LabelFilter } from '../domain/run/index.js';
import type { ClassNames } from './class-names.js';
import { Conditions } from './clauses.js';
import { type CursorPlace, cursorOf, placeOf } from './cursor.js';
import { addLabelFilter } from './label-conditions.js';
import { labelsOf, sampleOfLabel } from './label-key.js';
import { type LabelRecord, labelsOfRecords, recordColumns } from './label-records.js';
import type { SqlRunner, SqlValue } from './sql.js';
import type { FoundLabel, LabelQuery, Page, Paged, StoredField } from './stores.js';

/**
 * One way into the labels: a statement's FROM and conditions that let one index lead. Several ways are read side by side
 * and joined in order, so that each leads by itself.
 */
interface Way {
  readonly from: string;
  readonly fromParams: readonly SqlValue[];
  readonly conditions: Conditions;
}

/** `key`: in key order, which is the order of samples. `confidence`: lowest first. `samples`: key order, led by the samples. */
type Lead = 'key' | 'confidence' | 'samples';

interface Plan {
  readonly lead: Lead;
  readonly ways: readonly Way[];
}

/** With more ways than this one statement gets too large; the samples lead instead. */
const mostWays = 40;

interface Search {
  readonly sql: SqlRunner;
  readonly names: ClassNames;
  readonly datasetId: number;
  readonly fields: readonly StoredField[];
  readonly query: LabelQuery;
}

export async function listLabels(search: Search, page: Page): Promise<Paged<FoundLabel>> {
  const { sql, names, datasetId } = search;
  const fields = searchedFields(search);
  const plan = await planFor(search, fields, page);
  const rows = await sql.query<LabelRecord>(...statement(plan, page.first + 1));
  const found = await labelsOfRecords(sql, names, datasetId, rows.slice(0, page.first));
  const byId = new Map(fields.map((field) => [field.id, field]));
  return {
    items: found.map(({ label, row }) => ({
      cursor: cursorOf(plan.lead, plan.lead === 'confidence' ? [row.confidence ?? 0, row.label_id] : [row.label_id]),
      item: { label, field: byId.get(row.field_id) as StoredField, sampleKey: row.sample_id },
    })),
    hasMore: rows.length > page.first,
  };
}

export async function countLabels(search: Search): Promise<number> {
  const fields = searchedFields(search);
  const { field: _field, labelClass: _class, ...conditions } = search.query;
  if (Object.values(conditions).every((value) => value === undefined))
    return fields.reduce((sum, field) => sum + field.labelCount, 0);
  const { ways } = await planFor(search, fields, null);
  let count = 0;
  for (const { from, fromParams, conditions: where } of ways) {
    const [row] = await search.sql.query<{ count: number }>(`SELECT count(*) AS count FROM ${from} ${where.where}`, [
      ...fromParams,
      ...where.params,
    ]);
    count += row?.count ?? 0;
  }
  return count;
}

function searchedFields({ fields, query }: Search): readonly StoredField[] {
  if (query.field !== undefined && !fields.some(({ name }) => name === query.field))
    throw new UnknownFieldError(
      query.field,
      fields.map(({ name }) => name),
    );
  return fields.filter((field) => {
    const labelClass = labelClassOf(field.type);
    return (
      labelClass !== null &&
      (query.field ?? field.name) === field.name &&
      (query.labelClass ?? labelClass) === labelClass
    );
  });
}

/** Chooses the index that leads; the rest of the query only filters. `page` is null for a count. */
async function planFor(search: Search, fields: readonly StoredField[], page: Page | null): Promise<Plan> {
  const { query } = search;
  if (query.ids !== undefined) return single('key', byIds(search, fields), search, page, ['ids']);
  if (query.samples !== undefined) return single('samples', bySamples(search, fields), search, page, []);
  if (query.classes !== undefined) {
    const ways = await byClasses(search, fields);
    if (ways.length <= mostWays) return finished('key', ways, search, page, ['classes']);
  } else if (query.confidence !== undefined && fields.length <= mostWays) {
    return finished('confidence', byConfidence(search, fields, page), search, page, ['confidence']);
  }
  return single('samples', bySamples(search, fields), search, page, []);
}

const single = (lead: Lead, way: Way, search: Search, page: Page | null, led: readonly (keyof LabelFilter)[]): Plan =>
  finished(lead, [way], search, page, led);

/** Adds to each way what its index does not say (`led` is what it does) and where the page starts. */
function finished(
  lead: Lead,
  ways: readonly Way[],
  { sql, datasetId, query }: Search,
  page: Page | null,
  led: readonly (keyof LabelFilter)[],
): Plan {
  const after = page === null || lead === 'confidence' ? null : placeOf(page.after, lead, 1);
  const { classes, confidence, tags, ids, attribute, frames } = query;
  const filter = { classes, confidence, tags, ids, attributes: attribute && { [attribute.name]: attribute.equals } };
  const rest = Object.fromEntries(
    Object.entries(filter).filter(([name, value]) => value !== undefined && !led.includes(name as keyof LabelFilter)),
  );
  for (const { conditions } of ways) {
    addLabelFilter(sql, datasetId, conditions, rest);
    conditions.add('+l.frame >= ?', frames?.from).add('+l.frame <= ?', frames?.to);
    if (after !== null) addAfter(conditions, lead, after);
  }
  return { lead, ways };
}

function addAfter(conditions: Conditions, lead: Lead, after: CursorPlace): void {
  conditions.add('l.id > ?', after[0]);
  if (lead === 'samples') conditions.add('s.id >= ?', sampleOfLabel(Number(after[0])));
}

const idList = (fields: readonly StoredField[]): string => JSON.stringify(fields.map((field) => field.id));

function byIds({ sql, query }: Search, fields: readonly StoredField[]): Way {
  const { each, item } = sql.dialect;
  const conditions = new Conditions()
    .addAll(`l.hex = ${item.hex}`, [])
    .add(`+l.field_id IN (SELECT ${item.int} FROM ${each()})`, idList(fields));
  return { from: `${each()} CROSS JOIN label l`, fromParams: [JSON.stringify([...new Set(query.ids)])], conditions };
}

function bySamples({ sql, datasetId, query }: Search, fields: readonly StoredField[]): Way {
  const { each, item } = sql.dialect;
  const conditions = new Conditions()
    .add('s.dataset_id = ?', datasetId)
    .addAll(labelsOf('s.id'), [])
    .add(`+l.field_id IN (SELECT ${item.int} FROM ${each()})`, idList(fields));
  if (query.samples !== undefined)
    conditions.add(`s.hex IN (SELECT ${item.hex} FROM ${each()})`, JSON.stringify(query.samples));
  return { from: 'sample s CROSS JOIN label l', fromParams: [], conditions };
}

async function byClasses({ sql, names, datasetId, query }: Search, fields: readonly StoredField[]): Promise<Way[]> {
  const wanted = [...new Set(query.classes)];
  const numbers = await names.find(sql, datasetId, wanted);
  const classIds = wanted.flatMap((name) => numbers.get(name) ?? []);
  return fields.flatMap((field) =>
    classIds.map((classId) => ({
      from: 'label l',
      fromParams: [],
      conditions: new Conditions().add('l.field_id = ?', field.id).add('l.class_id = ?', classId),
    })),
  );
}

/**
 * A page that goes on has two ways in each field: the rest of the labels as confident as the last one seen, then all that
 * are more confident. As one condition on both columns, SQLite would walk the former anew on every page.
 */
function byConfidence({ query }: Search, fields: readonly StoredField[], page: Page | null): Way[] {
  const after = page === null ? null : placeOf(page.after, 'confidence', 2);
  const { atLeast, atMost } = query.confidence ?? {};
  const way = (field: StoredField): Conditions => new Conditions().add('l.field_id = ?', field.id);
  const upwards = (field: StoredField, above: string, from: number | undefined): Conditions =>
    way(field)
      .addAll('l.confidence IS NOT NULL', [])
      .add(`l.confidence ${above} ?`, from)
      .add('l.confidence <= ?', atMost);
  const conditions =
    after === null
      ? fields.map((field) => upwards(field, '>=', atLeast))
      : fields.flatMap((field) => [
          way(field).add('l.confidence = ?', after[0]).add('l.id > ?', after[1]),
          upwards(field, '>', Number(after[0])),
        ]);
  return conditions.map((own) => ({ from: 'label l', fromParams: [], conditions: own }));
}

function statement({ lead, ways }: Plan, rows: number): [string, SqlValue[]] {
  if (ways.length === 0) return [`SELECT ${recordColumns('l.id')} FROM label l WHERE 1 = 0`, []];
  const order = lead === 'confidence' ? 'l.confidence, l.id' : lead === 'samples' ? 's.id, l.id' : 'l.id';
  const texts = ways.map(
    ({ from, conditions }) =>
      `SELECT ${recordColumns('l.id')} FROM ${from} ${conditions.where} ORDER BY ${order} LIMIT ?`,
  );
  const params = ways.flatMap(({ fromParams, conditions }) => [...fromParams, ...conditions.params, rows]);
  if (texts.length === 1) return [texts[0] ?? '', params];
  const all = texts.map((text, i) => `SELECT * FROM (${text}) w${i}`).join(' UNION ALL ');
  return [
    `SELECT * FROM (${all}) a ORDER BY ${lead === 'confidence' ? 'confidence, ' : ''}label_id LIMIT ?`,
    [...params, rows],
  ];
}
