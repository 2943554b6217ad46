// The executor's HTTP interface: routes, and how what goes wrong in them is answered.

import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler, type Response } from 'express';
import { runCommand } from '../command.ts';
import { createRuntime } from '../create.ts';
import { ExecutorError, toExecutorError } from '../errors.ts';
import { execute } from '../execute.ts';
import type { Executor } from '../executor.ts';
import { gateway } from '../gateway.ts';
import { createHealth } from '../health.ts';
import { followLogs } from '../logs.ts';
import { removeRuntime } from '../remove.ts';
import { describeRuntime } from '../runtime.ts';
import { sendExecution, sendJson } from './answer.ts';
import { authorize } from './authorize.ts';
import { readParameters } from './body.ts';
import { createSchemas, validate } from './parameters.ts';

const MAX_REQUEST_BYTES = '22mb';
const DELETE_GRACE_MS = 10_000;

export function createApp(executor: Executor): Express {
  const { settings, registry } = executor;
  const schemas = createSchemas({ versions: settings.runtimeVersions });
  const health = createHealth(executor);
  const app = express().disable('x-powered-by').disable('etag');

  // Before everything that reads bodies: requests pass through here as they are.
  app.use('/functions/:name', gateway(executor));

  app.use((_request, response, next) => {
    response.setHeader('cache-control', 'no-store, no-cache, must-revalidate').setHeader('pragma', 'no-cache').setHeader('expires', '0');
    next();
  });
  app.get('/v1/health', async (_request, response) => sendJson({ response, value: await health() }));

  const runtimes = express.Router({ mergeParams: true });
  runtimes.use(authorize(settings), express.raw({ type: () => true, limit: MAX_REQUEST_BYTES }));

  runtimes.post('/', async (request, response) => {
    const parameters = validate(schemas.create, await parametersOf(request));
    const created = await createRuntime({ executor, request: parameters, signal: callerLeaves(response) });
    sendJson({ response, status: 201, value: created });
  });
  runtimes.get('/', (_request, response) => sendJson({ response, value: registry.all().map(describeRuntime) }));
  runtimes.get('/:runtimeId', async (request, response) => {
    const { runtimeId } = validate(schemas.runtime, await parametersOf(request));
    const runtime = registry.get(runtimeId);
    if (!runtime) throw new ExecutorError({ type: 'runtime_not_found' });
    sendJson({ response, value: describeRuntime(runtime) });
  });
  runtimes.delete('/:runtimeId', async (request, response) => {
    const { runtimeId } = validate(schemas.runtime, await parametersOf(request));
    const runtime = registry.get(runtimeId);
    if (!runtime) throw new ExecutorError({ type: 'runtime_not_found' });
    await removeRuntime({ executor, runtime, reason: 'it was deleted', graceMs: runtime.pending ? 0 : DELETE_GRACE_MS });
    response.status(200).end();
  });
  runtimes.get('/:runtimeId/logs', async (request, response) => {
    const { runtimeId, timeout } = validate(schemas.logs, await parametersOf(request));
    await followLogs({ executor, runtimeId, timeout, response, signal: callerLeaves(response) });
  });
  const executions: RequestHandler = async (request, response) => {
    const parameters = validate(schemas.execute, await parametersOf(request));
    const execution = await execute({ executor, request: parameters, signal: callerLeaves(response) });
    const { accept = '', 'x-executor-response-format': format = '' } = request.headers;
    sendExecution({ response, execution, accept, format: String(format) });
  };
  runtimes.post('/:runtimeId/executions', executions);
  runtimes.post('/:runtimeId/execution', executions);
  runtimes.post('/:runtimeId/commands', async (request, response) => {
    const parameters = validate(schemas.command, await parametersOf(request));
    sendJson({ response, value: { output: await runCommand({ executor, ...parameters, signal: callerLeaves(response) }) } });
  });
  app.use('/v1/runtimes', runtimes);

  app.use(() => {
    throw new ExecutorError({ type: 'general_route_not_found' });
  });
  app.use(answerErrors(executor));
  return app;
}

/** Path over query or body, as the route's method has it; GET and DELETE may carry a body all the same. */
async function parametersOf(request: Request): Promise<Record<string, unknown>> {
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const sent = request.method === 'POST' ? await readParameters({ request, bytes }) : (request.query as Record<string, unknown>);
  return { ...sent, ...request.params };
}

/** Aborts when the caller closes the connection before the answer is complete. */
function callerLeaves(response: Response): AbortSignal {
  const leaving = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) leaving.abort(new Error('The caller has closed the connection.'));
  });
  return leaving.signal;
}

function answerErrors({ settings, log }: Executor): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    const error = toExecutorError(asRequestError(thrown));
    const details = { method: request.method, path: request.path, type: error.type, error: error.cause ?? error };
    if (error.status >= 500) log.error(details, error.message);
    else log.info(details, error.message);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (error.retryAfter !== undefined) response.setHeader('retry-after', error.retryAfter);
    const value = { type: error.type, message: error.message, code: error.status, version: settings.version, ...(settings.development && whereFrom(error)) };
    sendJson({ response, status: error.status, value });
  };
}

/** Express's own readers of bodies and paths throw errors with a status. */
function asRequestError(error: unknown): unknown {
  const { status, message } = error as { status?: number; message?: string };
  if (error instanceof ExecutorError || status === undefined || status >= 500) return error;
  return new ExecutorError({ type: 'execution_bad_request', message: `The request body cannot be read: ${message}`, cause: error });
}

function whereFrom({ stack = '', cause }: ExecutorError): { file: string; line: number; trace: string[] } {
  const trace = (cause instanceof Error && cause.stack ? cause.stack : stack).split('\n').slice(1).map((line) => line.trim());
  const [, file = '', line = '0'] = /\(?([^\s()]+):(\d+):\d+\)?$/.exec(trace[0] ?? '') ?? [];
  return { file, line: Number(line), trace };
}
