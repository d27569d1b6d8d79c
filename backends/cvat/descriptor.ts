import type { LabelSchema } from '../../domain/label-schema/types.js';
import { type Json, labelTypes, scalarTypes } from '../../domain/labels/index.js';
import type { BackendDescriptor, ParameterDescription } from '../backend.js';
import { cvatParameters } from './parameters.js';

/** The longest name that CVAT stores for a label or an attribute. */
const longestName = 64;

/** Carries our label's id through CVAT, so nobody else may use it. */
const idAttribute = 'label_id';

/** CVAT: images and videos, all label types, keyframes, reviews, webhooks. Its projects can bring a label schema of their own. */
export const cvatDescriptor: BackendDescriptor = {
  capabilities: {
    mediaTypes: ['image', 'video'],
    labelTypes,
    scalarTypes,
    attributeTypes: ['text', 'select', 'radio', 'checkbox', 'occluded', 'group_id'],
    attributeTypesWithValues: ['select', 'radio', 'text', 'checkbox'],
    keyframes: true,
    clips: true,
    videoSampleFields: false,
    requiresLabelSchema: false,
    existingLabels: true,
    reviews: true,
    webhooks: true,
    tolerance: 0,
  },
  parameters: cvatParameters satisfies readonly ParameterDescription[],
  recommendAttribute,
  checkLabelSchema: (labelSchema) => [...namesOf(labelSchema)].flatMap(problemsOf),
  load: null,
};

/** CVAT has tools of its own for what is hidden and for what belongs together. */
function recommendAttribute(name: string, value: Json): { type: string; values?: Json[] } {
  if (typeof value === 'boolean') {
    return name === 'occluded' ? { type: 'occluded' } : { type: 'checkbox', values: [true, false] };
  }
  if (name === 'group_id' && Number.isInteger(value)) return { type: 'group_id' };
  return { type: 'text', values: [] };
}

interface Name {
  readonly what: 'class' | 'attribute';
  readonly name: string;
  readonly field: string;
}

function* namesOf(labelSchema: LabelSchema): Generator<Name> {
  for (const [field, { classes = [], attributes = {} }] of Object.entries(labelSchema)) {
    for (const name of Object.keys(attributes)) yield { what: 'attribute', name, field };
    for (const element of classes) {
      const group = typeof element === 'string' ? { classes: [element] } : element;
      for (const name of group.classes) yield { what: 'class', name, field };
      for (const name of Object.keys(group.attributes ?? {})) yield { what: 'attribute', name, field };
    }
  }
}

function problemsOf({ what, name, field }: Name): string[] {
  if (name.length > longestName) {
    return [`the ${what} "${name}" of field "${field}" is longer than ${longestName} characters: shorten it`];
  }
  if (what === 'attribute' && name === idAttribute) {
    return [`the attribute "${name}" of field "${field}" is needed to recognise labels: rename it or leave it out`];
  }
  return [];
}
