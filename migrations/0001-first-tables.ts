import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, type Engine, engineOf, type TableLayout } from './table-writer.js';

/** All tables as of the first release. */
export class FirstTables1764000000001 implements MigrationInterface {
  readonly name = 'FirstTables1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    const engine = engineOf(runner);
    for (const table of tables(engine)) await createTable(runner, table);
    if (engine === 'postgres') for (const statement of postgresOnly) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const engine = engineOf(runner);
    for (const table of tables(engine).reverse()) await runner.dropTable(table.name);
    if (engine === 'postgres') await runner.query('DROP FUNCTION annogate_event_written()');
  }
}

const tables = (engine: Engine): TableLayout[] => [
  ...datasetTables,
  ...labelTables(engine),
  ...runTables,
  ...operationTables,
  ...processTables,
];

const datasetTables: readonly TableLayout[] = [
  {
    name: 'dataset',
    columns: {
      id: 'id',
      hex: 'bytes',
      name: 'text',
      media_type: 'text',
      document: 'text?',
      persistent: 'int=1',
      mask_targets: 'text',
      default_mask_targets: 'text?',
      group_field: 'text?',
      group_media_types: 'text',
      default_slice: 'text?',
      foreign_runs: 'text?',
      sample_count: 'count=0',
      created_at: 'time',
      modified_at: 'time',
      deleting: 'int=0',
    },
    uniques: { uq_dataset_hex: ['hex'], uq_dataset_name: ['name'] },
  },
  {
    name: 'field',
    columns: {
      id: 'id',
      dataset_id: 'key',
      name: 'text',
      type: 'text',
      document: 'text?',
      label_count: 'count=0',
      created_at: 'time',
    },
    uniques: { uq_field_name: ['dataset_id', 'name'] },
  },
  {
    name: 'class',
    columns: { id: 'id', dataset_id: 'key', name: 'text' },
    uniques: { uq_class_name: ['dataset_id', 'name'] },
  },
  {
    name: 'sample',
    columns: {
      id: 'id',
      dataset_id: 'key',
      hex: 'bytes',
      path: 'text',
      media_type: 'text',
      width: 'int?',
      height: 'int?',
      metadata: 'text?',
      tags: 'text?',
      group_hex: 'bytes?',
      slice: 'text?',
      extra: 'text?',
      next_label: 'int=0',
      modified_at: 'time',
    },
    uniques: { uq_sample_hex: ['dataset_id', 'hex'] },
    indexes: { ix_sample_dataset: ['dataset_id', 'id'], ix_sample_path: ['dataset_id', 'path'] },
  },
  {
    name: 'frame',
    columns: { sample_id: 'key', number: 'int', hex: 'bytes', extra: 'text?' },
    primary: ['sample_id', 'number'],
    indexes: { ix_frame_hex: ['hex'] },
    clustered: true,
  },
  {
    name: 'sample_field',
    columns: {
      sample_id: 'key',
      field_id: 'key',
      frame: 'int=0',
      state: 'int',
      value: 'text?',
      labels: 'int',
      valid_from: 'key',
    },
    primary: ['sample_id', 'field_id', 'frame'],
    clustered: true,
  },
  {
    name: 'value_history',
    columns: {
      field_id: 'key',
      sample_id: 'key',
      frame: 'int',
      state: 'int',
      value: 'text?',
      valid_from: 'key',
      valid_to: 'key',
      cause: 'key',
    },
    primary: ['field_id', 'sample_id', 'frame', 'valid_to'],
    indexes: { ix_value_history_to: ['valid_to'] },
    clustered: true,
  },
];

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
const labelTables = (engine: Engine): readonly TableLayout[] => [
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

const lease = { due: 'time?', token: 'text?', expires: 'time?', attempts: 'int=0' } as const;

const runTables: readonly TableLayout[] = [
  {
    name: 'run',
    columns: {
      id: 'id',
      hex: 'bytes',
      dataset_id: 'key',
      anno_key: 'text',
      backend: 'text',
      state: 'text',
      label_schema: 'text',
      media_field: 'text',
      media_type: 'text',
      parameters: 'text',
      view: 'text?',
      selection: 'text',
      frozen_at: 'key',
      created_at: 'time',
      modified_at: 'time',
      error: 'text?',
      warnings: 'text',
      sample_count: 'count=0',
      task_count: 'count=0',
      remote: 'text?',
      cursor: 'text?',
      editor_url: 'text?',
      launch_editor: 'int=0',
      author: 'text?',
      ...lease,
    },
    uniques: { uq_run_hex: ['hex'], uq_run_key: ['dataset_id', 'anno_key'] },
    indexes: {
      ix_run_due: { columns: ['due'], where: 'due IS NOT NULL' },
      ix_run_lease: { columns: ['expires'], where: 'expires IS NOT NULL' },
    },
  },
  {
    name: 'run_sample',
    columns: { run_id: 'key', sample_id: 'key', position: 'key', part: 'int?', unit: 'text?' },
    primary: ['run_id', 'sample_id'],
    indexes: { ix_run_sample_position: ['run_id', 'position'], ix_run_sample_part: ['run_id', 'part', 'position'] },
    clustered: true,
  },
  {
    name: 'run_item',
    columns: {
      run_id: 'key',
      sample_id: 'key',
      field_id: 'key',
      sent_hash: 'bytes?',
      returned_hash: 'bytes?',
      remote_kind: 'text?',
      remote_id: 'text?',
      loaded_at: 'key?',
      loaded_in: 'key?',
    },
    primary: ['run_id', 'sample_id', 'field_id'],
    clustered: true,
  },
  {
    name: 'run_label',
    columns: {
      run_id: 'key',
      field_id: 'key',
      sample_id: 'key',
      frame: 'int',
      hex: 'bytes',
      kind: 'int',
      returned: 'text?',
    },
    primary: ['run_id', 'field_id', 'sample_id', 'frame', 'hex', 'kind'],
    clustered: true,
  },
  {
    name: 'task',
    columns: {
      id: 'id',
      run_id: 'key',
      part: 'int',
      state: 'text',
      raw_state: 'text?',
      sample_count: 'count=0',
      remote: 'text?',
      remote_id: 'text?',
      editor_url: 'text?',
      assignee: 'text?',
      revision: 'text?',
      loaded_revision: 'text?',
      error: 'text?',
      updated_at: 'time',
      ...lease,
    },
    uniques: { uq_task_part: ['run_id', 'part'] },
    indexes: {
      ix_task_due: { columns: ['due'], where: 'due IS NOT NULL' },
      ix_task_lease: { columns: ['expires'], where: 'expires IS NOT NULL' },
    },
  },
];

/** These outlive their run: `run_hex` is its public id. */
const operationTables: readonly TableLayout[] = [
  {
    name: 'operation',
    columns: {
      id: 'id',
      kind: 'text',
      state: 'text',
      dataset_id: 'key?',
      run_hex: 'bytes?',
      request: 'text',
      progress: "text='{}'",
      cursor: 'text?',
      result: 'text?',
      error: 'text?',
      created_at: 'time',
      started_at: 'time?',
      finished_at: 'time?',
      first_event: 'key?',
      last_event: 'key?',
      author: 'text?',
      idempotency_key: 'text?',
      cancel_requested: 'int=0',
      ...lease,
    },
    uniques: { uq_operation_idempotency: ['idempotency_key'] },
    indexes: {
      ix_operation_due: { columns: ['due'], where: 'due IS NOT NULL' },
      ix_operation_lease: { columns: ['expires'], where: 'expires IS NOT NULL' },
      ix_operation_run: ['run_hex', 'id'],
      ix_operation_dataset: ['dataset_id', 'id'],
    },
  },
  {
    name: 'finding',
    columns: {
      id: 'id',
      operation_id: 'key',
      run_hex: 'bytes',
      dataset_id: 'key',
      field: 'text',
      sample_hex: 'bytes',
      frame: 'int=0',
      hex: 'bytes?',
      kind: 'text',
      what: 'text',
      attribute: 'text?',
      rule: 'text',
      ours: 'text?',
      theirs: 'text?',
      outcome: 'text',
      event: 'key',
    },
    indexes: { ix_finding_operation: ['operation_id', 'id'], ix_finding_run: ['run_hex', 'kind', 'id'] },
  },
  {
    name: 'held_label',
    columns: {
      id: 'id',
      operation_id: 'key',
      run_hex: 'bytes',
      dataset_id: 'key',
      field: 'text',
      return_type: 'text',
      sample_hex: 'bytes',
      frame: 'int=0',
      hex: 'bytes?',
      label: 'text',
      reason: 'text',
      state: 'text',
      decided_at: 'time?',
      decision: 'text?',
      event: 'key',
    },
    indexes: { ix_held_label_run: ['run_hex', 'state', 'id'], ix_held_label_operation: ['operation_id', 'id'] },
  },
];

const processTables: readonly TableLayout[] = [
  {
    name: 'event',
    columns: {
      number: 'key',
      at: 'time',
      dataset_id: 'key?',
      run_hex: 'bytes?',
      operation_id: 'key?',
      kind: 'text',
      detail: 'text',
    },
    primary: ['number'],
    indexes: {
      ix_event_dataset: ['dataset_id', 'number'],
      ix_event_run: ['run_hex', 'number'],
      ix_event_operation: ['operation_id', 'number'],
    },
  },
  {
    name: 'secret',
    columns: {
      id: 'id',
      run_hex: 'bytes?',
      operation_id: 'key?',
      name: 'text',
      bytes: 'bytes',
      key_id: 'text',
      created_at: 'time',
    },
    uniques: { uq_secret_run: ['run_hex', 'name'], uq_secret_operation: ['operation_id', 'name'] },
  },
  {
    name: 'config_edit',
    columns: { id: 'id', path: 'text', value: 'text', at: 'time', author: 'text?' },
    uniques: { uq_config_edit_path: ['path'] },
  },
  {
    name: 'schedule',
    columns: {
      id: 'id',
      hex: 'bytes',
      name: 'text',
      cron: 'text',
      time_zone: 'text',
      selection: 'text',
      options: 'text',
      missed: 'text',
      jitter_ms: 'int=0',
      paused: 'int=0',
      next_at: 'time?',
      last_at: 'time?',
      token: 'text?',
      expires: 'time?',
      created_at: 'time',
      modified_at: 'time',
    },
    uniques: { uq_schedule_hex: ['hex'], uq_schedule_name: ['name'] },
    indexes: { ix_schedule_next: ['next_at'] },
  },
  {
    name: 'firing',
    columns: {
      id: 'id',
      schedule_id: 'key',
      due_at: 'time',
      started_at: 'time?',
      finished_at: 'time?',
      outcome: 'text?',
      detail: 'text?',
    },
    uniques: { uq_firing_due: ['schedule_id', 'due_at'] },
  },
  {
    name: 'api_token',
    columns: { id: 'id', name: 'text', hash: 'bytes', created_at: 'time', revoked_at: 'time?' },
    uniques: { uq_api_token_name: ['name'], uq_api_token_hash: ['hash'] },
  },
  {
    name: 'process',
    columns: { id: 'text', role: 'text', started_at: 'time', seen_at: 'time', version: 'text', detail: 'text' },
    primary: ['id'],
  },
  { name: 'setting', columns: { name: 'text', value: 'text' }, primary: ['name'] },
];

/** Room for new versions of a row on its page, and the call that wakes whoever listens for events. */
const postgresOnly: readonly string[] = [
  'ALTER TABLE label SET (fillfactor = 90)',
  'ALTER TABLE run_item SET (fillfactor = 70)',
  `CREATE FUNCTION annogate_event_written() RETURNS trigger LANGUAGE plpgsql AS
   $$ BEGIN PERFORM pg_notify('annogate_event', ''); RETURN NULL; END $$`,
  'CREATE TRIGGER event_written AFTER INSERT ON event FOR EACH STATEMENT EXECUTE FUNCTION annogate_event_written()',
];
