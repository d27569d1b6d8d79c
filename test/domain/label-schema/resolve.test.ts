import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fieldsToInspect, type LabelSchemaRequest, resolveLabelSchema } from '../../../domain/label-schema/index.js';
import { labelTypes } from '../../../domain/labels/index.js';
import { backend, codeOf, facts, field, resolve } from './support.js';

const box = (label: string | null, more: object = {}) => ({ label, bounding_box: [0, 0, 1, 1], ...more });
const masked = (label: string) => box(label, { mask: 'hash' });
const line = (filled: boolean) => ({ label: 'a', points: [[[0, 0]]], filled });
const quiet = { attributes: false } as const;

describe('the type of an existing field', () => {
  test('is the one whose labels it holds, but for lines, which stay polygons', () => {
    expect(resolve(quiet, field('Detections', [masked('a')])).labelSchema.things?.type).toBe('instances');
    expect(resolve(quiet, field('Detection', [box('a')])).labelSchema.things?.type).toBe('detection');
    expect(resolve(quiet, field('Polylines', [line(false)])).labelSchema.things?.type).toBe('polygons');
    expect(resolve(quiet, field('Polyline', [line(true)])).labelSchema.things?.type).toBe('polygon');
  });

  test('is taken as FiftyOne takes it where both kinds are held, with a warning', () => {
    const { labelSchema, warnings } = resolve(quiet, field('Detections', [masked('a'), box('a')]));
    expect(labelSchema.things?.type).toBe('detections');
    expect(warnings.map(({ code }) => code)).toEqual(['TYPE_INFERRED', 'LABELS_LEFT_OUT_BY_KIND']);
  });

  test('cannot be asked to be another', () => {
    for (const labelType of ['polylines', 'detection', 'blobs']) {
      expect(codeOf(() => resolve({ labelType }, field('Detections')))).toBe('LABEL_TYPE_CONFLICT');
    }
  });

  test('must be one that can be annotated', () => {
    for (const type of ['TemporalDetections', 'list', 'Heatmap', 'constructor', '__proto__']) {
      expect(codeOf(() => resolve({}, field(type)))).toBe('UNSUPPORTED_FIELD_TYPE');
    }
    expect(codeOf(() => resolve({}, field('int'), backend({ scalarTypes: ['string'] })))).toBe(
      'UNSUPPORTED_FIELD_TYPE',
    );
    expect(codeOf(() => resolve({}, field('Keypoints'), backend({ labelTypes: ['detections'] })))).toBe(
      'UNSUPPORTED_LABEL_TYPE',
    );
  });
});

describe('a new field', () => {
  test.each(labelTypes)('can be of type %s, singular ones included', (labelType) => {
    const request = { labelType, classes: ['a'], maskTargets: { 1: 'a' } };
    expect(resolve(request, null).labelSchema.things).toMatchObject({ type: labelType, existing_field: false });
  });

  test('needs a type, and classes or mask targets', () => {
    expect(codeOf(() => resolve({ classes: ['a'] }, null))).toBe('LABEL_TYPE_REQUIRED');
    expect(codeOf(() => resolve({ labelType: 'detections', classes: [] }, null))).toBe('CLASSES_REQUIRED');
    expect(codeOf(() => resolve({ labelType: 'segmentation' }, null))).toBe('MASK_TARGETS_REQUIRED');
  });

  test('is refused with the list of types that there are', () =>
    expect(() => resolve({ labelType: 'blobs', classes: ['a'] }, null)).toThrow(/"blobs".*detections.*scalar/));

  test('has no edit rules, and the caller hears of those that were asked for', () => {
    const { labelSchema, warnings } = resolve(
      { labelType: 'scalar', allowDeletions: false, allowAdditions: true },
      null,
    );
    expect(labelSchema.things).not.toHaveProperty('allow_deletions');
    expect(warnings).toMatchObject([{ code: 'FLAG_WITHOUT_EFFECT', field: 'things' }]);
  });
});

