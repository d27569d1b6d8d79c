import type { Engine } from '../dialect.js';
import type { TableLayout } from './table.js';

const labelValues = {
  hex: 'bytes',
  class_id: 'key?',
  geometry: 'text?',
  attributes: 'text?',
  idx: 'key?',
  position: 'int',
  confidence: 'real?',
  tags: 'text?',
  valid_from: 'key',
} as const;

/** SQLite appends the row's key to every index by itself. */
export const labelTables = (engine: Engine): readonly TableLayout[] => [
  {
    name: 'label',
    columns: { id: 'key', sample_id: 'key', field_id: 'key', frame: 'int=0', ...labelValues },
    primary: ['id'],
    indexes: {
      uq_label: { columns: ['hex', 'field_id', 'sample_id', 'frame'], unique: true },
      ix_label_class: ['field_id', 'class_id', ...(engine === 'postgres' ? ['id'] : [])],
      ix_label_confidence: {
        columns: ['field_id', 'confidence', ...(engine === 'postgres' ? ['id'] : [])],
        where: 'confidence IS NOT NULL',
      },
    },
  },
  {
    name: 'label_history',
    columns: {
      field_id: 'key',
      sample_id: 'key',
      frame: 'int',
      label_id: 'key',
      ...labelValues,
      valid_to: 'key',
      cause: 'key',
    },
    primary: ['field_id', 'sample_id', 'frame', 'label_id', 'valid_to'],
    indexes: { ix_label_history_to: ['valid_to'] },
    clustered: true,
  },
  { name: 'mask', columns: { hash: 'bytes', bytes: 'bytes' }, primary: ['hash'], clustered: true },
  {
    name: 'mask_use',
    columns: { hash: 'bytes', field_id: 'key', sample_id: 'key' },
    primary: ['hash', 'field_id', 'sample_id'],
    clustered: true,
  },
];
