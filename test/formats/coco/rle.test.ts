import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { areaOfPolygon, runsOfPolygon } from '../../../formats/coco/polygon.js';
import {
  areaOfRuns,
  decodeRuns,
  encodeRuns,
  extentOfRuns,
  lengthOfRuns,
  paintRuns,
  runsOfPixels,
} from '../../../formats/coco/rle.js';
import { UsedNumbers } from '../../../formats/coco/used-numbers.js';

interface Image {
  readonly width: number;
  readonly height: number;
  readonly pixels: number[];
}

const someImage: fc.Arbitrary<Image> = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .chain(([width, height]) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      pixels: fc.array(fc.constantFrom(0, 0, 1), { minLength: width * height, maxLength: width * height }),
    }),
  );

const runsOf = ({ width, height, pixels }: Image) => runsOfPixels(pixels, { x: 0, y: 0, width, height }, width, height);

/** Runs by definition: pixel after pixel, down the columns. */
function slowRuns({ width, height, pixels }: Image): number[] {
  const runs = [0];
  let last = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const value = pixels[y * width + x] ?? 0;
      if (value !== last) runs.push(0);
      runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1;
      last = value;
    }
  }
  return runs;
}

describe('the runs of a mask', () => {
  test('are those counted pixel by pixel', () =>
    fc.assert(
      fc.property(someImage, (image) => {
        expect(runsOf(image)).toEqual(slowRuns(image));
      }),
    ));

  test('paint the same mask again', () =>
    fc.assert(
      fc.property(someImage, (image) => {
        const painted = new Uint8Array(image.pixels.length);
        paintRuns(runsOf(image), image.height, { x: 0, y: 0, width: image.width, height: image.height }, painted);
        expect([...painted]).toEqual(image.pixels);
      }),
    ));

  test('know area, length and extent', () =>
    fc.assert(
      fc.property(someImage, (image) => {
        const runs = runsOf(image);
        const set = image.pixels.flatMap((value, i) =>
          value ? [{ x: i % image.width, y: Math.floor(i / image.width) }] : [],
        );
        expect(areaOfRuns(runs)).toBe(set.length);
        expect(lengthOfRuns(runs)).toBe(image.pixels.length);
        const xs = set.map(({ x }) => x);
        const ys = set.map(({ y }) => y);
        const [x, y] = [Math.min(...xs), Math.min(...ys)];
        const extent = { x, y, width: Math.max(...xs) - x + 1, height: Math.max(...ys) - y + 1 };
        expect(extentOfRuns(runs, image.height)).toEqual(set.length === 0 ? null : extent);
      }),
    ));

  test('of a part that stands in a larger image, or sticks out of it, are those of what can be seen', () =>
    fc.assert(
      fc.property(someImage, fc.integer({ min: -5, max: 9 }), fc.integer({ min: -5, max: 9 }), (part, x, y) => {
        const whole = { width: 10, height: 8, pixels: new Array<number>(80).fill(0) };
        for (const [i, value] of part.pixels.entries()) {
          const [column, row] = [x + (i % part.width), y + Math.floor(i / part.width)];
          if (value && column >= 0 && column < 10 && row >= 0 && row < 8) whole.pixels[row * 10 + column] = 1;
        }
        expect(runsOfPixels(part.pixels, { x, y, width: part.width, height: part.height }, 10, 8)).toEqual(
          slowRuns(whole),
        );
      }),
    ));

  test('survive their compressed text, whatever their size', () =>
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat({ max: 40 }), fc.nat({ max: 2 ** 31 - 1 }))), (runs) => {
        const text = encodeRuns(runs);
        expect(text).toMatch(/^[0-o]*$/);
        expect(decodeRuns(text)).toEqual(runs);
      }),
    ));
});

describe('compressed text of the COCO tools', () => {
  test('is read and written alike', () => {
    const text = '[^]64h?5N2O1N1N3N1O1O100O1O100O1000O01000O10000O011N100O1O2O1M2O2N4KPbR1';
    expect(areaOfRuns(decodeRuns(text))).toBe(542);
    expect(lengthOfRuns(decodeRuns(text))).toBe(512 * 512);
    expect(encodeRuns(decodeRuns(text))).toBe(text);
  });

  test.each(['~', 'P', '\u0000', 'oooooooooooooooooooooo'])('with anything else in it is refused: %j', (text) => {
    expect(() => decodeRuns(text)).toThrow(RangeError);
  });
});

describe('a filled polygon', () => {
  /** Made with the COCO tools themselves. */
  test.each([
    [10, 8, [1, 1, 6, 1, 6, 5, 1, 5], '9440000000o0'],
    [12, 9, [0.5, 0.5, 11.2, 3.1, 4.7, 8.9], ':182N2O1N00O1O2O0O1O7'],
    [12, 9, [-3, -2, 20, 4, 5, 15], '0542Nm0OTO0000001O00'],
    [9, 9, [1, 1, 8, 8, 8, 1, 1, 8], ':64N2N:0F2N27'],
  ])('of %i x %i pixels, %j, is that of the COCO tools', (width, height, polygon, text) => {
    expect(encodeRuns(runsOfPolygon(polygon, width, height))).toBe(text);
  });

  test('covers about its area', () => {
    const polygon = [10, 10, 90, 20, 70, 80, 20, 60];
    expect(Math.abs(areaOfRuns(runsOfPolygon(polygon, 100, 100)) - areaOfPolygon(polygon))).toBeLessThan(100);
    expect(areaOfPolygon([0, 0, 4, 0, 4, 3, 0, 3])).toBe(12);
  });

  test('outside the image has no pixels', () => {
    expect(areaOfRuns(runsOfPolygon([-9, -9, -2, -9, -2, -2], 10, 10))).toBe(0);
  });
});

describe('the numbers in use', () => {
  test('are new once', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 2 ** 20 }), fc.integer({ min: 2 ** 28, max: 2 ** 28 + 3 })),
        ),
        (numbers) => {
          const used = new UsedNumbers();
          const seen = new Set<number>();
          for (const number of numbers) {
            expect(used.add(number)).toBe(!seen.has(number));
            seen.add(number);
          }
        },
      ),
    ));
});
