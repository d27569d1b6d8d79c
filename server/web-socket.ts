import type { Server } from 'node:http';
import {
  type ExecutionArgs,
  execute,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  subscribe,
  validate,
} from 'graphql';
import type { Context, SubscribePayload } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { TooManyOperationsError, UnauthenticatedError } from '../domain/errors/index.js';
import { authenticate, tokenOfParams } from './auth.js';
import { requestContext, type ServerParts } from './context.js';
import { publicError, type ReportBug } from './errors.js';
import { guards, largestMessage, parseLimits } from './guards.js';

export interface WebSocketOptions {
  readonly http: Server;
  readonly schema: GraphQLSchema;
  readonly parts: ServerParts;
  readonly reportBug: ReportBug;
  /** Operations under way on one socket at most. */
  readonly operationsPerSocket: number;
}

/** What `onConnect` leaves with the socket. */
type Admitted = { author: string };
type Socket = Context<Record<string, unknown>, Extra & Partial<Admitted>>;

/**
 * GraphQL over WebSocket on the path of the API. Apollo's plugins and rules do not run here, so the same guards are
 * applied by hand: token, size of the query, masking of errors; and a limit of operations per socket.
 */
export function serveWebSocket(options: WebSocketOptions): { dispose(): Promise<void> } {
  const { http, schema, parts, reportBug } = options;
  const server = new WebSocketServer({ server: http, path: '/graphql', maxPayload: largestMessage });
  const asPublic = (errors: readonly GraphQLError[]): GraphQLFormattedError[] =>
    errors.map((error) => publicError(error, reportBug));
  const disposable = useServer<Record<string, unknown>, Admitted>(
    {
      schema,
      execute,
      subscribe,
      isProd: true, // keeps the texts of exceptions out of the reasons for closing
      onConnect: (socket) => admit(socket, options),
      onSubscribe: (socket, _id, payload) => prepare(socket, payload, options),
      context: (socket) => requestContext(parts, socket.extra.author ?? ''),
      onError: (_socket, _id, _payload, errors) => asPublic(errors),
      onNext: (_socket, _id, _payload, _args, result) =>
        result.errors ? { data: result.data ?? null, errors: asPublic(result.errors) } : undefined,
    },
    server,
  );
  return { dispose: async () => disposable.dispose() };
}

/** False closes the socket with 4403. */
async function admit(socket: Socket, { parts, reportBug }: WebSocketOptions): Promise<boolean> {
  try {
    socket.extra.author = await authenticate(parts.storage.tokens, tokenOfParams(socket.connectionParams));
    return true;
  } catch (error) {
    if (!(error instanceof UnauthenticatedError)) publicError(error, reportBug);
    return false;
  }
}

function prepare(
  socket: Socket,
  { query, operationName, variables }: SubscribePayload,
  { schema, operationsPerSocket }: WebSocketOptions,
): ExecutionArgs | readonly GraphQLError[] {
  // The one that is being prepared is counted already.
  if (Object.keys(socket.subscriptions).length > operationsPerSocket) {
    return [wrapped(new TooManyOperationsError(operationsPerSocket))];
  }
  try {
    const document = parse(query, parseLimits);
    const errors = validate(schema, document, [...specifiedRules, ...guards]);
    return errors.length > 0
      ? errors
      : { schema, document, operationName: operationName ?? null, variableValues: variables ?? null };
  } catch (error) {
    return [error instanceof GraphQLError ? error : wrapped(error as Error)];
  }
}

const wrapped = (originalError: Error): GraphQLError => new GraphQLError(originalError.message, { originalError });
