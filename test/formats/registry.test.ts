import { describe, expect, test } from 'vitest';
import { formatFor, formats } from '../../formats/registry.js';

describe('a dataset format', () => {
  test.each([
    ['fiftyone', 'fiftyone'],
    ['FiftyOneDataset', 'fiftyone'],
    ['coco', 'coco'],
    ['COCODetectionDataset', 'coco'],
    ['media', 'media'],
  ])('is found by the name %s', (name, found) => {
    expect(formatFor(name, 'read').name).toBe(found);
  });

  test('that does not exist is an error that lists those that do', () => {
    expect(() => formatFor('yolo', 'read')).toThrowError(
      expect.objectContaining({ code: 'UNKNOWN_FORMAT', format: 'yolo', known: ['fiftyone', 'coco', 'media'] }),
    );
  });

  test('that can only be read is no format to write', () => {
    expect(() => formatFor('media', 'write')).toThrowError(
      expect.objectContaining({ code: 'UNKNOWN_FORMAT', known: ['fiftyone', 'coco'] }),
    );
  });

  test('says what it is', () => {
    for (const format of formats) expect(format.description.length).toBeGreaterThan(20);
  });
});
