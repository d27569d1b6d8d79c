import fc from 'fast-check';
import { expect, test } from 'vitest';

const { fromCsv, toCsv } = (await import(new URL('../../examples/custom-backend/csv.js', import.meta.url).href)) as {
  fromCsv(text: string): string[][];
  toCsv(rows: string[][]): string;
};

test('any table of two columns or more survives being written and read', () =>
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'ä') }), { minLength: 2 })),
      (rows) => {
        expect(fromCsv(toCsv(rows))).toEqual(rows);
      },
    ),
  ));

test('a table without a last line end is read whole', () => {
  expect(fromCsv('a,b\r\n1,2')).toEqual([
    ['a', 'b'],
    ['1', '2'],
  ]);
  expect(fromCsv('a,b\n1,')).toEqual([
    ['a', 'b'],
    ['1', ''],
  ]);
});
