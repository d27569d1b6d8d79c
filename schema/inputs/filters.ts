import { Field, ID, InputType, Int } from 'type-graphql';
import type { Json, JsonObject } from '../../domain/labels/index.js';
import { FindingKindEnum, HeldStateEnum, OperationKindEnum, OperationStateEnum, RunStateEnum } from '../enums.js';
import { JsonObjectScalar, JsonScalar } from '../scalars.js';
import { RangeInput } from './view.js';

@InputType({ description: 'Which datasets.' })
export class DatasetFilterInput {
  @Field(() => String, { nullable: true, description: 'The name contains this text.' })
  nameContains?: string | null;

  @Field(() => String, { nullable: true, description: '`image`, `video` or `group`.' })
  mediaType?: string | null;
}

@InputType({ description: 'Which samples. All given conditions must hold.' })
export class SampleFilterInput {
  @Field(() => [ID], { nullable: true, description: 'Only these.' })
  ids?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'With at least one of these tags.' })
  tags?: string[] | null;

  @Field(() => String, { nullable: true, description: 'The path contains this text.' })
  pathContains?: string | null;

  @Field(() => String, { nullable: true, description: 'Of this group slice.' })
  slice?: string | null;

  @Field(() => String, { nullable: true, description: '`image` or `video`.' })
  mediaType?: string | null;
}

@InputType({ description: 'A range of frame numbers; both ends are part of it.' })
export class FrameRangeInput {
  @Field(() => Int, { description: 'First frame, from 1.' })
  from!: number;

  @Field(() => Int, { description: 'Last frame.' })
  to!: number;
}

@InputType({ description: 'An attribute and the value that it must have.' })
export class AttributeInput {
  @Field(() => String, { description: 'Name of the attribute.' })
  name!: string;

  @Field(() => JsonScalar, { nullable: true, description: 'Its value.' })
  equals!: Json;
}

@InputType({ description: 'Which labels. All given conditions must hold.' })
export class LabelQueryInput {
  @Field(() => String, { nullable: true, description: 'In this field.' })
  field?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Of this kind: Classification, Detection, Polyline, Keypoint or Segmentation.',
  })
  type?: string | null;

  @Field(() => [String], { nullable: true, description: 'Of these classes.' })
  classes?: string[] | null;

  @Field(() => AttributeInput, { nullable: true, description: 'With this value of an attribute.' })
  attribute?: AttributeInput | null;

  @Field(() => RangeInput, { nullable: true, description: 'With a confidence in this range.' })
  confidence?: RangeInput | null;

  @Field(() => [String], { nullable: true, description: 'With at least one of these tags.' })
  tags?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'On these samples.' })
  samples?: string[] | null;

  @Field(() => FrameRangeInput, { nullable: true, description: 'On these video frames.' })
  frames?: FrameRangeInput | null;

  @Field(() => [ID], { nullable: true, description: 'Only these labels.' })
  ids?: string[] | null;
}

@InputType({ description: 'Which runs. All given conditions must hold.' })
export class RunFilterInput {
  @Field(() => String, { nullable: true, description: 'Of this dataset.' })
  dataset?: string | null;

  @Field(() => String, { nullable: true, description: 'On this backend.' })
  backend?: string | null;

  @Field(() => [RunStateEnum], { nullable: true, description: 'In one of these states.' })
  states?: (keyof typeof RunStateEnum)[] | null;

  @Field(() => String, { nullable: true, description: 'With this key.' })
  annoKey?: string | null;

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description: 'With these values of parameters, e.g. {"project_name": "birds"}.',
  })
  parameters?: JsonObject | null;
}

@InputType({ description: 'Which operations. All given conditions must hold.' })
export class OperationFilterInput {
  @Field(() => String, { nullable: true, description: 'On this dataset.' })
  dataset?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of the run with this id.' })
  runId?: string | null;

  @Field(() => [OperationKindEnum], { nullable: true, description: 'Of one of these kinds.' })
  kinds?: (keyof typeof OperationKindEnum)[] | null;

  @Field(() => [OperationStateEnum], { nullable: true, description: 'In one of these states.' })
  states?: (keyof typeof OperationStateEnum)[] | null;
}

@InputType({ description: 'Which findings: of one operation, or of all loads of a run.' })
export class FindingFilterInput {
  @Field(() => ID, { nullable: true, description: 'Of this operation.' })
  operationId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of the run with this id.' })
  runId?: string | null;

  @Field(() => [FindingKindEnum], { nullable: true, description: 'Of one of these kinds.' })
  kinds?: (keyof typeof FindingKindEnum)[] | null;

  @Field(() => [String], { nullable: true, description: 'By one of these rules.' })
  rules?: string[] | null;

  @Field(() => String, { nullable: true, description: 'In this field.' })
  field?: string | null;
}

@InputType({ description: 'Which held labels: of one operation, or of all loads of a run.' })
export class HeldLabelFilterInput {
  @Field(() => ID, { nullable: true, description: 'Of this operation.' })
  operationId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of the run with this id.' })
  runId?: string | null;

  @Field(() => [HeldStateEnum], { nullable: true, description: 'In one of these states.' })
  states?: (keyof typeof HeldStateEnum)[] | null;
}
