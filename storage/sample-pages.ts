import type { View } from '../domain/view/view.js';
import type { Conditions } from './clauses.js';
import { type CursorPlace, cursorOf, placeOf } from './cursor.js';
import { type SampleRow, sampleColumns, sampleOf } from './sample-rows.js';
import type { SqlRunner } from './sql.js';
import type { Page, Paged, SampleFilter, StoredSample } from './stores.js';
import { orderColumns } from './view-order.js';
import { addSampleConditions, pageOfView, type ViewParts, viewParts } from './view-query.js';

export interface SampleChoice {
  readonly filter?: SampleFilter;
  readonly view?: View | null;
}

/** Conditions and order of a view and a filter together. */
export async function chosenSamples(
  sql: SqlRunner,
  datasetId: number,
  { filter, view }: SampleChoice,
): Promise<ViewParts> {
  const parts = await viewParts(sql, datasetId, view ?? {});
  if (filter !== undefined) addFilter(sql, parts.conditions, filter);
  return parts;
}

function addFilter(sql: SqlRunner, conditions: Conditions, filter: SampleFilter): void {
  const { tags, pathContains, slice, mediaType, ids } = filter;
  addSampleConditions(sql, conditions, {
    ...(tags === undefined ? {} : { tags }),
    ...(pathContains === undefined ? {} : { pathContains }),
    ...(slice === undefined ? {} : { slices: [slice] }),
  });
  conditions.add('s.media_type = ?', mediaType);
  const { each, item } = sql.dialect;
  if (ids !== undefined) conditions.add(`s.hex IN (SELECT ${item.hex} FROM ${each()})`, JSON.stringify(ids));
}

type Row = SampleRow & Readonly<Record<`place${number}`, string | number>>;

/**
 * A page of chosen samples in the view's order. The cursor carries how many samples came before, so that `skip` and
 * `limit` of a view hold over all pages together.
 */
export async function samplePage(
  sql: SqlRunner,
  datasetId: number,
  choice: SampleChoice,
  page: Page,
): Promise<Paged<StoredSample>> {
  const { skip = 0, limit = Number.POSITIVE_INFINITY } = choice.view ?? {};
  const parts = await chosenSamples(sql, datasetId, choice);
  const name = `sample ${parts.order.by}`;
  const width = orderColumns(sql, parts.order).length;
  const place = placeOf(page.after, name, width + 1);
  const before = place === null ? 0 : Number(place[0]);
  const first = Math.min(page.first, Math.max(0, limit - before));
  const statement = pageOfView(sql, parts, sampleColumns, {
    after: place?.slice(1) ?? null,
    skip: place === null ? skip : 0,
    rows: first + 1,
  });
  const rows = await sql.query<Row>(statement.sql, statement.params);
  const places: CursorPlace[] = rows.map((row, i) => [
    before + i + 1,
    ...Array.from({ length: width }, (_, n) => row[`place${n}`] ?? 0),
  ]);
  return {
    items: rows.slice(0, first).map((row, i) => ({ cursor: cursorOf(name, places[i] ?? []), item: sampleOf(row) })),
    hasMore: rows.length > first && before + first < limit,
  };
}

/** All chosen samples, page by page: no statement stays open in between. Samples added meanwhile may come or not. */
export async function* samplePages(
  sql: SqlRunner,
  datasetId: number,
  choice: SampleChoice,
  size: number,
): AsyncGenerator<readonly StoredSample[]> {
  let after: string | null = null;
  for (;;) {
    const page: Paged<StoredSample> = await samplePage(sql, datasetId, choice, { after, first: size });
    if (page.items.length > 0) yield page.items.map(({ item }) => item);
    if (!page.hasMore) return;
    after = page.items.at(-1)?.cursor ?? null;
  }
}
