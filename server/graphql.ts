import type { Server } from 'node:http';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import type { GraphQLSchema } from 'graphql';
import type { RequestContext } from './context.js';
import { publicError, type ReportBug } from './errors.js';
import { guards, parseLimits } from './guards.js';

export interface GraphqlOptions {
  readonly schema: GraphQLSchema;
  readonly http: Server;
  readonly reportBug: ReportBug;
  /** Ends what the HTTP server knows nothing of, e.g. WebSockets, before it is closed. */
  readonly drain: () => Promise<void>;
}

/**
 * Apollo as the executor of queries and mutations. Its cache control is off (it hooks every field and nothing here may
 * be cached), introspection is on (only those with a token get here), stacks never leave whatever NODE_ENV says.
 */
export function createApollo({ schema, http, reportBug, drain }: GraphqlOptions): ApolloServer<RequestContext> {
  return new ApolloServer<RequestContext>({
    schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    validationRules: [...guards],
    parseOptions: parseLimits,
    formatError: (_formatted, error) => publicError(error, reportBug),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      { serverWillStart: async () => ({ drainServer: drain }) },
      ApolloServerPluginDrainHttpServer({ httpServer: http, stopGracePeriodMillis: 5_000 }),
    ],
  });
}
