import { describe, expect, test } from 'vitest';
import type { BackendDescriptor } from '../../backends/backend.js';
import { cvatDescriptor } from '../../backends/cvat/descriptor.js';
import { labelboxDescriptor } from '../../backends/labelbox/descriptor.js';
import { labelStudioDescriptor } from '../../backends/labelstudio/descriptor.js';
import { isSecretName } from '../../config/index.js';
import type { LabelSchema } from '../../domain/label-schema/index.js';
import type { Json } from '../../domain/labels/index.js';

const vendors: readonly (readonly [string, BackendDescriptor])[] = [
  ['cvat', cvatDescriptor],
  ['labelstudio', labelStudioDescriptor],
  ['labelbox', labelboxDescriptor],
];

describe.each(vendors)('the descriptor of %s', (_name, { capabilities, parameters, recommendAttribute }) => {
  test('names each parameter once and describes it', () => {
    expect(new Set(parameters.map(({ name }) => name)).size).toBe(parameters.length);
    for (const { description } of parameters) expect(description).toMatch(/^[A-Z].*\.$/);
  });

  test('marks every parameter as secret whose name is a secret’s, and gives none a default', () => {
    for (const parameter of parameters)
      expect([parameter.name, parameter.secret]).toEqual([parameter.name, isSecretName(parameter.name)]);
    for (const { default: preset } of parameters.filter(({ secret }) => secret)) expect(preset).toBeNull();
  });

  test('asks values for attribute types that it has', () =>
    expect(capabilities.attributeTypes).toEqual(expect.arrayContaining([...capabilities.attributeTypesWithValues])));

  test('recommends attribute types that it has', () => {
    const values: Json[] = [null, true, 'a', 1, 2.5, []];
    if (capabilities.attributeTypes.length === 0) return;
    for (const name of ['a', 'occluded', 'group_id']) {
      for (const value of values) expect(capabilities.attributeTypes).toContain(recommendAttribute(name, value).type);
    }
  });

  test('shows no 3D media', () => expect(capabilities.mediaTypes).not.toContain('3d'));
});

describe('CVAT', () => {
  const check = (labelSchema: LabelSchema) => cvatDescriptor.checkLabelSchema?.(labelSchema);
  const long = 'x'.repeat(65);
  const text = { type: 'text' };

  test('uses its own tools for what is occluded and for groups, where the values fit', () => {
    expect(cvatDescriptor.recommendAttribute('occluded', true)).toEqual({ type: 'occluded' });
    expect(cvatDescriptor.recommendAttribute('group_id', 3)).toEqual({ type: 'group_id' });
    expect(cvatDescriptor.recommendAttribute('group_id', 2.5)).toEqual({ type: 'text', values: [] });
    expect(cvatDescriptor.recommendAttribute('occluded', null)).toEqual({ type: 'text', values: [] });
  });

  test('has names of at most 64 characters, in groups too', () => {
    expect(check({ f: { classes: ['x'.repeat(64)], attributes: { a: text } } })).toEqual([]);
    expect(check({ f: { classes: [long], attributes: { [long]: text } } })).toHaveLength(2);
    expect(check({ f: { classes: [{ classes: [long], attributes: { [long]: text } }] } })).toHaveLength(2);
  });

  test('needs the attribute label_id for itself', () => {
    expect(check({ f: { attributes: { label_id: text } } })).toEqual([expect.stringContaining('rename it')]);
    expect(check({ f: { classes: ['label_id'] } })).toEqual([]);
  });
});
