import { Field, Float, ID, InputType, Int } from 'type-graphql';
import type { Json, JsonObject } from '../../domain/labels/index.js';
import { SampleOrderEnum } from '../enums.js';
import { JsonObjectScalar, JsonScalar } from '../scalars.js';

@InputType({ description: 'A range of numbers; both ends are part of it.' })
export class RangeInput {
  @Field(() => Float, { nullable: true, description: 'Smallest; none unless given.' })
  atLeast?: number | null;

  @Field(() => Float, { nullable: true, description: 'Largest; none unless given.' })
  atMost?: number | null;
}

@InputType({ description: 'A filter on labels. All given conditions must hold.' })
export class LabelFilterInput {
  @Field(() => [ID], { nullable: true, description: 'Only these labels.' })
  ids?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Only labels of these classes.' })
  classes?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Only labels with at least one of these tags.' })
  tags?: string[] | null;

  @Field(() => RangeInput, { nullable: true, description: 'Only labels with a confidence in this range.' })
  confidence?: RangeInput | null;

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description: 'Only labels whose attributes equal these, e.g. {"occluded": true}.',
  })
  attributes?: JsonObject | null;
}

@InputType({ description: 'Which labels of one field belong to a view.' })
export class ViewLabelsInput {
  @Field(() => String, { description: 'Name of the field.' })
  field!: string;

  @Field(() => LabelFilterInput, { description: 'Which labels.' })
  filter!: LabelFilterInput;

  @Field(() => Boolean, { nullable: true, description: 'Also leave out samples without such labels. Default false.' })
  onlyMatching?: boolean | null;
}

@InputType({ description: 'A condition on a scalar field of samples: give `equals` or `exists`.' })
export class FieldConditionInput {
  @Field(() => String, { description: 'Name of the field.' })
  field!: string;

  @Field(() => JsonScalar, { nullable: true, description: 'The value: a text, number or boolean.' })
  equals?: Json | undefined;

  @Field(() => Boolean, { nullable: true, description: 'Whether there is any value.' })
  exists?: boolean | null;
}

@InputType({ description: 'The order of samples.' })
export class SortInput {
  @Field(() => SampleOrderEnum, { description: 'By what.' })
  by!: keyof typeof SampleOrderEnum;

  @Field(() => Boolean, { nullable: true, description: 'From the last to the first. Default false.' })
  descending?: boolean | null;
}

@InputType({
  description: 'A chosen, ordered subset of a dataset. All conditions hold together; nothing given means everything.',
})
export class ViewInput {
  @Field(() => [ID], { nullable: true, description: 'Only these samples, in this order unless `sort` says otherwise.' })
  samples?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Only samples with at least one of these tags.' })
  tags?: string[] | null;

  @Field(() => String, { nullable: true, description: 'Only samples whose path contains this text.' })
  pathContains?: string | null;

  @Field(() => [FieldConditionInput], { nullable: true, description: 'Only samples whose scalar fields meet these.' })
  where?: FieldConditionInput[] | null;

  @Field(() => [ViewLabelsInput], { nullable: true, description: 'Only these labels; one entry for a field.' })
  labels?: ViewLabelsInput[] | null;

  @Field(() => [String], { nullable: true, description: 'Only these slices of groups.' })
  slices?: string[] | null;

  @Field(() => SortInput, { nullable: true, description: 'The order; that of adding unless given.' })
  sort?: SortInput | null;

  @Field(() => Int, { nullable: true, description: 'Leave out so many samples at the start. Default 0.' })
  skip?: number | null;

  @Field(() => Int, { nullable: true, description: 'At most so many samples.' })
  limit?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'All samples that have labels in this field, and only these labels.',
  })
  patches?: string | null;

  @Field(() => String, { nullable: true, description: 'One unit for each temporal detection of this field.' })
  clips?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'One unit for each video frame; fields are then named without `frames.`. Default false.',
  })
  frames?: boolean | null;
}
