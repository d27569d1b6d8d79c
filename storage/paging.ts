import { CursorInvalidError } from '../domain/errors/index.js';
import type { Page, Paged } from './stores.js';

/** The cursor of the item with this key, in a list that is ordered by key. Opaque to clients. */
const cursorOfKey = (key: number): string => Buffer.from(`k${key}`).toString('base64url');

/** The key behind a cursor; null for the start of the list. CURSOR_INVALID when it is none of ours. */
export function keyOfCursor(cursor: string | null | undefined): number | null {
  if (cursor === null || cursor === undefined) return null;
  const text = Buffer.from(cursor, 'base64url').toString();
  if (!/^k\d{1,15}$/.test(text)) throw new CursorInvalidError(cursor);
  return Number(text.slice(1));
}

/** How many rows to read for a page: one more, which tells whether there is a next one. */
export const rowsOfPage = (page: Page): number => page.first + 1;

/** A page of rows that were read with `rowsOfPage` in the order of their `id`. */
export function pagedById<R extends { readonly id: number }, T>(
  rows: readonly R[],
  page: Page,
  toItem: (row: R) => T,
): Paged<T> {
  const shown = rows.slice(0, page.first);
  return {
    items: shown.map((row) => ({ cursor: cursorOfKey(row.id), item: toItem(row) })),
    hasMore: rows.length > page.first,
  };
}
