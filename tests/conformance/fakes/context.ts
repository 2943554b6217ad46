// The fifth and sixth step of the fake: reads the body and makes what the function is called with.

import type { IncomingMessage } from 'node:http';
import type { Behaviour } from './behaviour.ts';
import type { Context } from './fixture.ts';
import type { Logger } from './logger.ts';
import type { Reply } from './reply.ts';

/** The body's bytes, at most a few over the limit; the rest is read and thrown away. */
export async function readBody(message: IncomingMessage, behaviour: Behaviour): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of message as AsyncIterable<Buffer>) {
      if (!behaviour.tooLarge(length)) pieces.push(piece);
      length += piece.length;
    }
  } catch (error) {
    if (!behaviour.takesHalfBody(message.headers['transfer-encoding'] !== undefined, length)) throw error;
  }
  const read = behaviour.readsBody(message.method ?? '', message.headers['transfer-encoding'] !== undefined);
  return read ? Buffer.concat(pieces) : Buffer.alloc(0);
}

interface ContextParts {
  message: IncomingMessage;
  body: Buffer;
  behaviour: Behaviour;
  environment: Readonly<Record<string, string>>;
  /** Where words of the function go at the time it speaks. */
  logger(): Logger;
  nativeLogger(): Logger;
  onMade(reply: Reply): void;
}

export function createContext(parts: ContextParts): Context {
  const { behaviour, environment } = parts;
  return {
    req: createRequest(parts),
    res: createResponses(parts),
    log: (...values) => parts.logger().write('logs', values),
    error: (...values) => parts.logger().write('errors', values),
    print: (text) => parts.nativeLogger().native(text),
    printError: (text) => void (behaviour.capturesErrorOutput && parts.nativeLogger().native(text)),
    env: (name) => behaviour.environment(environment[name]),
  };
}

function createRequest({ message, body, behaviour, environment }: ContextParts): Context['req'] {
  const target = message.url ?? '';
  const seen = gatherHeaders({ message, behaviour, environment });
  const scheme = behaviour.scheme(message.headers['x-forwarded-proto'] as string | undefined);
  const line = {
    scheme,
    ...behaviour.splitHost(message.headers.host ?? '', scheme),
    path: behaviour.path(target),
    queryString: behaviour.queryString(target),
  };
  const contentType = seen['content-type'] ?? 'text/plain';
  const bytes = behaviour.bodyBytes(body, contentType);
  const text = behaviour.bodyText(bytes);
  return {
    ...line,
    method: behaviour.method(message.method ?? ''),
    url: behaviour.url(line),
    query: behaviour.query(line.queryString),
    headers: seen,
    bodyBinary: bytes,
    bodyText: text,
    bodyRaw: behaviour.bodyRaw(text),
    get bodyJson() {
      return behaviour.bodyJson(text);
    },
    get body() {
      if (!behaviour.isJson(contentType)) return text;
      return text === '' ? behaviour.emptyJson() : behaviour.bodyJson(text);
    },
  };
}

function gatherHeaders({
  message,
  behaviour,
  environment,
}: Pick<ContextParts, 'message' | 'behaviour' | 'environment'>): Record<string, string> {
  const secret = environment['OPEN_RUNTIMES_SECRET'] ?? '';
  const values = new Map<string, string[]>();
  for (let index = 0; index < message.rawHeaders.length; index += 2) {
    const name = behaviour.headerName(message.rawHeaders[index] ?? '');
    values.set(name, [...(values.get(name) ?? []), behaviour.headerText(message.rawHeaders[index + 1] ?? '')]);
  }
  const kept = [...values].filter(
    ([name, [first = '']]) =>
      !behaviour.hidesHeader(name) && !(name === 'authorization' && behaviour.dropsAuthorization(first, secret)),
  );
  const own = Object.fromEntries(kept.map(([name, list]) => [name, behaviour.joinHeader(name, list)]));
  return behaviour.enforce(own, behaviour.enforcedHeaders(environment['OPEN_RUNTIMES_HEADERS'] ?? ''));
}

function createResponses({ behaviour, onMade }: ContextParts): Context['res'] {
  const { text, json, binary, redirect, empty } = behaviour;
  const makers = { text, json, binary, redirect, empty, send: text } as Record<
    string,
    (...parameters: unknown[]) => Reply
  >;
  return Object.fromEntries(
    Object.entries(makers).map(([name, make]) => [
      name,
      (...parameters: unknown[]) => {
        const made = make(...parameters);
        onMade(made);
        return made;
      },
    ]),
  );
}
