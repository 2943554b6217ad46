// Sends the request of an execution to a runtime and reads its whole answer.

import { request as requestOver, TooLargeError } from '../../proxy/client.ts';
import { collectHeaders, hasHeader, rawHeaders, type RawHeaders } from '../../proxy/headers.ts';
import type { Pool } from '../../proxy/pool.ts';
import { writeRequestHead } from '../../proxy/write-head.ts';
import { ExecutorError } from '../errors.ts';
import type { Runtime } from '../runtimes/runtime.ts';
import { headersForRuntime, passableHeaders } from './headers.ts';

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** What is sent to a function. */
export interface FunctionRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
  /** Seconds. */
  timeout: number;
  logging: boolean;
}

export interface Sent {
  statusCode: number;
  /** Names in lower case; repeated ones are lists. */
  headers: Record<string, string | string[]>;
  body: Buffer;
}

/** Throws what `proxy/client.ts` throws, and the signal's reason. */
export async function send({
  runtime,
  pool,
  request,
  logId,
  signal,
}: {
  runtime: Runtime;
  pool: Pool;
  request: FunctionRequest;
  logId: string;
  signal: AbortSignal;
}): Promise<Sent> {
  const { method, path, body } = request;
  const headers = requestHeaders({ runtime, request, logId });
  const head = writeRequestHead({ method, target: asciiPath(path), headers, length: body.length });
  try {
    const answer = await requestOver({ pool, method, head, body, signal, maxBytes: MAX_ANSWER_BYTES });
    const passed = passableHeaders(rawHeaders(answer.head)).map(decoded);
    return { statusCode: answer.head.status, headers: collectHeaders(passed), body: answer.body };
  } catch (cause) {
    if (!(cause instanceof TooLargeError)) throw cause;
    const message =
      `The function answered with more than ${MAX_ANSWER_BYTES} bytes. Larger answers are streamed through ` +
      `the gateway.`;
    throw new ExecutorError({ type: 'general_unknown', message, cause });
  }
}

function requestHeaders({
  runtime,
  request,
  logId,
}: {
  runtime: Runtime;
  request: FunctionRequest;
  logId: string;
}): RawHeaders {
  const { timeout, logging } = request;
  const given = Object.entries(request.headers).flat().map(encoded);
  const passable = passableHeaders(given);
  const { address, secret } = runtime.state.instance;
  const { host = '', port } = address ?? {};
  const named = host.includes(':') ? `[${host}]` : host;
  const own = hasHeader(passable, 'host') ? [] : ['host', `${named}:${port}`];
  return [...own, ...headersForRuntime({ passable, control: { secret, timeout, logging, logId } })];
}

/** Targets are ASCII without spaces; what a caller wrote as it is means the same when it is escaped. */
function asciiPath(path: string): string {
  return path.replaceAll(/[^\x21-\x7e]/gu, (sign) => encodeURIComponent(sign));
}

/** Heads are written byte for byte, and values are UTF-8 on the wire. */
function encoded(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** What is no UTF-8 is read as Latin-1. */
function decoded(text: string): string {
  const bytes = Buffer.from(text, 'latin1');
  const read = bytes.toString();
  return Buffer.from(read).equals(bytes) ? read : text;
}
