/** Speaks to the API of the server that the page came from: GraphQL over HTTP, and the graphql-transport-ws protocol. */

/** Sends a query or mutation and gives the answer, whatever its status. */
export async function request(token, body) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  return response.json();
}

/**
 * Opens a subscription. `listener.next` gets each answer, `listener.end` a word about why it is over. Returns how to
 * stop.
 */
export function listen(token, body, listener) {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const socket = new WebSocket(`${scheme}://${location.host}/graphql`, 'graphql-transport-ws');
  const send = (message) => socket.send(JSON.stringify(message));
  const on = {
    connection_ack: () => send({ id: '1', type: 'subscribe', payload: body }),
    ping: () => send({ type: 'pong' }),
    next: ({ payload }) => listener.next(payload),
    error: ({ payload }) => {
      listener.next({ errors: payload });
      socket.close(1000);
    },
    complete: () => socket.close(1000),
  };
  socket.onopen = () => send({ type: 'connection_init', payload: { token } });
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    on[message.type]?.(message);
  };
  socket.onclose = ({ code }) => listener.end(reasons[code] ?? `the connection was closed (${code})`);
  return () => socket.close(1000);
}

const reasons = { 1000: 'ended', 4403: 'the token is not known here' };
