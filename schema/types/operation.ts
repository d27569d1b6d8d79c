import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Json, JsonObject } from '../../domain/labels/index.js';
import { FindingKindEnum, HeldStateEnum, OperationKindEnum, OperationStateEnum } from '../enums.js';
import { DateTimeScalar, JsonObjectScalar, JsonScalar, SafeIntScalar } from '../scalars.js';
import { connectionOf } from './connection.js';
import { WorkError } from './warning.js';

@ObjectType('Operation', {
  simpleResolvers: true,
  description:
    'A long piece of work that the daemon carries out: import, export, load, revert, clean-up, deleting a dataset.',
})
export class OperationType {
  /** Key inside the database; not part of the API. */
  datasetId!: number | null;

  @Field(() => ID, { description: 'Number of the operation.' })
  id!: string;

  @Field(() => OperationKindEnum, { description: 'What it does.' })
  kind!: keyof typeof OperationKindEnum;

  @Field(() => OperationStateEnum, { description: 'Where it stands.' })
  state!: keyof typeof OperationStateEnum;

  @Field(() => ID, { nullable: true, description: 'Id of the run that it belongs to.' })
  runId!: string | null;

  @Field(() => JsonObjectScalar, { description: 'What was asked for. Never holds a secret.' })
  request!: JsonObject;

  @Field(() => JsonObjectScalar, { description: 'How far it is; counts whose names depend on the kind.' })
  progress!: JsonObject;

  @Field(() => JsonObjectScalar, { nullable: true, description: 'What came of it, once it is over.' })
  result!: JsonObject | null;

  @Field(() => WorkError, { nullable: true, description: 'Why it failed, or what the last attempt met.' })
  error!: WorkError | null;

  @Field(() => Int, { description: 'Attempts since it last moved on.' })
  attempts!: number;

  @Field(() => DateTimeScalar, { description: 'When it was asked for.' })
  createdAt!: number;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the daemon first took it up.' })
  startedAt!: number | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was over.' })
  finishedAt!: number | null;

  @Field(() => SafeIntScalar, { nullable: true, description: 'Number of its first event.' })
  firstEvent!: number | null;

  @Field(() => SafeIntScalar, { nullable: true, description: 'Number of its last event so far.' })
  lastEvent!: number | null;
}

@ObjectType('Finding', {
  simpleResolvers: true,
  description: 'Something that came back and was not simply applied: what, of which label, why, and both values.',
})
export class FindingType {
  @Field(() => ID, { description: 'Number of the finding.' })
  id!: string;

  @Field(() => ID, { description: 'The load that found it.' })
  operationId!: string;

  @Field(() => FindingKindEnum, { description: 'Refused, conflicting, held or not usable.' })
  kind!: keyof typeof FindingKindEnum;

  @Field(() => String, { description: 'Stable code of the rule, e.g. ADDITIONS_NOT_ALLOWED or CHANGED_ON_BOTH_SIDES.' })
  rule!: string;

  @Field(() => String, { description: 'Field of the dataset.' })
  field!: string;

  @Field(() => ID, { description: 'Id of the sample.' })
  sampleId!: string;

  @Field(() => Int, { description: 'Number of the video frame, from 1; 0 for images.' })
  frame!: number;

  @Field(() => ID, { nullable: true, description: 'Id of the label; null for a scalar.' })
  labelId!: string | null;

  @Field(() => String, { description: 'The part of the label, or `addition`, `deletion`, `attribute`, `value`.' })
  what!: string;

  @Field(() => String, { nullable: true, description: "The attribute's name where `what` is `attribute`." })
  attribute!: string | null;

  @Field(() => JsonScalar, { nullable: true, description: 'The value in the dataset.' })
  ours!: Json;

  @Field(() => JsonScalar, { nullable: true, description: 'The value that came back.' })
  theirs!: Json;

  @Field(() => String, { description: '`kept ours`, `took theirs` or `held`.' })
  outcome!: string;
}

@ObjectType({ simpleResolvers: true, description: 'How often a rule was met.' })
export class RuleCount {
  @Field(() => FindingKindEnum, { description: 'Kind of the findings.' })
  kind!: keyof typeof FindingKindEnum;

  @Field(() => String, { description: 'Code of the rule.' })
  rule!: string;

  @Field(() => SafeIntScalar, { description: 'Number of findings.' })
  count!: number;
}

@ObjectType('HeldLabel', { simpleResolvers: true, description: 'A returned label that was stored instead of merged.' })
export class HeldLabelType {
  @Field(() => ID, { description: 'Number of the held label.' })
  id!: string;

  @Field(() => ID, { description: 'The load that stored it.' })
  operationId!: string;

  @Field(() => String, { description: 'The field of the label schema under which it came; empty for none.' })
  field!: string;

  @Field(() => String, {
    description: 'Type under which it came: classifications, detections, polylines, keypoints, segmentation or scalar.',
  })
  returnType!: string;

  @Field(() => ID, { description: 'Id of the sample.' })
  sampleId!: string;

  @Field(() => Int, { description: 'Number of the video frame, from 1; 0 for images.' })
  frame!: number;

  @Field(() => ID, { nullable: true, description: 'Id of our label where the backend knew it.' })
  labelId!: string | null;

  @Field(() => JsonObjectScalar, { description: 'The label as it came.' })
  document!: JsonObject;

  @Field(() => String, { description: 'Why it was not merged.' })
  reason!: string;

  @Field(() => HeldStateEnum, { description: 'What became of it.' })
  state!: keyof typeof HeldStateEnum;
}

export const OperationConnection = connectionOf(OperationType, 'Operation');
export const FindingConnection = connectionOf(FindingType, 'Finding');
export const HeldLabelConnection = connectionOf(HeldLabelType, 'HeldLabel');
