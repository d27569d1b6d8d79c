import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { encodeNpy, type Mask } from '../../domain/labels/index.js';
import { maskIntake, nameMask, packMask, unpackMask } from '../../storage/mask-codec.js';

const mask = (data: number[], given: Partial<Mask> = {}): Mask => ({
  shape: [2, 3],
  element: '|u1',
  data: Uint8Array.from(data),
  ...given,
});

describe('the name of a mask', () => {
  const pixels = [0, 1, 1, 0, 0, 1];

  test('is the same however its values are stored', () => {
    const names = (['|b1', '|u1', '<i4', '<f8'] as const).map((element) => packMask(mask(pixels, { element })).hash);
    expect(new Set(names).size).toBe(1);
    expect(names[0]).toMatch(/^[0-9a-f]{40}$/);
  });

  test('differs with shape and values', () => {
    const names = [
      mask(pixels),
      mask(pixels, { shape: [3, 2] }),
      mask([0, 1, 1, 0, 1, 1]),
      mask(pixels, { data: [0, 1, 1, 0, 0, 1.5], element: '<f4' }),
    ].map((one) => packMask(one).hash);
    expect(new Set(names).size).toBe(4);
  });

  test('tells 256 from 0', () => {
    expect(packMask(mask([256, 0, 0, 0, 0, 0], { data: [256, 0, 0, 0, 0, 0], element: '<u2' })).hash).not.toBe(
      packMask(mask([0, 0, 0, 0, 0, 0])).hash,
    );
  });
});

describe('packed masks', () => {
  test('come back as they were', () => {
    const original = mask([0, 300, 1, 2, 65535, 7], { element: '<u2', data: [0, 300, 1, 2, 65535, 7] });
    const back = unpackMask(packMask(original).bytes);
    expect({ ...back, data: Array.from(back.data) }).toEqual({ ...original, data: Array.from(original.data) });
  });

  test('that are packed already keep their bytes', () => {
    const bytes = deflateSync(encodeNpy(mask([1, 0, 0, 0, 0, 0])), { level: 0 });
    const named = maskIntake.name(bytes);
    expect(named.bytes).toBe(bytes);
    expect(named.hash).toBe(maskIntake.pack(mask([1, 0, 0, 0, 0, 0])).hash);
  });

  test('that are none are refused with the reason', () => {
    expect(() => nameMask(Buffer.from('no mask'))).toThrow(expect.objectContaining({ code: 'MASK_UNREADABLE' }));
    expect(() => unpackMask(deflateSync('no array'))).toThrow(expect.objectContaining({ code: 'MASK_UNREADABLE' }));
  });
});
