import { Field, ID, ObjectType } from 'type-graphql';
import type { JsonObject } from '../../domain/labels/index.js';
import { DateTimeScalar, JsonObjectScalar, SafeIntScalar } from '../scalars.js';

@ObjectType('Event', {
  simpleResolvers: true,
  description: 'A numbered fact that happened; written together with the change that it tells of.',
})
export class EventType {
  @Field(() => SafeIntScalar, {
    description: 'Only grows. Pass the last one seen as `after` to continue where you stopped.',
  })
  number!: number;

  @Field(() => DateTimeScalar, { description: 'When it happened.' })
  at!: number;

  @Field(() => String, {
    description: 'What happened, e.g. RUN_STATE_CHANGED, TASK_CHANGED, LABELS_CHANGED, OPERATION_PROGRESS.',
  })
  kind!: string;

  @Field(() => ID, { nullable: true, description: 'Id of the run that it is about.' })
  runId!: string | null;

  @Field(() => ID, { nullable: true, description: 'Number of the operation that it is about.' })
  operationId!: string | null;

  @Field(() => JsonObjectScalar, {
    description: 'Counts, states and keys to fetch details by; its members depend on the kind.',
  })
  detail!: JsonObject;
}

@ObjectType({ simpleResolvers: true, description: 'Events in the order in which they happened.' })
export class EventPage {
  @Field(() => [EventType], { description: 'The events.' })
  events!: EventType[];

  @Field(() => SafeIntScalar, {
    description: 'Pass it as `after` to get the next page; equal to the given `after` when there is none.',
  })
  next!: number;

  @Field(() => SafeIntScalar, { description: 'Number of the newest event there is.' })
  latest!: number;
}
