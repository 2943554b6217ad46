// Sends the request of an execution to a runtime and reads its whole answer.

import { agent, originOf, rawHeadersOf } from './agent.ts';
import { ExecutorError } from '../errors.ts';
import type { Execution, ExecuteRequest } from './execute.ts';
import { headersForRuntime, passableHeaders } from './headers.ts';
import { collectHeaders } from '../../proxy/headers.ts';
import type { Runtime } from '../runtimes/runtime.ts';

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export type Sent = Pick<Execution, 'statusCode' | 'headers' | 'body'>;

/** Throws what undici throws when the connection fails, and the signal's reason. */
export async function send({
  runtime,
  request,
  logId,
  signal,
}: {
  runtime: Runtime;
  request: ExecuteRequest;
  logId: string;
  signal: AbortSignal;
}): Promise<Sent> {
  const { timeout, logging } = request;
  const response = await agent.request({
    origin: originOf(runtime),
    path: request.path,
    method: request.method as 'GET',
    headers: headersForRuntime({
      passable: passableHeaders(Object.entries(request.headers).flat()),
      control: { runtime, timeout, logging, logId },
    }),
    ...(request.body.length > 0 && { body: request.body }),
    responseHeaders: 'raw',
    signal,
  });
  return {
    statusCode: response.statusCode,
    headers: collectHeaders(passableHeaders(rawHeadersOf(response))),
    body: await readBody(response.body),
  };
}

async function readBody(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES)
      throw new ExecutorError({
        type: 'general_unknown',
        message:
          `The function answered with more than ${MAX_ANSWER_BYTES} bytes. Larger answers are streamed through ` +
          `the gateway.`,
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
