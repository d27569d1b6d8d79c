import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { JsonObject } from '../../domain/labels/index.js';
import { JsonObjectScalar, JsonScalar, SafeIntScalar } from '../scalars.js';
import { connectionOf } from './connection.js';

@ObjectType({ simpleResolvers: true, description: 'Where a sample is one slice of a group.' })
export class GroupMember {
  @Field(() => ID, { description: 'Id of the group, 24 hex digits.' })
  id!: string;

  @Field(() => String, { description: 'Name of the slice, e.g. "left".' })
  slice!: string;
}

@ObjectType('Label', {
  simpleResolvers: true,
  description: 'One annotation. Coordinates are relative to the media: 0..1, origin top left; they may lie outside.',
})
export class LabelType {
  /** Keys inside the database; not part of the API. */
  sampleKey!: number;

  @Field(() => ID, { description: '24 hex digits; unique within dataset, field, sample and frame.' })
  id!: string;

  @Field(() => String, { description: 'The field that holds it, with the prefix `frames.` for frame fields.' })
  field!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What it is: Classification, Detection, Polyline, Keypoint or Segmentation.',
  })
  labelClass!: string | null;

  @Field(() => String, { nullable: true, description: 'The class that was given, e.g. "cat". Null where it has none.' })
  label!: string | null;

  @Field(() => Int, { description: 'Number of the video frame, from 1; 0 for images and whole samples.' })
  frame!: number;

  @Field(() => JsonObjectScalar, {
    description:
      'Geometry under the names that FiftyOne uses: `bounding_box` [x, y, width, height], `points`, `closed`, `filled`, `mask` (a hash).',
  })
  geometry!: JsonObject;

  @Field(() => JsonObjectScalar, {
    description: 'All other members of the label: custom attributes, `keyframe` and what is only carried.',
  })
  attributes!: JsonObject;

  @Field(() => Int, { nullable: true, description: 'Number of the track that it belongs to.' })
  index!: number | null;

  @Field(() => Float, { nullable: true, description: 'Confidence of a model, normally 0..1.' })
  confidence!: number | null;

  @Field(() => [String], { description: 'Tags; empty where there are none.' })
  tags!: string[];

  @Field(() => SafeIntScalar, {
    nullable: true,
    description: 'Event number since which this version is valid; null for a version of the past.',
  })
  validFrom!: number | null;
}

@ObjectType({ simpleResolvers: true, description: 'What one field holds on one sample or frame.' })
export class FieldContent {
  @Field(() => String, { description: 'Name of the field.' })
  field!: string;

  @Field(() => Int, { description: 'Number of the video frame, from 1; 0 for images and whole samples.' })
  frame!: number;

  @Field(() => [LabelType], {
    nullable: true,
    description: 'The labels in list order; null for scalars and carried values.',
  })
  labels!: LabelType[] | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'A scalar or carried value; for label fields what the container holds beside its labels.',
  })
  value!: unknown;
}

@ObjectType('Sample', { simpleResolvers: true, description: 'An image or a video of a dataset.' })
export class SampleType {
  /** Keys inside the database; not part of the API. */
  key!: number;
  datasetId!: number;
  /** How the server reads its labels; not part of the API. */
  reading!: unknown;

  @Field(() => ID, { description: '24 hex digits.' })
  id!: string;

  @Field(() => String, { description: 'Where the media is.' })
  path!: string;

  @Field(() => String, { description: '`image` or `video`; others are carried only.' })
  mediaType!: string;

  @Field(() => Int, { nullable: true, description: 'Pixels; null while unknown.' })
  width!: number | null;

  @Field(() => Int, { nullable: true, description: 'Pixels; null while unknown.' })
  height!: number | null;

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description: "FiftyOne's metadata of the media, as it came or as read from the file.",
  })
  metadata!: JsonObject | null;

  @Field(() => [String], { description: 'Tags of the sample.' })
  tags!: readonly string[];

  @Field(() => GroupMember, { nullable: true, description: 'Its place in a group, for grouped datasets.' })
  group!: GroupMember | null;
}

export const SampleConnection = connectionOf(SampleType, 'Sample');
export const LabelConnection = connectionOf(LabelType, 'Label');
