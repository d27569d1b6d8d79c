import { ArgsType, Field } from 'type-graphql';
import type { Json, JsonObject } from '../../domain/labels/index.js';
import { ConflictPolicyEnum } from '../enums.js';
import { JsonObjectScalar, JsonScalar } from '../scalars.js';
import { ViewInput } from './view.js';

@ArgsType()
export class AnnotateArgs {
  @Field(() => String, { description: 'Name of the dataset.' })
  dataset!: string;

  @Field(() => String, {
    description:
      'Key of the run: a letter or underscore, then letters, digits, underscores. Refused: INVALID_ANNO_KEY, ANNO_KEY_IN_USE.',
  })
  annoKey!: string;

  @Field(() => ViewInput, {
    nullable: true,
    description: 'What to send; the whole dataset unless given. Refused: EMPTY_VIEW.',
  })
  view?: ViewInput | null;

  @Field(() => String, {
    nullable: true,
    description: "Name of the backend; the annotation config's default unless given.",
  })
  backend?: string | null;

  @Field(() => String, { defaultValue: 'filepath', description: 'The field that names the media to show.' })
  mediaField!: string;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Marks the run, so that clients open its `editorUrl` once it is there. The server opens nothing.',
  })
  launchEditor!: boolean;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'What to annotate: {field: {type, classes, attributes, mask_targets, allow_additions, ...}} with the keys of FiftyOne, or a list of existing fields. Wins over `labelField`.',
  })
  labelSchema?: Json;

  @Field(() => String, {
    nullable: true,
    description:
      'The one field to annotate: an existing one, or a new one with `labelType` and `classes`. Video frames: `frames.<name>`.',
  })
  labelField?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Label type for fields whose definition names none: classification, classifications, detection, detections, instance, instances, polyline, polylines, polygon, polygons, keypoint, keypoints, segmentation, scalar. Inferred for existing fields.',
  })
  labelType?: string | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'Classes for fields whose definition names none: a list of names and of groups {"classes": [...], "attributes": {...}}. Existing fields: those observed, unless given.',
  })
  classes?: Json;

  @Field(() => JsonScalar, {
    defaultValue: true,
    nullable: true,
    description:
      'Attributes for fields whose definition says nothing: true (those observed), false, a name, a list of names, or {name: {type, values, default, mutable, read_only}}.',
  })
  attributes?: Json;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'Names of pixel values for segmentations: {"1": "road"} or {"#ff0000": "road"}.',
  })
  maskTargets?: Json;

  @Field(() => Boolean, {
    defaultValue: true,
    description: 'Whether labels may be added. A field of the label schema may say otherwise for itself.',
  })
  allowAdditions!: boolean;

  @Field(() => Boolean, { defaultValue: true, description: 'Whether labels may be deleted.' })
  allowDeletions!: boolean;

  @Field(() => Boolean, { defaultValue: true, description: 'Whether the class of labels may be changed.' })
  allowLabelEdits!: boolean;

  @Field(() => Boolean, {
    defaultValue: true,
    description: 'Whether the track number of labels may be changed (videos).',
  })
  allowIndexEdits!: boolean;

  @Field(() => Boolean, { defaultValue: true, description: 'Whether the geometry of labels may be changed.' })
  allowSpatialEdits!: boolean;

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description:
      "The backend's own parameters under its own names; see `backends`. Kept with the run, but for secret ones, which are stored encrypted. Refused: UNKNOWN_PARAMETER.",
  })
  parameters?: JsonObject | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description: "The backend's secrets under its own names, for this run alone. Stored encrypted, never shown.",
  })
  credentials?: Json;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      "FiftyOne's own behaviour, with its weaknesses, instead of ours: inference of classes and attributes; unknown parameters are kept.",
  })
  compatible!: boolean;
}

@ArgsType()
export class AnnotateOnceArgs extends AnnotateArgs {
  @Field(() => String, {
    nullable: true,
    description: 'A text of your own: a repeated call with the same one answers with the run of the first.',
  })
  idempotencyKey?: string | null;
}

@ArgsType()
export class RunArgs {
  @Field(() => String, { description: 'Name of the dataset.' })
  dataset!: string;

  @Field(() => String, { description: 'Key of the run. Unknown: NOT_FOUND.' })
  annoKey!: string;
}

@ArgsType()
export class LoadArgs extends RunArgs {
  @Field(() => JsonScalar, {
    nullable: true,
    description:
      "Write to another field: its name (runs of one field), or {field: other field}. Default: the run's own fields.",
  })
  destField?: Json;

  @Field(() => JsonScalar, {
    defaultValue: 'HOLD',
    nullable: true,
    description:
      'Labels of types that the label schema does not know. "HOLD": stored for a decision. "KEEP": merged into a field named after the type. "IGNORE": dropped and counted. "RETURN": stored with the load, readable by `heldLabels`. Or a list of types to keep, or {type: field}.',
  })
  unexpected?: Json;

  @Field(() => JsonScalar, {
    defaultValue: 'FINISHED',
    nullable: true,
    description: 'Which tasks: "FINISHED", "ALL", or a list of task ids.',
  })
  tasks?: Json;

  @Field(() => ViewInput, { nullable: true, description: "Only samples of this view; all of the run's unless given." })
  view?: ViewInput | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Delete the remote work after the last page is committed; never after a failure.',
  })
  cleanup!: boolean;

  @Field(() => ConflictPolicyEnum, {
    defaultValue: 'HOLD',
    description: 'What decides where the dataset and the annotators changed the same part differently.',
  })
  policy!: keyof typeof ConflictPolicyEnum;

  @Field(() => Boolean, {
    defaultValue: false,
    description: "FiftyOne's behaviour: the annotators' values overwrite, and nothing is held.",
  })
  compatible!: boolean;

  @Field(() => JsonScalar, {
    nullable: true,
    description: "The backend's secrets, for this run alone. Stored encrypted, never shown.",
  })
  credentials?: Json;

  @Field(() => String, {
    nullable: true,
    description: 'A text of your own: a repeated call with the same one answers with the operation of the first.',
  })
  idempotencyKey?: string | null;
}
