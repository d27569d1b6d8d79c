import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../domain/labels/index.js';
import { bytesOf, normalizeNumbers, objectIdOf } from '../../../formats/json/extended-json.js';
import { type JsonPiece, JsonSplitter } from '../../../formats/json/json-splitter.js';
import { parseJson } from '../../../formats/json/parse-json.js';
import { readPieces } from '../../../formats/json/read-pieces.js';
import { temporaryFolders } from '../../support/format-trip.js';

const newFolder = temporaryFolders();

/** Cuts text into pieces, handing it over in chunks of the given sizes (the last one over and over). */
function split(text: string, sizes: readonly number[] = [1 << 20]): JsonPiece[] {
  const splitter = new JsonSplitter();
  const bytes = Buffer.from(text);
  const pieces: JsonPiece[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = Math.max(1, sizes[Math.min(i, sizes.length - 1)] ?? 1);
    pieces.push(...splitter.push(bytes.subarray(at, at + size)));
    at += size;
  }
  splitter.end();
  return pieces;
}

const found = (pieces: readonly JsonPiece[]) =>
  pieces.map((piece) => [piece.member, piece.index, JSON.parse(piece.bytes.toString()) as Json]);

/** What the pieces of a document should be. */
const expected = (document: Record<string, Json>) =>
  Object.entries(document).flatMap(([member, value]) =>
    Array.isArray(value) ? value.map((element, i) => [member, i, element]) : [[member, -1, value]],
  );

/** Text full of what could confuse a scanner, short and long. */
const someText = fc.oneof(
  fc.string({
    unit: fc.constantFrom('"', '\\', '{', '[', ']', '}', ',', ':', 'a', 'é', '\n', '\u2028'),
    maxLength: 12,
  }),
  fc.string({ unit: fc.constantFrom('\\', '"', 'x'), minLength: 60, maxLength: 150 }),
);
const someJson = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    someText,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(someText, tie('value'), { maxKeys: 3 }),
  ),
})).value;
const someDocument = fc.dictionary(someText, fc.oneof(someJson, fc.array(someJson, { maxLength: 5 })), { maxKeys: 5 });

describe('whatever the document and however it is cut into chunks', () => {
  test('its pieces are its members and elements', () =>
    fc.assert(
      fc.property(
        someDocument,
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        (document, sizes, pretty) => {
          const text = JSON.stringify(document, null, pretty ? 2 : 0);
          const plain = JSON.parse(text) as Record<string, Json>; // -0 is written as 0
          expect(found(split(text, sizes))).toEqual(expected(plain));
        },
      ),
      { numRuns: 400 },
    ));

  test('a piece tells where it stands', () =>
    fc.assert(
      fc.property(someDocument, fc.integer({ min: 1, max: 30 }), (document, size) => {
        const bytes = Buffer.from(JSON.stringify(document));
        for (const piece of split(bytes.toString(), [size])) {
          expect(bytes.subarray(piece.offset, piece.offset + piece.bytes.length).equals(piece.bytes)).toBe(true);
        }
      }),
    ));

  test('a long text may be cut between a backslash and what it escapes', () => {
    const document = { a: ['\\'.repeat(70), `${'x'.repeat(60)}${'"\\'.repeat(30)}`, 'end'] };
    for (let size = 1; size < 200; size++) {
      expect(found(split(JSON.stringify(document), [size])), `${size}`).toEqual(expected(document));
    }
  });

  test('a document that is cut short is refused', () =>
    fc.assert(
      fc.property(someDocument, fc.nat(), (document, seed) => {
        const text = JSON.stringify(document);
        const length = seed % text.length;
        expect(() => split(text.slice(0, length))).toThrow(/expected/);
      }),
    ));
});

describe('the outermost grammar', () => {
  test('may be a bare list', () => {
    expect(found(split('[{"a":1}, 2]'))).toEqual([
      ['', 0, { a: 1 }],
      ['', 1, 2],
    ]);
  });

  test('may begin with a byte order mark', () => {
    expect(found(split('\ufeff{"a":1}'))).toEqual([['a', -1, 1]]);
  });

  test.each([
    '',
    'x',
    '{"a" 1}',
    '{"a":1 "b":2}',
    '{"a":[1 2]}',
    '{"a":[1,]}',
    '{"a":1,}',
    '{"a":1}}',
    '{a:1}',
    '{"a":}',
    '{,}',
  ])('is checked: %j', (text) => {
    expect(() => split(text)).toThrow(/expected/);
  });

  test('is complained of with file and byte', async () => {
    const file = join(newFolder(), 'broken.json');
    writeFileSync(file, '{"samples": [1, 2}');
    const reading = async () => {
      for await (const _ of readPieces(file, new AbortController().signal));
    };
    await expect(reading()).rejects.toMatchObject({ code: 'MALFORMED_FILE', file, where: 'byte 17' });
  });
});

const parsed = (text: string): Json => parseJson(text, () => ({ file: 'f', where: 'w' }));

describe('extended JSON', () => {
  test('numbers of any spelling are plain numbers', () => {
    const text = '[{"$numberInt":"-3"},{"$numberLong":"9007199254740991"},{"$numberDouble":"0.5"},7]';
    expect(parsed(text)).toEqual([-3, 9007199254740991, 0.5, 7]);
  });

  test('numbers that JavaScript cannot hold stay as they are', () => {
    expect(parsed('[NaN, -Infinity, {"$numberDouble":"NaN"}]')).toEqual([
      { $numberDouble: 'NaN' },
      { $numberDouble: '-Infinity' },
      { $numberDouble: 'NaN' },
    ]);
    expect(parsed('{"a":9007199254740993,"b":{"$numberLong":"9007199254740993"},"c":-9223372036854775808}')).toEqual({
      a: { $numberLong: '9007199254740993' },
      b: { $numberLong: '9007199254740993' },
      c: { $numberLong: '-9223372036854775808' },
    });
  });

  test('text that looks like numbers is left alone', () => {
    const text = '{"a":"NaN, 9007199254740993 \\" Infinity","b":[ 9007199254740993,0.1234567890123456]}';
    expect(parsed(text)).toEqual({
      a: 'NaN, 9007199254740993 " Infinity',
      b: [{ $numberLong: '9007199254740993' }, 0.1234567890123456],
    });
  });

  test('dates keep their spelling', () => {
    expect(normalizeNumbers({ at: { $date: { $numberLong: '-5' } } })).toEqual({
      at: { $date: { $numberLong: '-5' } },
    });
  });

  test('ids are 24 hex digits in lower case', () => {
    expect(objectIdOf({ $oid: '6B05AED3A5267A5D9F6B2C39' })).toBe('6b05aed3a5267a5d9f6b2c39');
    expect(objectIdOf('6b05aed3a5267a5d9f6b2c39')).toBe('6b05aed3a5267a5d9f6b2c39');
    for (const wrong of [null, 7, '6b05', { $oid: 'x'.repeat(24) }]) expect(objectIdOf(wrong)).toBeNull();
  });

  test('bytes come in three spellings', () => {
    for (const value of ['AQI=', { $binary: 'AQI=', $type: '00' }, { $binary: { base64: 'AQI=', subType: '00' } }]) {
      expect(bytesOf(value)).toEqual(Buffer.from([1, 2]));
    }
    expect(bytesOf(7)).toBeNull();
  });

  test('any JSON reads as JSON.parse reads it', () =>
    fc.assert(
      fc.property(someJson, (value) => {
        expect(parsed(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    ));
});
