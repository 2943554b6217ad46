// Passes any HTTP request on to a function and its answer back, both while they are still being made.

import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { randomBytes } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { agent, originOf, rawHeadersOf } from './agent.ts';
import { endedError, ExecutorError } from './errors.ts';
import { type Executor, using } from './executor.ts';
import { collectHeaders, hasHeader, headersForRuntime, passableHeaders, type RawHeaders } from './headers.ts';
import { untilListening } from './listening.ts';
import type { Runtime } from './runtime.ts';

/** Handles `/functions/:name/…`: the function sees the path behind its name. Callers are anybody; the name is what they must know. */
export function gateway(executor: Executor): RequestHandler {
  return async (request, response) => {
    const runtime = await executor.registry.require(String(request.params.name));
    await using(runtime, async () => {
      await untilListening({ executor, runtime });
      await pass({ executor, runtime, request, response });
    });
  };
}

async function pass({ executor, runtime, request, response }: { executor: Executor; runtime: Runtime; request: Request; response: Response }): Promise<void> {
  const leaving = new AbortController();
  response.once('close', () => leaving.abort());
  const timeoutMs = executor.settings.gatewayTimeoutMs;
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await agent.request({
      origin: originOf(runtime),
      // Express has cut the mount path off; what is left begins with a slash.
      path: request.url,
      method: request.method as 'GET',
      headers: outgoingHeaders({ runtime, request, timeoutMs }),
      ...(hasBody(request) && { body: request }),
      responseHeaders: 'raw',
      signal: AbortSignal.any([leaving.signal, deadline, runtime.ended.signal]),
    });
    const raw = rawHeadersOf(answer);
    // The length that the function announced is the answer's, HEAD included: nothing on the way changes the body.
    const [length] = [collectHeaders(raw)['content-length']].flat();
    response.writeHead(answer.statusCode, [...passableHeaders(raw), ...(length === undefined ? [] : ['content-length', length])]);
    response.flushHeaders();
    await pipeline(answer.body, response);
  } catch (error) {
    if (leaving.signal.aborted) return;
    if (response.headersSent) throw error;
    if (deadline.aborted) throw new ExecutorError({ type: 'execution_timeout', cause: error });
    if (runtime.ended.signal.aborted) throw endedError({ reason: runtime.ended.signal.reason, cause: error });
    throw error;
  }
}

function outgoingHeaders({ runtime, request, timeoutMs }: { runtime: Runtime; request: Request; timeoutMs: number }): RawHeaders {
  const { 'content-length': length, 'x-forwarded-for': forwarded } = request.headers;
  const address = request.socket.remoteAddress ?? '';
  const given = passableHeaders(request.rawHeaders);
  const passable = [
    ...without(given, 'x-forwarded-for'),
    ...(hasHeader(given, 'x-forwarded-proto') ? [] : ['x-forwarded-proto', 'http']),
    'x-forwarded-for',
    forwarded === undefined ? address : `${String(forwarded)}, ${address}`,
  ];
  const control = { runtime, timeout: Math.ceil(timeoutMs / 1000), logging: true, logId: randomBytes(10).toString('hex') };
  return [...headersForRuntime({ passable, control }), ...(length === undefined ? [] : ['content-length', length])];
}

function without(raw: RawHeaders, name: string): RawHeaders {
  return raw.flatMap((entry, index) => (index % 2 === 0 && entry.toLowerCase() !== name ? [entry, raw[index + 1] ?? ''] : []));
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}
