import type { View } from '../domain/view/view.js';
import type { Conditions } from './clauses.js';
import type { SqlRunner } from './sql.js';

/** In which order a view's samples come: by key unless the view says otherwise. `listed`: as its list of samples. */
export interface ViewOrder {
  readonly by: 'id' | 'path' | 'listed';
  readonly descending: boolean;
}

export function orderOf(view: View): ViewOrder {
  const descending = view.sort?.descending ?? false;
  if (view.sort !== undefined) return { by: view.sort.by === 'PATH' ? 'path' : 'id', descending };
  return { by: view.samples === undefined ? 'id' : 'listed', descending: false };
}

/** Where a listed sample stands: the row number of the list that `each` names `j`. */
const rank = ({ engine }: SqlRunner): string => (engine === 'sqlite' ? 'j.key' : 'j.ordinal');

/** The expressions that the order goes by; the last one is unique. */
export function orderColumns(sql: SqlRunner, { by }: ViewOrder): readonly string[] {
  if (by === 'path') return ['s.path', 's.id'];
  return by === 'listed' ? [rank(sql)] : ['s.id'];
}

export const orderBy = (sql: SqlRunner, order: ViewOrder): string =>
  `ORDER BY ${orderColumns(sql, order)
    .map((column) => `${column}${order.descending ? ' DESC' : ''}`)
    .join(', ')}`;

/** Continues after the sample with these values. */
export function addAfter(
  sql: SqlRunner,
  conditions: Conditions,
  order: ViewOrder,
  after: readonly (string | number)[],
): void {
  const columns = orderColumns(sql, order);
  const compare = order.descending ? '<' : '>';
  conditions.addAll(
    columns.length === 1
      ? `${columns[0]} ${compare} ?`
      : `(${columns.join(', ')}) ${compare} (${columns.map(() => '?').join(', ')})`,
    after,
  );
}
