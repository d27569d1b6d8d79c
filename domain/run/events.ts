/**
 * The kinds of events that clients see, each with what it says. Written in the transaction that made the change; read
 * by subscriptions. `detail` is small and never holds a secret. One event per page of work and kind, never one per label.
 */
export const eventKinds = {
  /** detail: {name, mediaType} */
  DATASET_CREATED: 'A dataset was made.',
  /** detail: {name, ...what changed} */
  DATASET_CHANGED: 'Name, tags or other properties of a dataset changed.',
  /** detail: {name} */
  DATASET_DELETED: 'A dataset is gone with all that hung on it.',
  /** detail: {samples, frames, labels} of this page */
  SAMPLES_ADDED: 'Samples or frames were added to a dataset.',
  /** detail: {samples} */
  SAMPLES_CHANGED: 'Tags or other properties of samples changed.',
  /** detail: {samples} of this page */
  SAMPLES_DELETED: 'Samples were deleted with their labels.',
  /** detail: {field, added, edited, deleted, samples} of this page */
  LABELS_CHANGED: 'Labels of a field were added, edited or deleted.',
  /** detail: {field, type} */
  FIELD_CREATED: 'A field was added to a dataset.',
  /** detail: {field, newName} */
  FIELD_RENAMED: 'A field was renamed.',
  /** detail: {field} */
  FIELD_DELETED: 'A field was deleted with its labels.',
  /** detail: {annoKey, backend, samples} */
  RUN_CREATED: 'An annotation run was recorded; the daemon takes it from here.',
  /** detail: {annoKey, from, to, error?} */
  RUN_STATE_CHANGED: 'An annotation run moved to another state.',
  /** detail: {annoKey, tasks: {state: count}} */
  RUN_PROGRESS: 'The tasks of an annotation run moved on.',
  /** detail: {annoKey, newKey} */
  RUN_RENAMED: 'An annotation run got another key.',
  /** detail: {annoKey, remains} */
  RUN_DELETED: 'The record of an annotation run was deleted; labels and remote work stayed.',
  /** detail: {annoKey} */
  RUN_CLEANED_UP: 'What an annotation run had created at its backend was deleted.',
  /** detail: {taskId, part, from, to, rawState, revision, assignee, error?} */
  TASK_CHANGED: 'A task of a run changed: its state, its remote revision or who works on it.',
  /** detail: {kind} */
  OPERATION_CREATED: 'An operation was asked for.',
  /** detail: {kind, from, to, error?} */
  OPERATION_STATE_CHANGED: 'An operation moved to another state.',
  /** detail: {kind, ...progress} */
  OPERATION_PROGRESS: 'An operation moved on.',
  /** detail: {operation, rule: count} of this page */
  FINDINGS_RECORDED: 'A load refused, held or reported something.',
  /** detail: {path} */
  CONFIG_CHANGED: 'The annotation config was edited.',
} as const;

export type EventKind = keyof typeof eventKinds;
