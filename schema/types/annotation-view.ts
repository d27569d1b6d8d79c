import { Field, ObjectType } from 'type-graphql';
import { JsonObjectScalar, SafeIntScalar } from '../scalars.js';

@ObjectType('AnnotationView', {
  simpleResolvers: true,
  description:
    'Exactly what a run took: the samples, and the labels as they were sent, whatever happened to the dataset since.',
})
export class AnnotationViewType {
  /** The run and how its samples are read; not part of the API. */
  reading!: unknown;

  @Field(() => SafeIntScalar, { description: 'The event number that everything is read as of.' })
  frozenAt!: number;

  @Field(() => SafeIntScalar, { description: 'Number of samples.' })
  sampleCount!: number;

  @Field(() => [String], { description: "The dataset's fields that the run is about." })
  fields!: readonly string[];

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description: 'The view as it was asked for; null for the whole dataset.',
  })
  view!: unknown;
}
