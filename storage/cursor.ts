import { CursorInvalidError } from '../domain/errors/index.js';

/** What a cursor of a list that is not ordered by key alone holds: where it stands in an order that has a name. */
export type CursorPlace = readonly (string | number)[];

/** Opaque to clients. `order` names the order, so that a cursor of another list is told apart. */
export const cursorOf = (order: string, place: CursorPlace): string =>
  Buffer.from(JSON.stringify([order, ...place])).toString('base64url');

/** The place behind a cursor, null for the start. CURSOR_INVALID when it is from another list; `size` is how many values the place has. */
export function placeOf(cursor: string | null | undefined, order: string, size: number): CursorPlace | null {
  if (cursor === null || cursor === undefined) return null;
  const [name, ...place] = listIn(cursor);
  const fits =
    name === order &&
    place.length === size &&
    place.every((value) => typeof value === 'string' || Number.isFinite(value));
  if (!fits) throw new CursorInvalidError(cursor);
  return place as CursorPlace;
}

function listIn(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
