// The last step of the fake: writes what a function returned.

import type { ServerResponse } from 'node:http';
import type { Behaviour } from './behaviour.ts';
import type { Reply } from './reply.ts';

interface Written {
  behaviour: Behaviour;
  response: ServerResponse;
  reply: Reply;
  /** Headers of the server itself. */
  own: Record<string, string>;
  head: boolean;
  /** Done once a stream has given its last piece. */
  beforeEnd(): Promise<void>;
}

export async function writeResponse({ behaviour, response, reply, own, head, beforeEnd }: Written): Promise<void> {
  const { body } = reply;
  const fields = headerFields(behaviour, reply);
  const flat = [...fields, ...Object.entries(own)].flat();
  if (typeof body === 'string' || Buffer.isBuffer(body)) {
    const length = reply.statusCode === 204 ? [] : ['content-length', String(Buffer.byteLength(body))];
    response.writeHead(reply.statusCode, [...flat, ...length]);
    if (head && behaviour.bodyOnHead)
      response.socket?.write(Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello')]));
    // With text, Node.js would write the head in the text's encoding.
    response.end(head ? undefined : Buffer.from(body));
    return;
  }
  response.writeHead(reply.statusCode, flat);
  const held: string[] = [];
  for await (const piece of body) {
    if (behaviour.buffersStreams) held.push(piece);
    else response.write(piece);
  }
  await beforeEnd();
  if (behaviour.endsStreams) response.end(held.join(''));
  else response.socket?.destroy();
}

function headerFields(behaviour: Behaviour, { headers }: Reply): [string, string][] {
  const fields: [string, string][] = [];
  let contentType = behaviour.defaultType;
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (behaviour.dropsHeader(lower)) continue;
    if (lower === 'content-type') contentType = String(value);
    else
      fields.push(
        ...behaviour
          .outgoingValues(lower, value)
          .map((one) => (lower === 'location' ? behaviour.location(one) : one))
          .map((one): [string, string] => [behaviour.outgoingName(name), behaviour.headerBytes(one)]),
      );
  }
  return [['content-type', behaviour.contentType(contentType)], ...fields];
}
