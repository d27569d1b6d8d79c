import { registerEnumType } from 'type-graphql';
import { operationKinds, operationStates, runStates, taskStates } from '../domain/run/index.js';

type Keys<T extends string> = { readonly [K in T]: K };

/** GraphQL shows the keys of an enum, so keys and values are the same words. */
const keysOf = <T extends string>(words: readonly T[]): Keys<T> =>
  Object.fromEntries(words.map((word) => [word, word])) as Keys<T>;

const named = <T extends string>(words: readonly T[], name: string, description: string): Keys<T> => {
  const keys = keysOf(words);
  registerEnumType(keys, { name, description });
  return keys;
};

export const RunStateEnum = named(
  runStates,
  'RunState',
  'Where a run stands: PREPARING, UPLOADING, ANNOTATING, COMPLETED, beside FAILED and CANCELLED.',
);
export const TaskStateEnum = named(
  taskStates,
  'TaskState',
  'Where the remote work of a task stands. Only the backend moves a task once it is SENT.',
);
export const OperationStateEnum = named(
  operationStates,
  'OperationState',
  'Where an operation stands. SUCCEEDED, FAILED and CANCELLED are final.',
);
export const OperationKindEnum = named(
  operationKinds,
  'OperationKind',
  'What an operation does. A LOAD merges returned work into the dataset.',
);

export const ConflictPolicyEnum = named(
  ['THEIRS', 'OURS', 'HOLD'] as const,
  'ConflictPolicy',
  'What decides where the dataset and the annotators changed the same part differently. THEIRS: the annotators. OURS: the dataset. HOLD: the dataset keeps its value and the conflict is stored for a decision.',
);

export const FindingKindEnum = named(
  ['REFUSED', 'CONFLICT', 'HELD_DELETION', 'UNEXPECTED', 'INVALID'] as const,
  'FindingKind',
  'Why something that came back was not simply applied: a rule forbade it, both sides changed it, too many labels would go at once, its type is not in the label schema, or it is not a usable label.',
);

export const SampleOrderEnum = named(['ID', 'PATH'] as const, 'SampleOrder', 'What samples are sorted by.');

export const MatchByEnum = named(
  ['ID', 'PATH'] as const,
  'MatchBy',
  'What names a sample in an imported file: its id, or its media path.',
);

export const HeldStateEnum = named(
  ['HELD', 'RETURNED', 'TAKEN', 'DROPPED', 'PENDING'] as const,
  'HeldLabelState',
  'HELD: waits for a decision. RETURNED: the load was asked to give it back unmerged. TAKEN: merged since. DROPPED: decided against. PENDING: a deletion that the load decides about at the end of its task.',
);
