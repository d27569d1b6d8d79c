import { describe, expect, test } from 'vitest';
import { cvatDescriptor } from '../../../backends/cvat/descriptor.js';
import { labelboxDescriptor } from '../../../backends/labelbox/descriptor.js';
import { labelStudioDescriptor } from '../../../backends/labelstudio/descriptor.js';
import type { LabelDocument } from '../../../domain/labels/index.js';
import { backend, codeOf, field, resolve } from './support.js';

const withValues = (...values: unknown[]) =>
  field(
    'Classifications',
    values.map((value): LabelDocument => ({ label: 'cat', note: value })),
  );
const toolFor = (...values: unknown[]) =>
  resolve({ attributes: true }, withValues(...values)).labelSchema.things?.attributes?.note;
const texts = (count: number) => Array.from({ length: count }, (_, i) => `t${i}`);

describe('all attributes of an existing field', () => {
  test('are a checkbox where every value is a boolean', () =>
    expect(toolFor(null, true, false)).toEqual({ type: 'checkbox' }));

  test('are a select where there are few distinct texts', () =>
    expect(toolFor('b', 'a', 'b')).toEqual({ type: 'select', values: ['a', 'b'] }));

  test('are a select of up to twenty texts and free text from there on', () => {
    expect(toolFor(...texts(20))?.values).toHaveLength(20);
    expect(toolFor(...texts(21))).toEqual({ type: 'text' });
  });

  test('are free text where one text alone was seen, which is no choice', () =>
    expect(toolFor('a', 'a')).toEqual({ type: 'text' }));

  test('are free text where they are numbers, or of several kinds', () => {
    expect(toolFor(1, 2.5)).toEqual({ type: 'text' });
    expect(toolFor(true, 'yes', 'no')).toEqual({ type: 'text' });
  });

  test('are left out with a warning where some value is a list or an object', () => {
    for (const value of [['a'], { a: 1 }]) {
      const { labelSchema, warnings } = resolve({ attributes: true }, withValues('a', value));
      expect(labelSchema.things?.attributes).toEqual({});
      expect(warnings).toMatchObject([{ code: 'ATTRIBUTE_LEFT_OUT', field: 'things' }]);
    }
  });

  test('are free text where the backend has no select', () => {
    const { labelSchema } = resolve(
      { attributes: true },
      withValues('a', 'b'),
      backend({ attributeTypes: ['text', 'checkbox'] }),
    );
    expect(labelSchema.things?.attributes).toEqual({ note: { type: 'text' } });
  });

  test('are judged by the first value where nothing was said, and when compatible', () => {
    const holds = withValues('a', 'b', ['c']);
    for (const request of [{}, { attributes: true, compatible: true }]) {
      expect(resolve(request, holds).labelSchema.things?.attributes).toEqual({ note: { type: 'text' } });
    }
  });

  test('are judged by the value met first, whatever the class of its label', () => {
    const holds = field('Classifications', [{ label: 'a' }, { label: 'b', note: true }, { label: 'a', note: 'x' }]);
    expect(resolve({}, holds).labelSchema.things?.attributes).toEqual({ note: { type: 'checkbox' } });
  });

  test('do not include members that the label class has, even where they hold something unusual', () => {
    const points = field('Keypoints', [{ label: 'a', points: [[0, 0]], confidence: [0.5], mask_path: 'm.png', _x: 1 }]);
    expect(resolve({}, points).labelSchema.things?.attributes).toEqual({});
  });

  test('include those of the older kind, and none that the label class itself has', () => {
    const boxes = field('Detections', [
      {
        label: 'cat',
        bounding_box: [0, 0, 1, 1],
        attributes: { old: { _cls: 'X', value: 2 } },
        confidence: 0.5,
        index: 1,
      },
    ]);
    expect(resolve({ attributes: true }, boxes).labelSchema.things?.attributes).toEqual({ old: { type: 'text' } });
  });

  test('of a class group are those of its classes', () => {
    const holds = field('Classifications', [
      { label: 'cat', fur: true },
      { label: 'car', doors: 'x' },
    ]);
    const { labelSchema } = resolve({ classes: [{ classes: ['cat'], attributes: true }], attributes: false }, holds);
    expect(labelSchema.things?.classes).toEqual([{ classes: ['cat'], attributes: { fur: { type: 'checkbox' } } }]);
  });

  test('do not include keyframe marks in frame fields', () => {
    const boxes = field('Detections', [{ label: 'cat', keyframe: true, mood: 'x' }]);
    const request = { labelField: 'frames.things', attributes: true };
    const { labelSchema } = resolve(request, null, backend(), {
      mediaType: 'video',
      fields: new Map([['frames.things', boxes]]),
    });
    expect(labelSchema['frames.things']).toMatchObject({
      attributes: { mood: { type: 'text' } },
      only_keyframes: true,
    });
  });
});