describe('what does not have the form it needs', () => {
  const inForm = { labelType: 'detections', classes: ['a'] };
  test.each([
    ['LABEL_SCHEMA_INVALID', { labelSchema: 'things' }],
    ['LABEL_SCHEMA_INVALID', { labelSchema: [5] }],
    ['LABEL_SCHEMA_INVALID', { labelSchema: { things: 'detections' } }],
    ['LABEL_SCHEMA_INVALID', { labelSchema: { things: { type: 5 } } }],
    ['LABEL_SCHEMA_INVALID', { labelSchema: { things: { ...inForm, allow_additions: 'no' } } }],
    ['CLASSES_INVALID', { ...inForm, classes: 5 }],
    ['CLASSES_INVALID', { ...inForm, classes: [5] }],
    ['CLASSES_INVALID', { ...inForm, classes: [{ classes: ['a'] }] }],
    ['CLASSES_INVALID', { ...inForm, classes: [{ attributes: {} }] }],
    ['CLASSES_INVALID', { ...inForm, classes: [{ classes: [5], attributes: {} }] }],
    ['MASK_TARGETS_INVALID', { labelType: 'segmentation', maskTargets: ['a'] }],
    ['MASK_TARGETS_INVALID', { labelType: 'segmentation', maskTargets: { one: 'a' } }],
    ['MASK_TARGETS_INVALID', { labelType: 'segmentation', maskTargets: { 1: 5 } }],
    ['MEDIA_FIELD_NOT_FOUND', { ...inForm, mediaField: 'nope' }],
  ])('is refused as %s: %j', (code, request) => expect(codeOf(() => resolve(request, null))).toBe(code));
});

describe('what a backend cannot show', () => {
  const request = { labelType: 'classification', classes: ['a'] };
  test.each([
    ['EMPTY_VIEW', { unitCount: 0 }],
    ['SELECT_GROUP_SLICES', { mediaType: 'group' }],
    ['MEDIA_TYPE_NOT_SUPPORTED', { mediaType: '3d' }],
    ['MEDIA_TYPE_NOT_SUPPORTED', { mediaType: 'mixed' }],
    ['FRAME_FIELD_REQUIRED', { mediaType: 'video' }],
  ] as const)('is refused as %s: %j', (code, more) =>
    expect(codeOf(() => resolve(request, null, backend(), more))).toBe(code),
  );

  test('is refused where it is clips', () =>
    expect(codeOf(() => resolve(request, null, backend({ clips: false }), { unit: 'clip' }))).toBe(
      'CLIPS_NOT_SUPPORTED',
    ));

  test('may be a classification of whole videos, never boxes on them', () => {
    const rules = backend({ videoSampleFields: true });
    expect(codeOf(() => resolve(request, null, rules, { mediaType: 'video' }))).toBeNull();
    expect(codeOf(() => resolve({ ...request, labelType: 'detections' }, null, rules, { mediaType: 'video' }))).toBe(
      'FRAME_FIELD_REQUIRED',
    );
  });

  test('is refused in the words of the backend itself, unless compatible', () => {
    const rules = { ...backend(), checkLabelSchema: () => ['too long'] };
    expect(() => resolve(request, null, rules)).toThrow(/mem cannot work with this label schema: too long/);
    expect(codeOf(() => resolve({ ...request, compatible: true }, null, rules))).toBeNull();
  });
});

describe('the labels that a run takes', () => {
  test('are those of the classes and the geometry, and the caller hears how many are left out', () => {
    const holds = field('Detections', [box('a'), box('b'), box(null), masked('a')]);
    const { selection, warnings } = resolve({ ...quiet, labelType: 'detections', classes: ['a', 'a'] }, holds);
    expect(selection.things).toEqual({ classes: ['a'], geometry: 'unmasked', filter: null, listed: false });
    expect(warnings.map(({ code, message }) => [code, message.split(' ')[0]])).toEqual([
      ['LABELS_LEFT_OUT_BY_KIND', '1'],
      ['LABELS_LEFT_OUT_BY_CLASS', '2'],
    ]);
  });

  test('are narrowed by the filter of the view, one by one where it names ids', () => {
    const chosen = (view: object) =>
      resolve(quiet, field('Classifications', [{ label: 'a' }]), backend(), { view }).selection.things;
    const filter = { confidence: { atLeast: 0.5 } };
    expect(chosen({ labels: [{ field: 'things', filter }] })).toMatchObject({ filter, listed: false });
    expect(chosen({ labels: [{ field: 'other', filter }] })).toMatchObject({ filter: null });
    expect(chosen({ labels: [{ field: 'things', filter: { ids: ['x'] } }] })).toMatchObject({ listed: true });
    expect(chosen({ patches: 'things' })).toMatchObject({ filter: null, listed: false });
    expect(chosen({ patches: 'other' })).toMatchObject({ filter: { ids: [] } });
    expect(codeOf(() => chosen({ labels: [1, 2].map(() => ({ field: 'things', filter })) }))).toBe('INVALID_ARGUMENT');
  });

  test('stand under the name of the dataset’s field in a view of frames', () => {
    const { labelSchema, selection } = resolve(quiet, field('Detections', [box('a')]), backend(), { unit: 'frame' });
    expect([Object.keys(labelSchema), Object.keys(selection)]).toEqual([['things'], ['frames.things']]);
  });

  test('stay at home where the backend cannot be given any', () => {
    const holds = field('Classifications', [{ label: 'a' }]);
    expect(resolve(quiet, holds, backend({ existingLabels: false })).warnings).toMatchObject([
      { code: 'EXISTING_LABELS_NOT_SENT' },
    ]);
  });
});

