import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Spool } from '../../../formats/coco/spool.js';

const imageCount = 7;
const someEntries = fc.array(fc.record({ ordinal: fc.nat(imageCount - 1), text: fc.string({ maxLength: 30 }) }), {
  maxLength: 40,
});

describe('entries in any order', () => {
  test('come back image by image, those of one image as they were added, from memory or from disk', () =>
    fc.assert(
      fc.asyncProperty(
        someEntries,
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 600 }),
        async (entries, part, buffer) => {
          const spool = new Spool(1000, imageCount, { part, buffer });
          for (const [index, { ordinal, text }] of entries.entries()) {
            await spool.add({
              ordinal,
              kind: index % 2 === 0 ? 'annotation' : 'image',
              index,
              text: Buffer.from(text),
            });
          }
          const back: unknown[] = [];
          for (let i = 0; i < spool.parts; i++) {
            for (const list of (await spool.entriesOf(i)).values())
              back.push(...list.map((entry) => [entry.ordinal, entry.kind, entry.index, entry.text.toString()]));
          }
          await spool.remove();
          const given = entries.map(
            ({ ordinal, text }, index) =>
              [ordinal, index % 2 === 0 ? 'annotation' : 'image', index, Buffer.from(text).toString()] as const,
          );
          expect(back).toEqual([...given].sort((a, b) => a[0] - b[0] || a[2] - b[2]));
        },
      ),
      { numRuns: 60 },
    ));
});
