import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ApolloServer, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import { BadRequestError } from '../domain/errors/index.js';
import { authenticate, bearerToken } from './auth.js';
import { type RequestContext, requestContext, type ServerParts } from './context.js';
import { publicError, type ReportBug } from './errors.js';
import { explorerFile } from './explorer/files.js';
import { largestMessage } from './guards.js';

export interface HttpOptions {
  readonly parts: ServerParts;
  readonly apollo: ApolloServer<RequestContext>;
  readonly reportBug: ReportBug;
}

/** Answers every request of the one port; WebSockets are taken before they get here. */
export const httpListener =
  (options: HttpOptions) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    route(request, response, options).catch((error: unknown) => {
      const answer = publicError(error, options.reportBug);
      const status = statusOf(String(answer.extensions?.code));
      if (status === 401) response.setHeader('www-authenticate', 'Bearer');
      // What is left of a body that was refused is not worth reading.
      if (!request.complete) response.setHeader('connection', 'close');
      sendJson(response, status, { errors: [answer] });
    });
  };

const statusOf = (code: string): number =>
  ({ UNAUTHENTICATED: 401, BAD_REQUEST: 400, DATABASE_BUSY: 503 })[code] ?? 500;

async function route(request: IncomingMessage, response: ServerResponse, options: HttpOptions): Promise<void> {
  const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/graphql') return answerGraphql(request, response, search, options);
  if (pathname === '/healthz') return answerHealth(response, options.parts);
  const page = request.method === 'GET' ? explorerFile(pathname) : null;
  if (!page) return sendJson(response, 404, { error: 'Nothing is here. The API is at /graphql, its explorer at /.' });
  response.writeHead(200, page.headers).end(page.content);
}

async function answerGraphql(
  request: IncomingMessage,
  response: ServerResponse,
  search: string,
  { parts, apollo }: HttpOptions,
): Promise<void> {
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST');
    return sendJson(response, 405, { error: 'Send queries with POST. The explorer is at /.' });
  }
  const author = await authenticate(parts.storage.tokens, bearerToken(request.headers.authorization));
  const answer = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: 'POST', headers: headersOf(request), search, body: await jsonBody(request) },
    context: async () => requestContext(parts, author),
  });
  await send(response, answer);
}

/** Whether the server and its database answer; needs no token and tells nothing else. */
async function answerHealth(response: ServerResponse, { storage }: ServerParts): Promise<void> {
  const ok = await storage.events.latest().then(
    () => true,
    () => false,
  );
  sendJson(response, ok ? 200 : 503, { status: ok ? 'ok' : 'the database does not answer' });
}

function headersOf(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

async function jsonBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestMessage)
      throw new BadRequestError(`The body of the request is larger than ${largestMessage} bytes.`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new BadRequestError('The body of the request is not JSON. Expected {"query": "...", "variables": {...}}.');
  }
}

async function send(response: ServerResponse, { status, headers, body }: HTTPGraphQLResponse): Promise<void> {
  for (const [name, value] of headers) response.setHeader(name, value);
  response.statusCode = status ?? 200;
  if (body.kind === 'complete') return void response.end(body.string);
  for await (const chunk of body.asyncIterator) response.write(chunk);
  response.end();
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
