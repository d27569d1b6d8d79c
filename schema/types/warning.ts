import { Field, ObjectType } from 'type-graphql';

@ObjectType({ simpleResolvers: true, description: 'Something that was done otherwise than asked, and why.' })
export class Warning {
  @Field(() => String, { description: 'Stable code, e.g. ATTRIBUTE_LEFT_OUT.' })
  code!: string;

  @Field(() => String, { description: 'What was done and why, in words.' })
  message!: string;

  @Field(() => String, { nullable: true, description: 'The field it is about; null where it is about the whole run.' })
  field!: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'Why a piece of work failed.' })
export class WorkError {
  @Field(() => String, { description: 'Stable code, as in the `extensions.code` of GraphQL errors.' })
  code!: string;

  @Field(() => String, { description: 'What failed, what was expected, what to do.' })
  message!: string;

  @Field(() => Boolean, { description: 'Whether trying the same again can help.' })
  retryable!: boolean;
}