test('a new field’s segmentation keeps colours as they are given', () => {
  const { labelSchema } = resolve({ labelType: 'segmentation', maskTargets: { '#ff0000': 'road', 0: 'none' } }, null);
  expect(labelSchema.things?.classes).toEqual(['road']);
});

test('only keyframes are asked for where there are some and the backend has them', () => {
  const fields = new Map([['frames.things', field('Detections', [box('a', { keyframe: true })])]]);
  const asked = (keyframes: boolean) =>
    resolve({ labelField: 'frames.things' }, null, backend({ keyframes }), { mediaType: 'video', fields }).labelSchema[
      'frames.things'
    ]?.only_keyframes;
  expect([asked(true), asked(false)]).toEqual([true, false]);
});

describe('what must be looked at', () => {
  test('is little where everything is said', () => {
    const said = { labelField: 'x', labelType: 'detections', classes: ['a'], attributes: false };
    expect(fieldsToInspect(said)).toEqual([{ field: 'x', classes: false, labels: false }]);
  });

  test.each<[LabelSchemaRequest, string]>([
    [{ labelType: null }, 'labels'],
    [{ attributes: true }, 'labels'],
    [{ attributes: undefined }, 'labels'],
    [{ labelField: 'frames.x' }, 'labels'],
    [{ classes: [{ classes: ['a'], attributes: true }] }, 'labels'],
    [{ classes: [] }, 'classes'],
  ])('with %j is: %s', (change, what) => {
    const said = { labelField: 'x', labelType: 'detections', classes: ['a'], attributes: false };
    expect(fieldsToInspect({ ...said, ...change })[0]).toMatchObject({ [what]: true });
  });

  test('follows the label schema where there is one', () =>
    expect(fieldsToInspect({ labelField: 'x', labelSchema: { a: null, b: {} } }).map((one) => one.field)).toEqual([
      'a',
      'b',
    ]));
});

describe('whatever is asked', () => {
  const someJson = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<never>;
  const someRequest = fc.record(
    {
      labelSchema: fc.oneof(someJson, fc.dictionary(fc.constantFrom('things', 'new', ''), someJson)) as typeof someJson,
      labelField: fc.constantFrom('things', 'new'),
      labelType: fc.constantFrom(...labelTypes, 'x'),
      classes: someJson,
      attributes: someJson,
      maskTargets: someJson,
      compatible: fc.boolean(),
    },
    { requiredKeys: [] },
  );

  test('there is a label schema of the fields named, or an error with a code', () =>
    fc.assert(
      fc.property(someRequest, fc.constantFrom('Detections', 'Segmentation', 'string'), (request, type) => {
        const dataset = facts({ things: field(type, [box('a', { n: 'x' }), masked('b')]) });
        try {
          const { labelSchema } = resolveLabelSchema(request, dataset, backend());
          const named = fieldsToInspect(request).map((one) => one.field);
          expect(Object.keys(labelSchema)).toEqual([...new Set(named)]);
        } catch (error) {
          expect((error as { code?: unknown }).code, String(error)).toBeTypeOf('string');
        }
      }),
    ));
});
