import { labelTypes } from '../../domain/labels/index.js';
import type { BackendDescriptor } from '../backend.js';

/** Label Studio: images, without attributes; labels that exist are shown as predictions. */
export const labelStudioDescriptor: BackendDescriptor = {
  capabilities: {
    mediaTypes: ['image'],
    labelTypes,
    scalarTypes: [],
    attributeTypes: [],
    attributeTypesWithValues: [],
    keyframes: false,
    clips: false,
    videoSampleFields: false,
    requiresLabelSchema: true,
    existingLabels: true,
    reviews: false,
    webhooks: true,
    tolerance: 0,
  },
  parameters: [
    {
      name: 'url',
      description:
        'Address of the server. The annotation config presets https://labelstud.io for the backend "labelstudio".',
      default: null,
      secret: false,
    },
    { name: 'api_key', description: 'Access token, personal or legacy.', default: null, secret: true },
    {
      name: 'project_name',
      description: 'Name of the project that is made. Null: named after the dataset.',
      default: null,
      secret: false,
    },
  ],
  recommendAttribute: () => ({ type: 'text' }),
  load: null,
};
