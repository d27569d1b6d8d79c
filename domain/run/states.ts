/**
 * The states of runs, tasks and operations and the moves between them. Code, documents and clients read them from
 * here; a move that is not in the table is a bug.
 */

export const runStates = ['PREPARING', 'UPLOADING', 'ANNOTATING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
export type RunState = (typeof runStates)[number];

export const taskStates = [
  'PLANNED',
  'SENT',
  'ANNOTATING',
  'IN_REVIEW',
  'COMPLETED',
  'REJECTED',
  'FAILED',
  'GONE',
] as const;
export type TaskState = (typeof taskStates)[number];

export const operationStates = ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED'] as const;
export type OperationState = (typeof operationStates)[number];

export const operationKinds = ['IMPORT', 'EXPORT', 'LOAD', 'CLEANUP', 'REVERT', 'DELETE_DATASET'] as const;
export type OperationKind = (typeof operationKinds)[number];

type Moves<S extends string> = Readonly<Record<S, readonly S[]>>;

export const runMoves: Moves<RunState> = {
  PREPARING: ['UPLOADING', 'FAILED', 'CANCELLED'],
  UPLOADING: ['ANNOTATING', 'FAILED', 'CANCELLED'],
  ANNOTATING: ['COMPLETED', 'FAILED', 'CANCELLED'],
  COMPLETED: ['ANNOTATING', 'FAILED', 'CANCELLED'],
  FAILED: ['PREPARING', 'UPLOADING', 'ANNOTATING', 'CANCELLED'],
  CANCELLED: [],
};

const remoteStates: readonly TaskState[] = ['ANNOTATING', 'IN_REVIEW', 'COMPLETED', 'REJECTED', 'FAILED', 'GONE'];
const others = (state: TaskState): readonly TaskState[] =>
  ['SENT' as const, ...remoteStates].filter((other) => other !== state);

/** Once a task is sent, the backend decides where it stands: any remote state may follow any other. */
export const taskMoves: Moves<TaskState> = {
  PLANNED: ['SENT', 'FAILED'],
  SENT: remoteStates,
  ANNOTATING: others('ANNOTATING'),
  IN_REVIEW: others('IN_REVIEW'),
  COMPLETED: others('COMPLETED'),
  REJECTED: others('REJECTED'),
  FAILED: ['PLANNED', ...others('FAILED')],
  GONE: others('GONE'),
};

export const operationMoves: Moves<OperationState> = {
  QUEUED: ['RUNNING', 'CANCELLED', 'FAILED'],
  RUNNING: ['QUEUED', 'SUCCEEDED', 'FAILED', 'CANCELLED'],
  SUCCEEDED: [],
  FAILED: ['QUEUED'],
  CANCELLED: [],
};

/** Whether the table allows the move; staying where one is is always allowed. */
export const mayMove = <S extends string>(moves: Moves<S>, from: S, to: S): boolean =>
  from === to || moves[from].includes(to);

/** Task states in which the annotators are done: loaded by default (`tasks: FINISHED`). */
export const finishedTaskStates: readonly TaskState[] = ['COMPLETED'];
