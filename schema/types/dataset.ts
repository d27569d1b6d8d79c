import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Json, JsonObject } from '../../domain/labels/index.js';
import { DateTimeScalar, JsonObjectScalar, SafeIntScalar } from '../scalars.js';
import { connectionOf } from './connection.js';

@ObjectType('Field', {
  simpleResolvers: true,
  description: 'A named slot on samples, or (prefix `frames.`) on video frames.',
})
export class FieldType {
  @Field(() => String, { description: 'Name, with the prefix `frames.` for a slot on frames.' })
  name!: string;

  @Field(() => String, {
    description:
      'What it holds: a label class (`Detection`), a list of labels (`Detections`), a scalar (`string`, `int`, `float`, `bool`), or the name of something that is only carried.',
  })
  type!: string;

  @Field(() => SafeIntScalar, { description: 'Number of labels in it.' })
  labelCount!: number;

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description: "FiftyOne's own description of the field, where it came from there.",
  })
  document!: JsonObject | null;
}

@ObjectType({ simpleResolvers: true, description: 'How many labels there are of one class.' })
export class ClassCount {
  @Field(() => String, { nullable: true, description: 'The class; null counts labels without one.' })
  name!: string | null;

  @Field(() => SafeIntScalar, { description: 'Number of labels.' })
  count!: number;
}

@ObjectType({ simpleResolvers: true, description: 'Labels per field.' })
export class FieldCount {
  @Field(() => String, { description: 'Name of the field.' })
  field!: string;

  @Field(() => String, { description: 'What the field holds.' })
  type!: string;

  @Field(() => SafeIntScalar, { description: 'Number of labels.' })
  labels!: number;
}

@ObjectType({ simpleResolvers: true, description: 'The size of a dataset.' })
export class DatasetStats {
  @Field(() => SafeIntScalar, { description: 'Number of samples.' })
  samples!: number;

  @Field(() => SafeIntScalar, { description: 'Number of video frames that are recorded.' })
  frames!: number;

  @Field(() => SafeIntScalar, { description: 'Number of labels in all fields.' })
  labels!: number;

  @Field(() => SafeIntScalar, {
    description:
      'Estimated bytes of the label rows: the size of some rows, times the number of labels. Indexes and masks not counted.',
  })
  estimatedLabelBytes!: number;

  @Field(() => [FieldCount], { description: 'Labels per field.' })
  fields!: FieldCount[];
}

@ObjectType('Dataset', {
  simpleResolvers: true,
  description: 'A named collection of images or videos with their labels.',
})
export class DatasetType {
  /** The key inside the database; not part of the API. */
  key!: number;

  @Field(() => ID, { description: '24 hex digits, as in files of FiftyOne.' })
  id!: string;

  @Field(() => String, { description: 'Unique name.' })
  name!: string;

  @Field(() => String, { description: '`image`, `video` or `group`.' })
  mediaType!: string;

  @Field(() => Boolean, { description: "FiftyOne's `persistent` mark; kept and written out again." })
  persistent!: boolean;

  @Field(() => SafeIntScalar, { description: 'Number of samples.' })
  sampleCount!: number;

  @Field(() => String, { nullable: true, description: 'The field that holds the groups, for grouped datasets.' })
  groupField!: string | null;

  @Field(() => JsonObjectScalar, { description: 'Media type per group slice; empty for datasets without groups.' })
  groupMediaTypes!: Readonly<Record<string, string>>;

  @Field(() => String, { nullable: true, description: 'The slice that is shown first.' })
  defaultGroupSlice!: string | null;

  @Field(() => JsonObjectScalar, { description: 'Per segmentation field: names of pixel values.' })
  maskTargets!: Readonly<Record<string, Json | Readonly<Record<string, string>>>>;

  @Field(() => JsonObjectScalar, { nullable: true, description: 'Names of pixel values for fields without their own.' })
  defaultMaskTargets!: Readonly<Record<string, string>> | null;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: number;

  @Field(() => DateTimeScalar, { description: 'When it was last changed.' })
  modifiedAt!: number;
}

@ObjectType({ simpleResolvers: true, description: 'What deleting a record left behind.' })
export class Deleted {
  @Field(() => [String], { description: 'Keys of the runs whose records were deleted.' })
  annoKeys!: string[];

  @Field(() => [String], {
    description: 'What was not deleted and stays: labels, and the work at the backend with how to remove it.',
  })
  remains!: string[];

  @Field(() => Int, { description: 'Number of records deleted.' })
  count!: number;
}

@ObjectType({ simpleResolvers: true, description: 'What an edit of labels did.' })
export class EditedLabels {
  @Field(() => Int, { description: 'Labels added.' })
  added!: number;

  @Field(() => Int, { description: 'Labels changed.' })
  edited!: number;

  @Field(() => Int, { description: 'Labels deleted.' })
  deleted!: number;
}

export const DatasetConnection = connectionOf(DatasetType, 'Dataset');
