import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { buildSchemaSync, type NonEmptyArray, type PubSub } from 'type-graphql';
import { AnnotationViewResolver } from './annotation-view-resolver.js';
import { BackendResolver } from './backend-resolver.js';
import { DatasetMutations } from './dataset-mutations.js';
import { DatasetResolver } from './dataset-resolver.js';
import { EventResolver } from './event-resolver.js';
import { OperationResolver } from './operation-resolver.js';
import { RunMutations } from './run-mutations.js';
import { RunResolver } from './run-resolver.js';
import { LabelResolver, SampleResolver } from './sample-resolver.js';

const resolvers = [
  DatasetResolver,
  SampleResolver,
  LabelResolver,
  RunResolver,
  AnnotationViewResolver,
  OperationResolver,
  BackendResolver,
  EventResolver,
  DatasetMutations,
  RunMutations,
] as unknown as NonEmptyArray<new () => object>;

/** type-graphql asks for one; every subscription here brings its own stream from the event pump. */
const unusedPubSub: PubSub = {
  publish: () => {},
  subscribe: () => {
    throw new Error('subscriptions are served by the event pump');
  },
};

/** The GraphQL schema with its resolvers. Arguments are checked by the functions that use them, not by decorators. */
export const buildSchema = (): GraphQLSchema =>
  buildSchemaSync({ resolvers, validate: false, emitSchemaFile: false, pubSub: unusedPubSub });
