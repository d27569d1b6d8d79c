import { getIntrospectionQuery } from 'graphql';
import { describe, expect } from 'vitest';
import { type Gateway, test } from './gateway.js';

/** dataset > runs > nodes > dataset > ... : four levels a round. */
const deep = (rounds: number): string =>
  `{ runs { nodes { ${'dataset { runs { nodes { '.repeat(rounds)} annoKey ${' } } }'.repeat(rounds)} } } }`;
const wide = (fields: number): string =>
  `{ ${Array.from({ length: fields }, (_, i) => `a${i}: latestEvent`).join(' ')} }`;
const bomb = `query { ...F0 } ${Array.from({ length: 12 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`).join(' ')} fragment F12 on Query { latestEvent }`;

interface Refusal {
  readonly extensions: { readonly code: string };
}

const overHttp = async (gateway: Gateway, query: string): Promise<string[]> =>
  ((await gateway.ask(query)).errors ?? []).map(({ extensions }) => extensions.code);

const overSocket = (gateway: Gateway, query: string): Promise<string[]> =>
  new Promise((resolve, reject) => {
    const codes = (errors: readonly Refusal[] = []) => {
      gateway.heard.push(JSON.stringify(errors));
      return errors.map(({ extensions }) => extensions.code);
    };
    gateway.socket().subscribe(
      { query },
      {
        next: ({ errors }) => resolve(codes(errors as unknown as Refusal[])),
        error: (errors) => (Array.isArray(errors) ? resolve(codes(errors)) : reject(errors)),
        complete: () => {},
      },
    );
  });

for (const [way, send] of [
  ['HTTP', overHttp],
  ['WebSocket', overSocket],
] as const) {
  describe(`over ${way}`, () => {
    test('a query that is too deep is refused', async ({ gateway }) => {
      expect(await send(gateway, deep(5))).toEqual(['QUERY_TOO_LARGE']);
    });

    test('a query of ordinary depth passes', async ({ gateway }) => {
      expect(await send(gateway, deep(4))).toEqual([]);
    });

    test('a query of too many fields is refused, however they are written', async ({ gateway }) => {
      expect(await send(gateway, wide(1_001))).toEqual(['QUERY_TOO_LARGE']);
      expect(await send(gateway, bomb)).toEqual(['QUERY_TOO_LARGE']);
    });

    test('a query of too many tokens is not even parsed', async ({ gateway }) => {
      expect(await send(gateway, wide(5_000))).toEqual(['GRAPHQL_PARSE_FAILED']);
    });

    test('the standard introspection query passes', async ({ gateway }) => {
      expect(await send(gateway, getIntrospectionQuery())).toEqual([]);
    });

    test('a bug of ours shows nothing of its insides', async ({ gateway }) => {
      gateway.storage.events.latest = async () => {
        throw new TypeError('hunter2 is undefined');
      };
      expect(await send(gateway, '{ latestEvent }')).toEqual(['INTERNAL']);
      expect(gateway.heard.join()).not.toContain('hunter2');
    });

    test('an unknown field and a text that is no query have the codes of GraphQL', async ({ gateway }) => {
      expect(await send(gateway, '{ nothing }')).toEqual(['GRAPHQL_VALIDATION_FAILED']);
      expect(await send(gateway, '{ nothing')).toEqual(['GRAPHQL_PARSE_FAILED']);
    });
  });
}

describe('one socket', () => {
  test('has a limit of operations under way', async ({ gateway }) => {
    const client = gateway.socket();
    const query = 'subscription { datasetEvents(dataset: "street") { number } }';
    await gateway.storage.transaction(async (tx) => {
      await gateway.storage.datasets.create(tx, emptyDataset);
      tx.emit({ kind: 'DATASET_CREATED', detail: {} });
    });
    const codes: string[] = [];
    const refused = new Promise<void>((resolve) => {
      const sink = {
        next: () => {},
        error: (errors: unknown) => {
          codes.push((errors as readonly Refusal[])[0]?.extensions.code ?? '');
          resolve();
        },
        complete: () => {},
      };
      for (let i = 0; i < 4; i++) client.subscribe({ query }, sink);
    });
    await refused;
    expect(codes).toEqual(['TOO_MANY_OPERATIONS']);
  });
});

const emptyDataset = {
  ...{ hex: 'd'.repeat(24), name: 'street', mediaType: 'image', document: null, persistent: true, maskTargets: {} },
  ...{ defaultMaskTargets: null, groupField: null, groupMediaTypes: {}, defaultGroupSlice: null, foreignRuns: null },
};
