import { describe, expect } from 'vitest';
import { box, type Gateway, hex, street, test } from './gateway.js';

const boxes = [
  [box(1, { label: 'car', confidence: 0.9, tags: ['checked'] }), box(2, { label: 'bus', confidence: 0.4 })],
  [box(3, { label: 'car', occluded: true })],
  [],
];

const ids = (list: { nodes: { id: string }[] }): string[] => list.nodes.map(({ id }) => id);

/** All nodes of a connection, page by page. */
async function walk(gateway: Gateway, field: (page: string) => string, first: number): Promise<string[]> {
  const seen: string[] = [];
  for (let after: string | null = null; ; ) {
    const page = `first: ${first}, after: ${JSON.stringify(after)}`;
    const { dataset } = await gateway.data(
      `{ dataset(name: "street") { page: ${field(page)} { nodes { id } edges { cursor } pageInfo { endCursor hasNextPage } } } }`,
    );
    seen.push(...ids(dataset.page));
    if (!dataset.page.pageInfo.hasNextPage) return seen;
    after = dataset.page.pageInfo.endCursor;
  }
}

describe('a dataset', () => {
  test('tells its fields, size and classes', async ({ gateway }) => {
    await street(gateway.storage, boxes);
    const { dataset } = await gateway.data(`{ dataset(name: "street") {
      id name mediaType sampleCount createdAt fields { name type labelCount }
      stats { samples frames labels estimatedLabelBytes fields { field type labels } }
      labelClasses(field: "ground_truth") labelCounts(field: "ground_truth") { name count }
    } }`);
    expect(dataset).toMatchObject({
      id: hex('d', 6),
      name: 'street',
      mediaType: 'image',
      sampleCount: 3,
      fields: [
        { name: 'ground_truth', type: 'Detections', labelCount: 3 },
        { name: 'weather', type: 'string', labelCount: 0 },
      ],
      stats: { samples: 3, frames: 0, labels: 3 },
      labelClasses: ['bus', 'car'],
    });
    expect(dataset.stats.estimatedLabelBytes).toBeGreaterThan(0);
    expect(new Date(dataset.createdAt).getFullYear()).toBeGreaterThan(2020);
    expect(dataset.labelCounts).toEqual(
      expect.arrayContaining([
        { name: 'car', count: 2 },
        { name: 'bus', count: 1 },
      ]),
    );
  });

  test('that does not exist is NOT_FOUND, with the name that was perhaps meant', async ({ gateway }) => {
    await street(gateway.storage, []);
    const { errors } = await gateway.ask('{ dataset(name: "streets") { id } }');
    expect(errors?.[0]?.extensions).toEqual({ code: 'NOT_FOUND', details: { kind: 'dataset', wanted: 'streets' } });
    expect(errors?.[0]?.message).toContain('"street"');
  });

  test('is listed with filters', async ({ gateway }) => {
    await street(gateway.storage, []);
    await street(gateway.storage, [], 'harbour');
    const names = async (filter: string) =>
      (await gateway.data(`{ datasets(filter: ${filter}) { nodes { name } } }`)).datasets.nodes.map(
        ({ name }: { name: string }) => name,
      );
    expect(await names('{}')).toEqual(expect.arrayContaining(['street', 'harbour']));
    expect(await names('{ nameContains: "harb" }')).toEqual(['harbour']);
    expect(await names('{ mediaType: "video" }')).toEqual([]);
  });
});

describe('a connection', () => {
  test('gives every node once, whatever the size of its pages', async ({ gateway }) => {
    await street(gateway.storage, [...boxes, ...boxes.map(() => [])]);
    const all = Array.from({ length: 6 }, (_, i) => hex('a', i));
    for (const first of [1, 2, 4, 6, 500])
      expect(await walk(gateway, (page) => `samples(${page})`, first)).toEqual(all);
    expect(await walk(gateway, (page) => `labels(${page})`, 2)).toEqual([hex('b', 1), hex('b', 2), hex('b', 3)]);
  });

  test('refuses a page of no size or of too many', async ({ gateway }) => {
    for (const first of [0, -1, 501])
      expect(await gateway.code(`{ datasets(first: ${first}) { nodes { id } } }`)).toBe('INVALID_ARGUMENT');
  });

  test('refuses a cursor that is none', async ({ gateway }) => {
    expect(await gateway.code('{ datasets(after: "%%") { nodes { id } } }')).toBe('CURSOR_INVALID');
  });
});

