import { UnauthenticatedError } from '../domain/errors/index.js';
import type { TokenStore } from '../storage/stores.js';

/** The token of an `Authorization: Bearer <token>` header; null where there is none. */
export function bearerToken(header: string | undefined): string | null {
  return /^Bearer +([^\s]+) *$/i.exec(header ?? '')?.[1] ?? null;
}

/** The token that a WebSocket client gave with its `connection_init`: as `authorization: "Bearer ..."` or as `token`. */
export function tokenOfParams(params: Readonly<Record<string, unknown>> | undefined): string | null {
  const { authorization, Authorization: capital, token } = params ?? {};
  const header = authorization ?? capital;
  if (typeof header === 'string') return bearerToken(header);
  return typeof token === 'string' && token !== '' ? token : null;
}

/** The name under which a token is known. Throws UNAUTHENTICATED for none and for an unknown one alike. */
export async function authenticate(tokens: TokenStore, token: string | null): Promise<string> {
  const name = token === null ? null : await tokens.nameOf(token);
  if (name === null) throw new UnauthenticatedError();
  return name;
}
