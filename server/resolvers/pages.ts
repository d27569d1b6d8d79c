import { InvalidArgumentError } from '../../domain/errors/index.js';
import type { PageArgs } from '../../schema/inputs/page.js';
import { type ConnectionOf, largestPage } from '../../schema/types/connection.js';
import type { Page, Paged } from '../../storage/stores.js';

/** The page that was asked for. Throws INVALID_ARGUMENT for a size outside 1..500. */
export function pageOf({ first, after }: PageArgs): Page {
  if (first < 1 || first > largestPage) {
    throw new InvalidArgumentError('first', `A page has 1 to ${largestPage} nodes, not ${first}.`);
  }
  return { first, after: after ?? null };
}

/** A page of a store as a connection. */
export function connection<T, N>({ items, hasMore }: Paged<T>, nodeOf: (item: T) => N): ConnectionOf<N> {
  const edges = items.map(({ cursor, item }) => ({ cursor, node: nodeOf(item) }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: { endCursor: edges.at(-1)?.cursor ?? null, hasNextPage: hasMore },
  };
}