describe('samples', () => {
  const samples = async (gateway: Gateway, args: string) =>
    ids((await gateway.data(`{ dataset(name: "street") { samples(${args}) { nodes { id } } } }`)).dataset.samples);

  test('are found by filter and by view', async ({ gateway }) => {
    await street(gateway.storage, boxes);
    expect(await samples(gateway, 'filter: { tags: ["even"] }')).toEqual([hex('a', 0), hex('a', 2)]);
    expect(await samples(gateway, 'filter: { pathContains: "1.png" }')).toEqual([hex('a', 1)]);
    expect(await samples(gateway, `filter: { ids: ["${hex('a', 2)}"] }`)).toEqual([hex('a', 2)]);
    expect(await samples(gateway, 'view: { sort: { by: PATH, descending: true }, limit: 2 }')).toEqual([
      hex('a', 2),
      hex('a', 1),
    ]);
    expect(await samples(gateway, 'view: { where: [{ field: "weather", equals: "rain" }] }')).toEqual([hex('a', 1)]);
    const onlyBuses = 'view: { labels: [{ field: "ground_truth", filter: { classes: ["bus"] }, onlyMatching: true }] }';
    expect(await samples(gateway, onlyBuses)).toEqual([hex('a', 0)]);
    const { dataset } = await gateway.data(`{ dataset(name: "street") { countSamples(${onlyBuses}) } }`);
    expect(dataset.countSamples).toBe(1);
  });

  test('hold labels and values, by field', async ({ gateway }) => {
    await street(gateway.storage, boxes);
    const { sample } = await gateway.data(`{ sample(dataset: "street", id: "${hex('a', 0)}") {
      path width height tags metadata labels { field frame value labels { id labelClass label geometry confidence tags index sample { id } } }
    } }`);
    expect(sample).toMatchObject({
      path: '/street/0.png',
      width: 100,
      height: 50,
      tags: ['even'],
      metadata: { size_bytes: 1000 },
    });
    expect(sample.labels).toEqual(
      expect.arrayContaining([
        { field: 'weather', frame: 0, value: 'sun', labels: null },
        expect.objectContaining({ field: 'ground_truth', frame: 0, value: null }),
      ]),
    );
    const labels = sample.labels.find(({ field }: { field: string }) => field === 'ground_truth').labels;
    expect(labels[0]).toEqual({
      id: hex('b', 1),
      labelClass: 'Detection',
      label: 'car',
      geometry: { bounding_box: [0.1, 0.1, 0.2, 0.2] },
      confidence: 0.9,
      tags: ['checked'],
      index: null,
      sample: { id: hex('a', 0) },
    });
  });

  test('that do not exist, and fields that do not, are named', async ({ gateway }) => {
    await street(gateway.storage, boxes);
    expect(await gateway.code(`{ sample(dataset: "street", id: "${hex('a', 77)}") { id } }`)).toBe('NOT_FOUND');
    expect(
      await gateway.code(
        `{ sample(dataset: "street", id: "${hex('a', 0)}") { labels(fields: ["nothing"]) { field } } }`,
      ),
    ).toBe('UNKNOWN_FIELD');
    expect(await gateway.code('{ dataset(name: "street") { labelClasses(field: "nothing") } }')).toBe('UNKNOWN_FIELD');
  });
});

describe('labels', () => {
  const filters: readonly (readonly [string, readonly number[]])[] = [
    ['{ field: "ground_truth" }', [1, 2, 3]],
    ['{ type: "Detection" }', [1, 2, 3]],
    ['{ type: "Keypoint" }', []],
    ['{ field: "ground_truth", classes: ["car"] }', [1, 3]],
    ['{ attribute: { name: "occluded", equals: true } }', [3]],
    ['{ confidence: { atLeast: 0.5 } }', [1]],
    ['{ confidence: { atLeast: 0.3, atMost: 0.5 } }', [2]],
    ['{ tags: ["checked"] }', [1]],
    [`{ samples: ["${hex('a', 1)}"] }`, [3]],
    [`{ ids: ["${hex('b', 2)}"] }`, [2]],
  ];
  for (const [filter, expected] of filters) {
    test(`are found by ${filter}`, async ({ gateway }) => {
      await street(gateway.storage, boxes);
      const { dataset } = await gateway.data(
        `{ dataset(name: "street") { countLabels(filter: ${filter}) labels(filter: ${filter}) { nodes { id } } } }`,
      );
      expect(ids(dataset.labels)).toEqual(expected.map((n) => hex('b', n)));
      expect(dataset.countLabels).toBe(expected.length);
    });
  }
});

describe('an answer with many nodes', () => {
  test('reads the labels of all its samples together', async ({ gateway }) => {
    await street(
      gateway.storage,
      Array.from({ length: 40 }, (_, i) => [box(i)]),
    );
    const { storage } = gateway;
    let reads = 0;
    const values = storage.labels.values.bind(storage.labels);
    storage.labels.values = (...args) => {
      reads++;
      return values(...args);
    };
    await gateway.data('{ dataset(name: "street") { samples(first: 40) { nodes { labels { field } } } } }');
    expect(reads).toBe(2); // one for each field
  });
});
