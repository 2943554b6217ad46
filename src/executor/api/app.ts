// The executor's HTTP interface: routes, and how what goes wrong in them is answered.

import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { isReservedPath } from '../../contract/reserved-path.ts';
import { runCommand } from '../call/command.ts';
import { createRuntime } from '../build/create.ts';
import { ExecutorError, toExecutorError } from '../errors.ts';
import { execute } from '../call/execute.ts';
import type { Executor } from '../executor.ts';
import { REQUEST_ID_HEADER } from '../call/headers.ts';
import { createHealth } from './health.ts';
import { followLogs } from '../build/follow.ts';
import { type Attributes, traced, TRACEPARENT_HEADER, traceparentOf } from '../observe/tracer.ts';
import { removeFunction } from '../stop/remove.ts';
import { describeRuntime } from '../runtimes/runtime.ts';
import { sendExecution, sendJson } from './answer.ts';
import { authorize } from './authorize.ts';
import { readParameters } from './body.ts';
import { describeError, logError, NO_CACHE } from '../error-form.ts';
import { createSchemas, validate } from './parameters.ts';

const MAX_REQUEST_BYTES = '22mb';
const DELETE_GRACE_MS = 10_000;

export function createApp(executor: Executor): Express {
  const { settings, registry, tracer } = executor;
  const schemas = createSchemas({ versions: settings.runtimeVersions });
  const health = createHealth(executor);
  const app = express().disable('x-powered-by').disable('etag');

  app.use((_request, response, next) => {
    response.set(NO_CACHE);
    next();
  });
  app.get('/v1/health', async (_request, response) => sendJson({ response, value: await health() }));

  const runtimes = express.Router({ mergeParams: true });
  runtimes.use(authorize(settings), express.raw({ type: () => true, limit: MAX_REQUEST_BYTES }));

  runtimes.post('/', async (request, response) => {
    const parameters = validate(schemas.create, await parametersOf(request));
    const signal = callerLeaves(response);
    const created = await traced(
      {
        tracer,
        name: 'create',
        kind: 'server',
        parent: request.get(TRACEPARENT_HEADER),
        attributes: describe(parameters),
      },
      () => createRuntime({ executor, request: parameters, signal }),
    );
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
    await removeFunction({
      executor,
      id: runtimeId,
      reason: 'it was deleted',
      graceMs: runtime.state.is === 'starting' ? 0 : DELETE_GRACE_MS,
    });
    response.status(200).end();
  });
  runtimes.get('/:runtimeId/logs', async (request, response) => {
    const { runtimeId, timeout } = validate(schemas.logs, await parametersOf(request));
    await followLogs({ executor, runtimeId, timeout, response, signal: callerLeaves(response) });
  });
  const executions: RequestHandler = async (request, response) => {
    const parameters = validate(schemas.execute, await parametersOf(request));
    if (isReservedPath(parameters.path)) throw new ExecutorError({ type: 'general_route_not_found' });
    const headers = withRequestId({ headers: parameters.headers, requestId: requestIdOf(request) });
    const signal = callerLeaves(response);
    const parent = request.get(TRACEPARENT_HEADER) ?? traceparentOf(headers);
    const execution = await traced(
      { tracer, name: 'execution', kind: 'server', parent, attributes: describe(parameters) },
      (span) => execute({ executor, request: { ...parameters, headers }, signal, span }),
    );
    const { accept = '', 'x-executor-response-format': format = '' } = request.headers;
    sendExecution({ response, execution, accept, format: String(format) });
  };
  runtimes.post('/:runtimeId/executions', executions);
  runtimes.post('/:runtimeId/execution', executions);
  runtimes.post('/:runtimeId/commands', async (request, response) => {
    const parameters = validate(schemas.command, await parametersOf(request));
    sendJson({
      response,
      value: { output: await runCommand({ executor, ...parameters, signal: callerLeaves(response) }) },
    });
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
  const sent =
    request.method === 'POST' ? await readParameters({ request, bytes }) : (request.query as Record<string, unknown>);
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

function answerErrors(executor: Executor): ErrorRequestHandler {
  const { settings } = executor;
  return (thrown: unknown, request, response, _next) => {
    const error = toExecutorError(asRequestError(thrown));
    logError({
      executor,
      error,
      request: { method: request.method, path: request.path, requestId: requestIdOf(request) },
    });
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (error.retryAfter !== undefined) response.setHeader('retry-after', error.retryAfter);
    sendJson({ response, status: error.status, value: describeError({ error, settings }) });
  };
}

/** Express's own readers of bodies and paths throw errors with a status. */
function asRequestError(error: unknown): unknown {
  const { status, message } = error as { status?: number; message?: string };
  if (error instanceof ExecutorError || status === undefined || status >= 500) return error;
  return new ExecutorError({
    type: 'execution_bad_request',
    message: `The request body cannot be read: ${message}`,
    cause: error,
  });
}

/** What a trace tells of a request. */
function describe({ runtimeId, image }: { runtimeId: string; image: string }): Attributes {
  return { 'open_runtimes.runtime': runtimeId, ...(image !== '' && { 'open_runtimes.image': image }) };
}

/** The gateway has seen to it that there is one. */
function requestIdOf({ headers }: Request): string {
  return String(headers[REQUEST_ID_HEADER] ?? '');
}

/** A request's id reaches the function too, unless the caller says otherwise. */
function withRequestId({
  headers,
  requestId,
}: {
  headers: Record<string, string>;
  requestId: string;
}): Record<string, string> {
  const given = Object.keys(headers).some((name) => name.toLowerCase() === REQUEST_ID_HEADER);
  return given || requestId === '' ? headers : { ...headers, [REQUEST_ID_HEADER]: requestId };
}