describe('an attribute that is declared', () => {
  const codeFor = (attribute: object, compatible = false, rules = { name: 'cvat', ...cvatDescriptor }) =>
    codeOf(() => resolve({ attributes: { a: attribute as never }, compatible }, field('Classifications'), rules));

  test('needs no values for text and checkbox, unless compatible', () => {
    for (const type of ['text', 'checkbox']) {
      expect(codeFor({ type })).toBeNull();
      expect(codeFor({ type }, true)).toBe('ATTRIBUTE_VALUES_REQUIRED');
    }
  });

  test('needs values for select and radio', () => {
    for (const type of ['select', 'radio']) {
      expect(codeFor({ type })).toBe('ATTRIBUTE_VALUES_REQUIRED');
      expect(codeFor({ type, values: [] })).toBe('ATTRIBUTE_VALUES_REQUIRED');
    }
  });

  test('is refused for a type that the backend has not, naming those it has', () => {
    expect(codeFor({ type: 'slider' })).toBe('UNSUPPORTED_ATTRIBUTE_TYPE');
    expect(() => resolve({ attributes: { a: { type: 'slider' } } }, field('Classifications'))).toThrow(
      /slider.*text, select, radio, checkbox/,
    );
  });

  test('is refused without a type, in a form that is none, or with a default that cannot be chosen', () => {
    expect(codeFor({ values: ['x'] })).toBe('ATTRIBUTE_TYPE_REQUIRED');
    expect(codeOf(() => resolve({ attributes: { a: 5 } }, field('Classifications')))).toBe('ATTRIBUTES_INVALID');
    expect(codeOf(() => resolve({ attributes: 5 }, field('Classifications')))).toBe('ATTRIBUTES_INVALID');
    expect(codeFor({ type: 'text', values: 'x' })).toBe('ATTRIBUTES_INVALID');
    expect(codeFor({ type: 'select', values: ['x', 1], default: 'z' })).toBe('ATTRIBUTE_DEFAULT_NOT_IN_VALUES');
  });

  test('keeps keys that are not known, and drops what is null', () => {
    const asked = { a: { type: 'text', tooltip: 'hi', default: null, read_only: false } };
    expect(resolve({ attributes: asked }, field('Classifications')).labelSchema.things?.attributes).toEqual({
      a: { type: 'text', tooltip: 'hi', read_only: false },
    });
  });
});

describe('a backend without attributes', () => {
  const labelStudio = { name: 'labelstudio', ...labelStudioDescriptor };

  test('gets none, and the caller hears of it', () => {
    const { labelSchema, warnings } = resolve({ attributes: true }, withValues('a'), labelStudio);
    expect(labelSchema.things?.attributes).toEqual({});
    expect(warnings).toMatchObject([{ code: 'ATTRIBUTES_NOT_SUPPORTED' }]);
  });

  test('does not trouble anyone where there are none', () =>
    expect(resolve({ attributes: true }, field('Classifications'), labelStudio).warnings).toEqual([]));
});

test('Labelbox asks two choices for a boolean', () => {
  const labelbox = { name: 'labelbox', ...labelboxDescriptor };
  expect(resolve({ attributes: true }, withValues(true), labelbox).labelSchema.things?.attributes?.note).toEqual({
    type: 'radio',
    values: [true, false],
  });
});
