import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fiftyOneFormat } from '../../../formats/fiftyone/format.js';
import { readDataset, temporaryFolders, writeDataset } from '../../support/format-trip.js';

const data = process.env.ANNOGATE_TEST_DATA ?? '';
const newFolder = temporaryFolders();
const json = (file: string): unknown => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null);

describe.skipIf(data === '')("FiftyOne's own export", () => {
  test.each(['blood-cells', 'dried-fruit', 'nuclei', 'skier', 'two-flies'])(
    'of %s comes out as it went in',
    async (name) => {
      const mediaRoot = join(data, name);
      const source = join(mediaRoot, 'fiftyone', 'dataset');
      const held = await readDataset(fiftyOneFormat, source, { mediaRoot });
      const target = join(newFolder(), 'out');
      const report = await writeDataset(fiftyOneFormat, target, held, { mediaRoot });

      for (const file of ['metadata.json', 'samples.json', 'frames.json']) {
        expect(json(join(target, file)), file).toEqual(json(join(source, file)));
      }
      expect([...held.report, ...report]).toEqual([]);
    },
  );
});
