// Passes any HTTP request on to a function and its answer back, both while they are still being made.

import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { randomBytes } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { agent, originOf } from './agent.ts';
import { ExecutorError } from './errors.ts';
import { type Executor, using } from './executor.ts';
import { controlHeaders, executorAuthorization, hasHeader, passableHeaders, type RawHeaders } from './headers.ts';
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
    const headers = passableHeaders((answer.headers as unknown as (Buffer | string)[]).map(String));
    const { 'content-length': length } = lengthOf(answer.headers as unknown as (Buffer | string)[]);
    response.writeHead(answer.statusCode, [...headers, ...(length === undefined ? [] : ['content-length', length])]);
    response.flushHeaders();
    await pipeline(answer.body, response);
  } catch (error) {
    if (leaving.signal.aborted) return;
    if (response.headersSent) throw error;
    if (deadline.aborted) throw new ExecutorError({ type: 'execution_timeout', cause: error });
    if (runtime.ended.signal.aborted) throw new ExecutorError({ type: 'runtime_failed', message: `Runtime failed: ${(runtime.ended.signal.reason as Error).message}.`, cause: error });
    throw error;
  }
}

function outgoingHeaders({ runtime, request, timeoutMs }: { runtime: Runtime; request: Request; timeoutMs: number }): RawHeaders {
  const given = passableHeaders(request.rawHeaders);
  const length = request.headers['content-length'];
  const forwarded = request.headers['x-forwarded-for'];
  const address = request.socket.remoteAddress ?? '';
  const own = [
    ...(hasHeader(given, 'x-forwarded-proto') ? [] : ['x-forwarded-proto', 'http']),
    ...(hasHeader(given, 'authorization') ? [] : ['authorization', executorAuthorization(runtime)]),
    ...(length === undefined ? [] : ['content-length', length]),
  ];
  const trail = ['x-forwarded-for', forwarded === undefined ? address : `${String(forwarded)}, ${address}`];
  const control = controlHeaders({ runtime, timeout: Math.ceil(timeoutMs / 1000), logging: true, logId: randomBytes(10).toString('hex') });
  return [...without(given, 'x-forwarded-for'), ...own, ...trail, ...control];
}

function without(raw: RawHeaders, name: string): RawHeaders {
  return raw.flatMap((entry, index) => (index % 2 === 0 && entry.toLowerCase() !== name ? [entry, raw[index + 1] ?? ''] : []));
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

/** The length that the function announced: it is the answer's, HEAD included, since nothing on the way changes the body. */
function lengthOf(raw: (Buffer | string)[]): { 'content-length': string | undefined } {
  const index = raw.findIndex((entry, position) => position % 2 === 0 && String(entry).toLowerCase() === 'content-length');
  return { 'content-length': index === -1 ? undefined : String(raw[index + 1]) };
}
