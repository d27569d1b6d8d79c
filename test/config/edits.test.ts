import { describe, expect, test } from 'vitest';
import { type AnnotationConfig, applyEdits } from '../../config/index.js';
import type { Json } from '../../domain/labels/index.js';

const config: AnnotationConfig = {
  defaultBackend: 'cvat',
  backends: { cvat: { url: 'u', headers: { a: 'b' } } },
  warnings: [],
};
const edited = (...edits: [readonly string[], Json][]) =>
  applyEdits(
    config,
    edits.map(([path, value]) => ({ path, value })),
  );

describe('a run-time edit', () => {
  test('overrules what is there, the later the earlier', () => {
    expect(edited([['default_backend'], 'a'], [['default_backend'], 'b']).defaultBackend).toBe('b');
    expect(edited([['backends', 'cvat', 'url'], null]).backends.cvat).toEqual({ url: null, headers: { a: 'b' } });
  });

  test('reaches inside a parameter, and makes what is missing', () => {
    expect(edited([['backends', 'cvat', 'headers', 'c'], 1]).backends.cvat?.headers).toEqual({ a: 'b', c: 1 });
    expect(edited([['backends', 'mine', 'x', 'y'], 1]).backends.mine).toEqual({ x: { y: 1 } });
    expect(edited([['backends', 'mine'], { z: 1 }]).backends.mine).toEqual({ z: 1 });
  });

  test('leaves the config that it is laid on alone', () => {
    edited([['backends', 'cvat', 'headers', 'a'], 'z']);
    expect(config.backends.cvat?.headers).toEqual({ a: 'b' });
  });

  test.each<[readonly string[], Json]>([
    [[], 'x'],
    [['default_backend'], 5],
    [['default_backend', 'cvat'], 'x'],
    [['backends'], {}],
    [['backends', 'cvat'], 'x'],
    [['backends', 'cvat', 'url', 'deep'], 1],
    [['backends', '__proto__', 'x'], 1],
    [['colour'], 1],
  ])('of %j to %j is refused', (path, value) =>
    expect(() => edited([path, value])).toThrow(expect.objectContaining({ code: 'CONFIG_EDIT_INVALID', path })),
  );
});
