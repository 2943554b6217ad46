// One execution: finds or starts the runtime, sends the request, collects the answer and the logs.

import { newId } from '../../lib/ids.ts';
import { UnreachedError } from '../../proxy/client.ts';
import type { Ticket } from '../admission/queue.ts';
import { ExecutorError } from '../errors.ts';
import { type Executor, folderOf } from '../executor.ts';
import { openWorkFolder } from '../files/work-folder.ts';
import { type Span, STATUS_ATTRIBUTE, traced, withTraceparent } from '../observe/tracer.ts';
import type { Runtime, RuntimeSpec } from '../runtimes/runtime.ts';
import { untilListening } from '../start/readiness.ts';
import { discardRuntime, KILL_GRACE_MS, killRuntime } from '../stop/remove.ts';
import { acquire, release } from './acquire.ts';
import { explainBrokenConnection, lookAfterUnreached } from './broken-connection.ts';
import { takeLogs } from './execution-logs.ts';
import { type FunctionRequest, send, type Sent } from './send.ts';

// What a runtime runs when the caller does not say: the artifact to where starts look for it, then the start itself.
const DEFAULT_ENTRYPOINT = 'ln -sf /tmp/code.* /mnt/code/ && exec bash helpers/start.sh "bash helpers/server.sh"';
const RUNTIME_PARAMETERS_MISSING = 'Runtime not found. Please start it first or provide runtime-related parameters.';

export interface ExecuteRequest extends Omit<RuntimeSpec, 'outputDirectory'>, FunctionRequest {}

export interface Execution extends Sent {
  logs: string;
  errors: string;
  /** Seconds. */
  duration: number;
  /** Seconds since the epoch. */
  startTime: number;
}

interface Execute {
  executor: Executor;
  request: ExecuteRequest;
  signal: AbortSignal;
  /** Of which its parts are parts. */
  span: Span;
}

export async function execute(execution: Execute): Promise<Execution> {
  const { executor, signal, span } = execution;
  const began = Date.now();
  const ticket = executor.admission.enter(signal);
  let status: number | undefined;
  try {
    const result = await untilReached({ ...execution, ticket });
    status = result.statusCode;
    span.set({ [STATUS_ATTRIBUTE]: status });
    return { ...result, startTime: began / 1000 };
  } finally {
    executor.admission.leave();
    executor.meter.executed({ via: 'execution', status, ms: Date.now() - began });
  }
}

type Outcome = Omit<Execution, 'startTime'>;
type Entered = Execute & { ticket: Ticket };

/** A runtime that had just ended, or is being restarted, is tried again, or the next one is, once: nothing was sent. */
async function untilReached(execution: Entered): Promise<Outcome> {
  for (let again = true; ; again = false) {
    const outcome = await attempt({ ...execution, again });
    if (outcome) return outcome;
  }
}

/** Undefined if nothing was sent and it may be tried `again`. */
async function attempt(execution: Entered & { again: boolean }): Promise<Outcome | undefined> {
  const { executor, request, again } = execution;
  const { runtime, created } = await find(execution);
  try {
    const waited = await listen({ ...execution, runtime, again: again && !created });
    if (waited === undefined) return undefined;
    const began = Date.now();
    const logId = newId();
    const sent = await sendWithin({ ...execution, runtime, logId });
    if ('unreached' in sent) return undefined;
    const folder = openWorkFolder({ root: folderOf(executor, runtime) }).at('logs');
    const { logs, errors } = await takeLogs({ folder, id: logId, wanted: request.logging });
    // How long this execution waited for the server that it had started counts as the function's own.
    const duration = ((created ? waited : 0) + Date.now() - began) / 1000;
    if ('answer' in sent) return { ...sent.answer, duration, logs, errors };
    // The function's process has ended: that is its result, and the caller learns how it came to it.
    return {
      statusCode: 500,
      headers: {},
      body: Buffer.alloc(0),
      duration,
      logs,
      errors: `${errors}${sent.failure}\n`,
    };
  } finally {
    release({ executor, runtime });
    // Whoever hears of an end finds nothing left of it, and the next execution a fresh one.
    if (runtime.ended.aborted) await discardRuntime({ executor, runtime, reason: 'it has ended' });
  }
}

/** The runtime with this execution in flight. */
async function find({ executor, request, ticket, span }: Entered): Promise<{ runtime: Runtime; created: boolean }> {
  const { tracer } = executor;
  const around = (start: () => Promise<unknown>) =>
    traced({ tracer, name: 'cold start', kind: 'internal', parent: span.traceparent }, start);
  try {
    return await acquire({ executor, id: request.runtimeId, ticket, spec: specOf(request), around });
  } catch (error) {
    if (!(error instanceof ExecutorError) || error.type !== 'runtime_not_found') throw error;
    throw new ExecutorError({ type: 'runtime_not_found', message: RUNTIME_PARAMETERS_MISSING });
  }
}

/** What replicas are started from, if the request says. */
function specOf(request: ExecuteRequest): RuntimeSpec | undefined {
  const { body: _body, path: _path, method: _method, headers: _headers, logging: _logging, ...spec } = request;
  if (spec.image === '' || spec.source === '') return undefined;
  return { ...spec, runtimeEntrypoint: spec.runtimeEntrypoint || DEFAULT_ENTRYPOINT, outputDirectory: '' };
}

/** Milliseconds that it took; undefined if the runtime has ended meanwhile and it may be tried `again`. */
async function listen({
  executor,
  runtime,
  span,
  again,
}: Execute & { runtime: Runtime; again: boolean }): Promise<number | undefined> {
  if (runtime.state.instance.listening) return 0;
  const { tracer } = executor;
  const began = Date.now();
  try {
    await traced({ tracer, name: 'readiness', kind: 'internal', parent: span.traceparent }, () =>
      untilListening({ executor, runtime }),
    );
    return Date.now() - began;
  } catch (error) {
    if (again && runtime.ended.aborted) return undefined;
    throw error;
  }
}

type Result = { answer: Sent } | { failure: string } | { unreached: true };

async function sendWithin({
  executor,
  runtime,
  request,
  logId,
  signal,
  span,
  again,
}: Execute & { runtime: Runtime; logId: string; again: boolean }): Promise<Result> {
  const { tracer, pools } = executor;
  const deadline = AbortSignal.timeout(request.timeout * 1000 + KILL_GRACE_MS);
  const since = Date.now();
  try {
    const limited = AbortSignal.any([signal, deadline, runtime.ended]);
    return await traced({ tracer, name: 'function', kind: 'client', parent: span.traceparent }, async (child) => {
      const headers = withTraceparent({ headers: request.headers, span: child });
      const pool = pools.of(runtime);
      return { answer: await send({ runtime, pool, request: { ...request, headers }, logId, signal: limited }) };
    });
  } catch (error) {
    if (!runtime.ended.aborted) {
      if (deadline.aborted) {
        await killRuntime({ executor, runtime });
        throw new ExecutorError({ type: 'execution_timeout', cause: error });
      }
      signal.throwIfAborted();
      if (error instanceof ExecutorError) throw error;
    }
    if (!again || !(error instanceof UnreachedError))
      return { failure: await explainBrokenConnection({ executor, runtime, error, since }) };
    await lookAfterUnreached({ executor, runtime });
    return { unreached: true };
  }
}
