import { ArgsType, Field, Int } from 'type-graphql';
import { defaultPageSize, largestPage } from '../types/connection.js';

@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: defaultPageSize, description: `Nodes to a page, 1 to ${largestPage}.` })
  first!: number;

  @Field(() => String, { nullable: true, description: 'The cursor after which the page begins.' })
  after?: string | null;
}
