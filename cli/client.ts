import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

/** An event as subscriptions tell it. */
export interface Told {
  readonly number: number;
  readonly kind: string;
  readonly detail: Record<string, unknown>;
}

interface Answer<T> {
  readonly data?: T;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** A client of the API like any other. */
export class Client {
  constructor(
    readonly url: string,
    private readonly token: string,
  ) {}

  /** Asks a query or mutation. Throws with code and message of the first error. */
  async ask<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as Answer<T>;
    const [first] = errors ?? [];
    if (first !== undefined) throw new Error(`${first.extensions?.code ?? 'ERROR'}: ${first.message}`);
    return data as T;
  }

  /** Follows a subscription to events until `last` says so of one. */
  async follow(query: string, variables: Record<string, unknown>, last: (event: Told) => boolean): Promise<void> {
    const client = createClient({
      url: `${this.url.replace(/^http/, 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${this.token}` },
    });
    try {
      for await (const { data, errors } of client.iterate<Record<string, Told>>({ query, variables })) {
        if (errors !== undefined) throw new Error(errors.map((error) => error.message).join('; '));
        const [event] = Object.values(data ?? {});
        if (event !== undefined && event !== null && last(event as Told)) return;
      }
    } finally {
      await client.dispose();
    }
  }
}
