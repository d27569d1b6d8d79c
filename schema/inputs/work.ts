import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import type { JsonObject } from '../../domain/labels/index.js';
import { MatchByEnum } from '../enums.js';
import { JsonObjectScalar } from '../scalars.js';
import { ViewInput } from './view.js';

@ArgsType()
export class IdempotentArgs {
  @Field(() => String, {
    nullable: true,
    description: 'A text of your own: a repeated call with the same one answers with the operation of the first.',
  })
  idempotencyKey?: string | null;
}

@ArgsType()
export class ImportDatasetArgs extends IdempotentArgs {
  @Field(() => String, {
    description:
      'Format of the files: `fiftyone`, `coco` or `media`. Unknown: the operation fails with UNKNOWN_FORMAT.',
  })
  format!: string;

  @Field(() => String, { description: 'Folder or file on the machine of the daemon.' })
  path!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Name of the dataset to make; that in the file, else that of the folder, unless given. Refused: DATASET_EXISTS.',
  })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Folder that relative media paths are joined to; the format's own rule unless given.",
  })
  mediaRoot?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether a dataset of that name may exist: new samples are added to it, those there stay.',
  })
  extend!: boolean;

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description: 'Choices of the format\'s own, e.g. {"labelField": "ground_truth"} for COCO.',
  })
  options?: JsonObject | null;
}

@ArgsType()
export class ImportMediaArgs extends IdempotentArgs {
  @Field(() => String, { description: 'Name of the dataset to extend; made if it does not exist.' })
  dataset!: string;

  @Field(() => [String], { description: 'Images, videos and folders of them on the machine of the daemon.' })
  paths!: string[];

  @Field(() => [String], { defaultValue: [], description: 'Tags that each new sample gets.' })
  tags!: string[];
}

@ArgsType()
export class ImportLabelsArgs extends IdempotentArgs {
  @Field(() => String, { description: 'Name of the dataset whose samples get labels.' })
  dataset!: string;

  @Field(() => String, { description: 'Format of the files: `fiftyone` or `coco`.' })
  format!: string;

  @Field(() => String, { description: 'Folder or file on the machine of the daemon.' })
  path!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The field that receives the labels; the names in the file unless given.',
  })
  field?: string | null;

  @Field(() => MatchByEnum, { defaultValue: 'PATH', description: 'What names a sample in the file.' })
  match!: keyof typeof MatchByEnum;

  @Field(() => String, {
    nullable: true,
    description: "Folder that relative media paths are joined to; the format's own rule unless given.",
  })
  mediaRoot?: string | null;

  @Field(() => JsonObjectScalar, { nullable: true, description: "Choices of the format's own." })
  options?: JsonObject | null;
}

@ArgsType()
export class ExportDatasetArgs extends IdempotentArgs {
  @Field(() => String, { description: 'Name of the dataset.' })
  dataset!: string;

  @Field(() => String, { description: 'Format to write: `fiftyone` or `coco`.' })
  format!: string;

  @Field(() => String, {
    description: 'Folder on the machine of the daemon; made if missing, refused if it holds something.',
  })
  path!: string;

  @Field(() => ViewInput, { nullable: true, description: 'What to write; everything unless given.' })
  view?: ViewInput | null;

  @Field(() => [String], { nullable: true, description: 'Fields to write; all that the format can hold unless given.' })
  fields?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Media below this folder are named relative to it; absolute paths unless given.',
  })
  mediaRoot?: string | null;

  @Field(() => JsonObjectScalar, { nullable: true, description: "Choices of the format's own." })
  options?: JsonObject | null;
}

@InputType({ description: 'One edit of a label. Give exactly one of `set`, `delete`, `add`.' })
export class LabelEditInput {
  @Field(() => ID, { description: 'Id of the sample.' })
  sampleId!: string;

  @Field(() => Int, {
    defaultValue: 0,
    description: 'Number of the video frame, from 1; 0 for images and whole samples.',
  })
  frame!: number;

  @Field(() => ID, {
    nullable: true,
    description: 'Id of the label; for `add` an id of your own, 24 hex digits, else one is made.',
  })
  labelId?: string | null;

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description: 'Members to change, under the names of FiftyOne; null erases one. Others stay.',
  })
  set?: JsonObject | null;

  @Field(() => Boolean, { nullable: true, description: 'true: delete the label.' })
  delete?: boolean | null;

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description: 'A new label, e.g. {"label": "cat", "bounding_box": [0.1, 0.1, 0.2, 0.2]}.',
  })
  add?: JsonObject | null;
}
