import type { SqlRunner } from './sql.js';
import type { StoredField } from './stores.js';

/**
 * The classes observed in a field, sorted by code point. Jumps from class to class in the index, so it costs as much as
 * there are classes; DISTINCT would walk the labels.
 */
export async function classesOf(sql: SqlRunner, field: StoredField): Promise<readonly string[]> {
  const rows = await sql.query<{ name: string }>(
    `WITH RECURSIVE seen(id) AS (
       SELECT (SELECT min(l.class_id) FROM label l WHERE l.field_id = ?1)
       UNION ALL
       SELECT (SELECT min(l.class_id) FROM label l WHERE l.field_id = ?1 AND l.class_id > seen.id) FROM seen WHERE seen.id IS NOT NULL)
     SELECT c.name FROM seen CROSS JOIN class c WHERE c.id = seen.id`,
    [field.id],
  );
  return rows.map(({ name }) => name).sort(byCodePoint);
}

/** UTF-16 order, in which JavaScript compares, puts characters beyond U+FFFF before some that come earlier. */
function byCodePoint(a: string, b: string): number {
  const x = [...a];
  const y = [...b];
  const i = x.findIndex((character, at) => character !== y[at]);
  if (i < 0) return x.length - y.length;
  return (x[i]?.codePointAt(0) ?? 0) - (y[i]?.codePointAt(0) ?? -1);
}

/** How many labels of a field each class has, most first; null is the labels without class. */
export async function countByClass(
  sql: SqlRunner,
  field: StoredField,
): Promise<readonly { readonly name: string | null; readonly count: number }[]> {
  return sql.query<{ name: string | null; count: number }>(
    `SELECT c.name, n.count FROM (SELECT class_id, count(*) AS count FROM label WHERE field_id = ? GROUP BY class_id) n
     LEFT JOIN class c ON c.id = n.class_id ORDER BY n.count DESC, c.name`,
    [field.id],
  );
}
