import { canonicalJson, type Json } from '../domain/labels/index.js';
import type { LabelFilter } from '../domain/run/index.js';
import type { Conditions } from './clauses.js';
import type { SqlRunner } from './sql.js';

/**
 * Adds the conditions of a label filter on the label `l`. Means the same as `matchesFilter` of the domain. Columns carry a
 * `+` so that the caller's choice of index stands.
 */
export function addLabelFilter(sql: SqlRunner, datasetId: number, conditions: Conditions, filter: LabelFilter): void {
  const { each, item } = sql.dialect;
  if (filter.ids !== undefined)
    conditions.add(`l.hex IN (SELECT ${item.hex} FROM ${each()})`, JSON.stringify(filter.ids));
  if (filter.classes !== undefined) {
    conditions.addAll(
      `+l.class_id IN (SELECT c.id FROM class c WHERE c.dataset_id = ? AND c.name IN (SELECT ${item.text} FROM ${each()}))`,
      [datasetId, JSON.stringify(filter.classes)],
    );
  }
  if (filter.tags !== undefined) conditions.add(hasTag(sql, 'l.tags'), JSON.stringify(filter.tags));
  conditions.add('l.confidence >= ?', filter.confidence?.atLeast);
  conditions.add('l.confidence <= ?', filter.confidence?.atMost);
  if (filter.confidence !== undefined) conditions.addAll('l.confidence IS NOT NULL', []);
  for (const [name, value] of Object.entries(filter.attributes ?? {})) addAttribute(sql, conditions, name, value);
}

/** Whether a column with a JSON list of texts (or null) has one of the texts of a JSON list parameter. */
export function hasTag({ engine, dialect }: SqlRunner, column: string): string {
  const { each, item } = dialect;
  const tags = engine === 'sqlite' ? `json_each(${column}) t` : `json_array_elements_text(${column}::json) t(value)`;
  return `EXISTS (SELECT 1 FROM ${tags} WHERE t.value IN (SELECT ${item.text} FROM ${each()}))`;
}

/** Attributes are canonical JSON, so the text of a member is equal exactly when its value is. Null and absent are the same. */
function addAttribute({ engine }: SqlRunner, conditions: Conditions, name: string, value: Json): void {
  const member = engine === 'sqlite' ? '(l.attributes -> ?)' : '(l.attributes::json -> ?::text)::text';
  const path = engine === 'sqlite' ? `$.${JSON.stringify(name)}` : name;
  if (value === null) conditions.add(`${member} IS NULL`, path);
  else conditions.addAll(`${member} = ?`, [path, canonicalJson(value)]);
}
