import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { JsonObject } from '../../domain/labels/index.js';
import { RunStateEnum, TaskStateEnum } from '../enums.js';
import { DateTimeScalar, JsonObjectScalar, SafeIntScalar } from '../scalars.js';
import { connectionOf } from './connection.js';
import { OperationType } from './operation.js';
import { Warning, WorkError } from './warning.js';

@ObjectType({ simpleResolvers: true, description: 'How many tasks are in one state.' })
export class TaskCount {
  @Field(() => TaskStateEnum, { description: 'State of the tasks.' })
  state!: keyof typeof TaskStateEnum;

  @Field(() => Int, { description: 'Number of tasks.' })
  count!: number;
}

@ObjectType('Task', {
  simpleResolvers: true,
  description: 'Some samples of a run that are sent, watched, loaded and retried together.',
})
export class TaskType {
  @Field(() => ID, { description: 'Number of the task; name it in `loadAnnotations(tasks:)`.' })
  id!: string;

  @Field(() => ID, { description: 'Id of the run.' })
  runId!: string;

  @Field(() => Int, { description: 'Place in the run, from 0, in the order of its samples.' })
  part!: number;

  @Field(() => TaskStateEnum, { description: 'Our word for where it stands.' })
  state!: keyof typeof TaskStateEnum;

  @Field(() => String, { nullable: true, description: "The backend's own word for it." })
  rawState!: string | null;

  @Field(() => Int, { description: 'Number of samples (or frames, or clips) in it.' })
  sampleCount!: number;

  @Field(() => String, { nullable: true, description: 'What the backend calls it.' })
  remoteId!: string | null;

  @Field(() => String, { nullable: true, description: 'Where to annotate it, where the backend has such an address.' })
  editorUrl!: string | null;

  @Field(() => String, { nullable: true, description: 'Who works on it, where the backend knows.' })
  assignee!: string | null;

  @Field(() => String, { nullable: true, description: 'Version of the remote work; changes whenever that changes.' })
  revision!: string | null;

  @Field(() => String, { nullable: true, description: 'The version that was loaded last; null if none was.' })
  loadedRevision!: string | null;

  @Field(() => WorkError, { nullable: true, description: 'What the last attempt met.' })
  error!: WorkError | null;

  @Field(() => DateTimeScalar, { description: 'When it last changed.' })
  updatedAt!: number;
}

export const TaskConnection = connectionOf(TaskType, 'Task');

@ObjectType({
  simpleResolvers: true,
  description: 'What is known of the remote work of a run, and what its loads did.',
})
export class RunResults {
  @Field(() => [TaskCount], { description: 'Tasks per state; states without tasks are left out.' })
  taskStates!: TaskCount[];

  @Field(() => Int, { description: 'Number of tasks.' })
  tasks!: number;

  @Field(() => [OperationType], {
    description: 'The newest loads, at most 20, newest first, with their counts in `result`.',
  })
  loads!: OperationType[];
}

@ObjectType('Run', {
  simpleResolvers: true,
  description: 'One annotation run: what was sent out, to whom, and how far it is.',
})
export class RunType {
  /** Key inside the database; not part of the API. */
  datasetId!: number;

  @Field(() => ID, { description: 'Random, never changes; remote things are named after it. 24 hex digits.' })
  id!: string;

  @Field(() => String, { description: 'Its key, unique in the dataset; can be renamed.' })
  annoKey!: string;

  @Field(() => String, { description: 'Name of the backend.' })
  backend!: string;

  @Field(() => RunStateEnum, { description: 'Where it stands.' })
  state!: keyof typeof RunStateEnum;

  @Field(() => JsonObjectScalar, {
    description: 'The resolved label schema, with the keys of FiftyOne. The key "" stands for "no field".',
  })
  labelSchema!: unknown;

  @Field(() => String, { description: 'The field that names the media to show.' })
  mediaField!: string;

  @Field(() => String, { description: '`image` or `video`.' })
  mediaType!: string;

  @Field(() => JsonObjectScalar, {
    description: "The backend's public parameters, as they were when the run was made. Never a secret.",
  })
  parameters!: JsonObject;

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description:
      'The view it was made on; null for the whole dataset. Its members are frozen: see `loadAnnotationView`.',
  })
  view!: unknown;

  @Field(() => SafeIntScalar, { description: 'The event number that its membership and sent labels refer to.' })
  frozenAt!: number;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: number;

  @Field(() => [Warning], {
    description:
      'What was done otherwise than asked: labels left out by class or kind, attributes dropped, flags without effect.',
  })
  warnings!: readonly Warning[];

  @Field(() => WorkError, { nullable: true, description: 'Why it failed, or what the last attempt met.' })
  error!: WorkError | null;

  @Field(() => SafeIntScalar, { description: 'Number of samples (or frames, or clips) in it.' })
  sampleCount!: number;

  @Field(() => Int, { description: 'Number of tasks; 0 until they are planned.' })
  taskCount!: number;

  @Field(() => String, { nullable: true, description: 'Where to annotate it, where the backend has such an address.' })
  editorUrl!: string | null;

  @Field(() => Boolean, {
    description:
      'Whether the caller of `annotate` wanted the editor opened: clients may open `editorUrl` once it is there.',
  })
  launchEditor!: boolean;
}

export const RunConnection = connectionOf(RunType, 'Run');

@ObjectType({ simpleResolvers: true, description: 'One field of a planned run.' })
export class PlannedField {
  @Field(() => String, { description: 'Name of the field.' })
  field!: string;

  @Field(() => String, { nullable: true, description: 'Label type that the annotators would work with.' })
  type!: string | null;

  @Field(() => [String], { description: 'Classes that they could give.' })
  classes!: readonly string[];

  @Field(() => SafeIntScalar, { description: 'Existing labels that would be sent.' })
  labels!: number;
}

@ObjectType({ simpleResolvers: true, description: 'What `annotate` would do with the same input.' })
export class AnnotationPlan {
  @Field(() => Int, { description: 'Number of tasks.' })
  tasks!: number;

  @Field(() => SafeIntScalar, { description: 'Number of samples (or frames, or clips).' })
  samples!: number;

  @Field(() => SafeIntScalar, { description: 'Number of existing labels that would be sent.' })
  labels!: number;

  @Field(() => SafeIntScalar, {
    nullable: true,
    description: 'Bytes of media to send, as far as sizes are known from metadata; null when none are.',
  })
  bytes!: number | null;

  @Field(() => SafeIntScalar, { description: 'Samples whose media size is not known, and not in `bytes`.' })
  samplesOfUnknownSize!: number;

  @Field(() => [PlannedField], { description: 'Per field of the label schema.' })
  fields!: PlannedField[];

  @Field(() => JsonObjectScalar, { description: 'The label schema as it would be resolved.' })
  labelSchema!: unknown;

  @Field(() => [Warning], { description: 'What would be done otherwise than asked.' })
  warnings!: readonly Warning[];
}
