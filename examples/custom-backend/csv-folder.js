/**
 * A backend of one's own: each task is a table that any spreadsheet program opens. This file is all that is read to
 * know what the backend can do; what does the work is loaded when work is sent.
 *
 * @type {import('annogate').BackendDescriptor}
 */
export const csvFolder = {
  capabilities: {
    mediaTypes: ['image'],
    labelTypes: ['classification', 'classifications', 'detection', 'detections'],
    scalarTypes: [],
    attributeTypes: ['text', 'select', 'checkbox', 'number'],
    attributeTypesWithValues: ['select'],
    keyframes: false,
    clips: false,
    videoSampleFields: false,
    requiresLabelSchema: true,
    existingLabels: true,
    reviews: false,
    webhooks: false,
    tolerance: 1e-9,
  },
  parameters: [
    {
      name: 'folder',
      description: 'Absolute path of the folder for the tables. Default: "csv" in the backend\'s data folder.',
      default: null,
      secret: false,
    },
  ],
  recommendAttribute: (_name, value) => ({
    type: { boolean: 'checkbox', number: 'number' }[typeof value] ?? 'text',
  }),
  checkLabelSchema: (labelSchema) =>
    Object.entries(labelSchema).flatMap(([field, { attributes = {} }]) =>
      Object.keys(attributes)
        .filter((name) => ownColumns.includes(name))
        .map((name) => `attribute "${name}" of field "${field}" has the name of a column of the table: rename it`),
    ),
  load: async () => {
    const { CsvFolder } = await import('./adapter.js');
    return () => new CsvFolder();
  },
};

const ownColumns = ['sample', 'media', 'field', 'id', 'label', 'left', 'top', 'width', 'height'];
