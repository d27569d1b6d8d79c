import { type Json, labelTypes, scalarTypes } from '../../domain/labels/index.js';
import type { BackendDescriptor } from '../backend.js';
import { folderParameters, toleranceOf } from './parameters.js';

/** Tasks leave and answers return as files: for work by hand, by scripts, or by programs that we do not know. */
export const folderDescriptor: BackendDescriptor = {
  capabilities: {
    mediaTypes: ['image', 'video'],
    labelTypes,
    scalarTypes,
    attributeTypes: ['text', 'select', 'radio', 'checkbox', 'number'],
    attributeTypesWithValues: ['select', 'radio'],
    keyframes: true,
    clips: true,
    videoSampleFields: true,
    requiresLabelSchema: true,
    existingLabels: true,
    reviews: true,
    webhooks: false,
    tolerance: toleranceOf({}),
  },
  parameters: folderParameters,
  recommendAttribute,
  toleranceFor: toleranceOf,
  load: async () => {
    const { FolderBackend } = await import('./adapter.js');
    return () => new FolderBackend();
  },
};

function recommendAttribute(_name: string, value: Json): { type: string } {
  if (typeof value === 'boolean') return { type: 'checkbox' };
  return { type: typeof value === 'number' ? 'number' : 'text' };
}
