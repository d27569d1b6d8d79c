import { type ClassType, Field, ObjectType } from 'type-graphql';

@ObjectType({ simpleResolvers: true, description: 'Where a page ends.' })
class PageInfo {
  @Field(() => String, {
    nullable: true,
    description: 'Pass it as `after` to get the next page. Null on an empty page.',
  })
  endCursor!: string | null;

  @Field(() => Boolean, { description: 'Whether there is more after this page.' })
  hasNextPage!: boolean;
}

interface EdgeOf<T> {
  readonly cursor: string;
  readonly node: T;
}

export interface ConnectionOf<T> {
  readonly edges: readonly EdgeOf<T>[];
  readonly nodes: readonly T[];
  readonly pageInfo: PageInfo;
}

/** The page type of a node type, in the form of the Relay specification, with the nodes beside the edges. */
export function connectionOf<T extends object>(node: ClassType<T>, name: string): ClassType<ConnectionOf<T>> {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: 'A node with its place in the list.' })
  class Edge implements EdgeOf<T> {
    @Field(() => String, { description: 'The place of the node; opaque.' })
    cursor!: string;

    @Field(() => node, { description: 'The node itself.' })
    node!: T;
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: `A page of a list of ${name}.` })
  class Connection implements ConnectionOf<T> {
    @Field(() => [Edge], { description: 'The nodes with their cursors.' })
    edges!: EdgeOf<T>[];

    @Field(() => [node], { description: 'The nodes alone.' })
    nodes!: T[];

    @Field(() => PageInfo, { description: 'Whether there is more.' })
    pageInfo!: PageInfo;
  }
  return Connection;
}

/** Nodes to a page unless asked otherwise. */
export const defaultPageSize = 50;
/** Nodes to a page at most. */
export const largestPage = 500;
