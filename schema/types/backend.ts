import { Field, ID, ObjectType } from 'type-graphql';
import type { Json, JsonObject } from '../../domain/labels/index.js';
import { DateTimeScalar, JsonObjectScalar, JsonScalar } from '../scalars.js';

@ObjectType('Capabilities', { simpleResolvers: true, description: 'What a backend can show and bring home.' })
export class CapabilitiesType {
  @Field(() => [String], { description: 'Media types: `image`, `video`, ...' })
  mediaTypes!: readonly string[];

  @Field(() => [String], { description: 'Label types of a label schema.' })
  labelTypes!: readonly string[];

  @Field(() => [String], { description: 'Types of scalar fields.' })
  scalarTypes!: readonly string[];

  @Field(() => [String], { description: 'Types of attributes, e.g. `text`, `select`.' })
  attributeTypes!: readonly string[];

  @Field(() => [String], { description: 'Attribute types that need `values`.' })
  attributeTypesWithValues!: readonly string[];

  @Field(() => Boolean, { description: 'Whether tracks have keyframes.' })
  keyframes!: boolean;

  @Field(() => Boolean, { description: 'Whether it takes views of clips.' })
  clips!: boolean;

  @Field(() => Boolean, { description: 'Whether fields of whole videos can be annotated, beside those of frames.' })
  videoSampleFields!: boolean;

  @Field(() => Boolean, { description: 'Whether `annotate` must say what is to be annotated.' })
  requiresLabelSchema!: boolean;

  @Field(() => Boolean, { description: 'Whether labels that exist can be sent.' })
  existingLabels!: boolean;

  @Field(() => Boolean, { description: 'Whether work is reviewed there.' })
  reviews!: boolean;

  @Field(() => Boolean, { description: 'Whether it can call us when something moved.' })
  webhooks!: boolean;
}

@ObjectType({ simpleResolvers: true, description: 'One parameter of a backend.' })
export class BackendParameter {
  @Field(() => String, {
    description: "The backend's own name for it, as in `annotate(parameters:)` and the annotation config.",
  })
  name!: string;

  @Field(() => String, { description: 'What it does, with its unit.' })
  description!: string;

  @Field(() => JsonScalar, { nullable: true, description: 'Its value unless set.' })
  default!: Json;

  @Field(() => Boolean, { description: 'Whether it is a secret: give it as `credentials`, never as `parameters`.' })
  secret!: boolean;
}

@ObjectType('Backend', { simpleResolvers: true, description: 'A place where people annotate.' })
export class BackendType {
  @Field(() => String, { description: 'Name to give as `backend`.' })
  name!: string;

  @Field(() => Boolean, { description: 'Whether it is the one that `annotate` takes unless told otherwise.' })
  isDefault!: boolean;

  @Field(() => Boolean, { description: 'Whether runs can be made on it now.' })
  available!: boolean;

  @Field(() => String, { nullable: true, description: 'Why not, and what to do, where it is not available.' })
  problem!: string | null;

  @Field(() => Boolean, { description: 'Whether the annotation config names it.' })
  configured!: boolean;

  @Field(() => CapabilitiesType, { nullable: true, description: 'What it can do; null where it is not known.' })
  capabilities!: CapabilitiesType | null;

  @Field(() => [BackendParameter], { description: 'Its parameters.' })
  parameters!: readonly BackendParameter[];
}

@ObjectType({ simpleResolvers: true, description: 'The annotation config as one daemon sees it.' })
export class SeenConfig {
  @Field(() => ID, { description: 'The process.' })
  process!: string;

  @Field(() => DateTimeScalar, { description: 'When it last said that it is alive.' })
  seenAt!: number;

  @Field(() => JsonObjectScalar, { description: 'What it sees, secrets masked.' })
  config!: JsonObject;
}

@ObjectType({ simpleResolvers: true, description: 'One edit of the annotation config at run time.' })
export class ConfigEdit {
  @Field(() => [String], { description: 'Where in the config, e.g. ["backends", "cvat", "url"].' })
  path!: readonly string[];

  @Field(() => JsonScalar, { nullable: true, description: 'The value, masked where it is a secret.' })
  value!: Json;
}

@ObjectType('AnnotationConfig', {
  simpleResolvers: true,
  description:
    'The annotation config in effect: run-time edits over environment over file over defaults. Secrets are masked.',
})
export class AnnotationConfigType {
  @Field(() => String, { nullable: true, description: 'The backend that `annotate` takes unless told otherwise.' })
  defaultBackend!: string | null;

  @Field(() => JsonObjectScalar, { description: 'Per backend its parameters, secrets masked.' })
  backends!: JsonObject;

  @Field(() => [ConfigEdit], { description: 'The run-time edits in it.' })
  edits!: readonly ConfigEdit[];

  @Field(() => [SeenConfig], {
    description: 'What daemons see, where it differs from this: their environment or file is another one.',
  })
  seenByDaemons!: readonly SeenConfig[];
}
