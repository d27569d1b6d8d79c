import { type Json, labelTypes, scalarTypes } from '../../domain/labels/index.js';
import type { BackendDescriptor } from '../backend.js';

/** Labelbox: images and videos; fields of whole videos too. Labels that exist cannot be sent. */
export const labelboxDescriptor: BackendDescriptor = {
  capabilities: {
    mediaTypes: ['image', 'video'],
    labelTypes,
    scalarTypes,
    attributeTypes: ['text', 'radio', 'checkbox', 'select'],
    attributeTypesWithValues: ['radio', 'checkbox', 'select'],
    keyframes: false,
    clips: false,
    videoSampleFields: true,
    requiresLabelSchema: true,
    existingLabels: false,
    reviews: true,
    webhooks: true,
    tolerance: 0,
  },
  parameters: [
    {
      name: 'url',
      description:
        'Address of the service. The annotation config presets https://labelbox.com for the backend "labelbox".',
      default: null,
      secret: false,
    },
    { name: 'api_key', description: 'Key of the programming interface.', default: null, secret: true },
    {
      name: 'project_name',
      description: 'Name of the project that is made. Null: named after the dataset.',
      default: null,
      secret: false,
    },
    {
      name: 'members',
      description:
        'Who works in the project: a list of [email address, role]; roles LABELER, REVIEWER, TEAM_MANAGER, ADMIN.',
      default: null,
      secret: false,
    },
    {
      name: 'classes_as_attrs',
      description: 'Whether each field is one tool with the class as a question (true), or each class a tool (false).',
      default: true,
      secret: false,
    },
    { name: 'export_version', description: 'Version of the export format to read.', default: 'v2', secret: false },
  ],
  recommendAttribute,
  load: null,
};

/** Labelbox has no boolean: two choices, of which one must be taken, come nearest. */
function recommendAttribute(_name: string, value: Json): { type: string; values?: Json[] } {
  return typeof value === 'boolean' ? { type: 'radio', values: [true, false] } : { type: 'text' };
}
