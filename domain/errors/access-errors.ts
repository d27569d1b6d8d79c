import { AnnotationError } from './base.js';

/** The request came without a token that is known here. */
export class UnauthenticatedError extends AnnotationError {
  readonly code = 'UNAUTHENTICATED';

  constructor() {
    super(
      'A valid token is needed: send the header "Authorization: Bearer <token>". The server printed one at its first start.',
    );
  }
}

/** One WebSocket has too many operations under way. */
export class TooManyOperationsError extends AnnotationError {
  readonly code = 'TOO_MANY_OPERATIONS';

  constructor(readonly limit: number) {
    super(
      `This socket has ${limit} operations under way, which is as many as one may. End some, or open another socket.`,
    );
  }
}

/** The body of a request is not what GraphQL over HTTP asks for. */
export class BadRequestError extends AnnotationError {
  readonly code = 'BAD_REQUEST';
}
