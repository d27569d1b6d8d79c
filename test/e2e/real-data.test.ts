import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { exportedDataset, withPixels } from './exported.js';
import { dataFolder, test } from './loop.js';
import { fiftyOneFolder, realSets, rootOf } from './real-sets.js';

describe.skipIf(dataFolder === null)('real data goes out and home again:', () => {
  describe.each(realSets)('$name', ({ name, labelSchema, labels }) => {
    const mediaRoot = rootOf(name);

    test('is exported as FiftyOne exported it, and untouched work changes nothing', async ({ loop }) => {
      const dataset = await loop.import(fiftyOneFolder(name), { mediaRoot });
      const before = await loop.exported(dataset, { mediaRoot });
      expect(withPixels(before)).toEqual(withPixels(await exportedDataset(fiftyOneFolder(name))));

      const run = await loop.annotate(dataset, { labelSchema, attributes: true });
      await loop.play(run);
      for (const { counts, findings } of [await loop.load(dataset), await loop.load(dataset)]) {
        expect(counts).toMatchObject({ sent: labels, returned: labels, unchanged: labels });
        expect(findings).toEqual([]);
      }
      expect(await loop.labelChanges()).toBe(0);
      expect(await loop.exported(dataset, { mediaRoot })).toEqual(before);
    });
  });

  test.for([
    { name: 'blood-cells', labels: 357 },
    { name: 'nuclei', labels: 125 },
  ])('$name as COCO: untouched work changes nothing', async ({ name, labels }, { loop }) => {
    const path = join(rootOf(name), 'instances.coco.json');
    const mediaRoot = join(rootOf(name), 'images');
    const dataset = await loop.import(path, { format: 'coco', mediaRoot });
    const before = await loop.exportedCoco(dataset);
    const run = await loop.annotate(dataset, { labelSchema: ['ground_truth'], attributes: true });
    await loop.play(run);
    const { counts, findings } = await loop.load(dataset);
    expect(counts).toMatchObject({ sent: labels, returned: labels, unchanged: labels });
    expect(findings).toEqual([]);
    expect(await loop.exportedCoco(dataset)).toEqual(before);
  });
});
