// One execution: finds or starts the runtime, sends the request, collects the answer and the logs.

import { createRuntime } from '../build/create.ts';
import { explainBrokenConnection, isUnreached } from './died.ts';
import { ExecutorError } from '../errors.ts';
import { type Executor, folderOf } from '../executor.ts';
import { takeLogs } from './execution-logs.ts';
import { newId } from '../../lib/ids.ts';
import { type Acquisition, acquire, release } from './instances.ts';
import { untilListening } from '../start/listening.ts';
import { starterOfMore } from './more.ts';
import { type Span, STATUS_ATTRIBUTE, traced, withTraceparent } from '../observe/tracer.ts';
import { discardRuntime, KILL_GRACE_MS, killRuntime } from '../stop/remove.ts';
import type { Runtime, RuntimeSpec } from '../runtimes/runtime.ts';
import { send, type Sent } from './send.ts';
import { openWorkFolder } from '../files/work-folder.ts';

// What a runtime runs when the caller does not say: the artifact to where starts look for it, then the start itself.
const DEFAULT_ENTRYPOINT = 'ln -sf /tmp/code.* /mnt/code/ && exec bash helpers/start.sh "bash helpers/server.sh"';
const RUNTIME_PARAMETERS_MISSING = 'Runtime not found. Please start it first or provide runtime-related parameters.';

export interface ExecuteRequest extends Omit<RuntimeSpec, 'outputDirectory'> {
  body: Buffer;
  path: string;
  method: string;
  headers: Record<string, string>;
  /** Seconds that the function may take. */
  timeout: number;
  logging: boolean;
}

export interface Execution {
  statusCode: number;
  /** Names in lower case. */
  headers: Record<string, string | string[]>;
  body: Buffer;
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
  const began = Date.now();
  let status: number | undefined;
  try {
    const result = await executeWhole(execution);
    status = result.statusCode;
    execution.span.set({ [STATUS_ATTRIBUTE]: status });
    return result;
  } finally {
    execution.executor.meter.executed({ via: 'execution', status, ms: Date.now() - began });
  }
}

async function executeWhole({ executor, request, signal, span }: Execute): Promise<Execution> {
  const startTime = Date.now() / 1000;
  for (let attempt = 0; ; attempt += 1) {
    const { runtime, startedMs } = await ready({ executor, request, signal, span });
    try {
      const began = Date.now();
      const logId = newId();
      const sent = await sendWithin({ executor, runtime, request, logId, signal, span });
      // It had just ended or is being restarted, and nothing was sent to it.
      if ('unreached' in sent && attempt === 0) continue;
      const { logs, errors } = await takeLogs({
        folder: openWorkFolder({ root: folderOf(executor, runtime) }).at('logs'),
        id: logId,
        wanted: request.logging,
      });
      const common = { duration: (startedMs + Date.now() - began) / 1000, startTime, logs };
      if ('answer' in sent) return { ...sent.answer, ...common, errors };
      // The function's process has ended: that is its result, and the caller learns how it came to it.
      return { ...common, statusCode: 500, headers: {}, body: Buffer.alloc(0), errors: `${errors}${sent.died}\n` };
    } finally {
      release({ executor, runtime });
      // The next execution finds a fresh one.
      if (runtime.ended.signal.aborted) await discardRuntime({ executor, runtime, reason: 'it has ended' });
    }
  }
}

/**
 * The runtime, up and listening, with this execution in flight; how long this execution waited for its server counts as
 * the function's own.
 */
async function ready({ executor, request, signal, span }: Execute): Promise<{ runtime: Runtime; startedMs: number }> {
  for (let attempt = 0; ; attempt += 1) {
    const { runtime, created } = await findOrCreate({ executor, request, signal, span });
    const began = Date.now();
    try {
      if (!runtime.listening)
        await traced({ tracer: executor.tracer, name: 'listen', kind: 'internal', parent: span.traceparent }, () =>
          untilListening({ executor, runtime }),
        );
      return { runtime, startedMs: created ? Date.now() - began : 0 };
    } catch (error) {
      release({ executor, runtime });
      // Whoever hears of a failure finds nothing left of it.
      if (runtime.ended.signal.aborted) await discardRuntime({ executor, runtime, reason: 'it has ended' });
      // A runtime that was there and has ended meanwhile may be started anew, once: nothing has been sent to it.
      if (created || attempt > 0 || !runtime.ended.signal.aborted) throw error;
    }
  }
}

/** The runtime with this execution in flight. */
async function findOrCreate({
  executor,
  request,
  signal,
  span,
}: Execute): Promise<{ runtime: Runtime; created: boolean }> {
  const { runtimeId: id, concurrency } = request;
  try {
    return await acquire({ executor, id, concurrency, start: starter({ executor, request, signal, span }), signal });
  } catch (error) {
    throw error instanceof ExecutorError && error.type === 'runtime_not_found'
      ? new ExecutorError({ type: 'runtime_not_found', message: RUNTIME_PARAMETERS_MISSING })
      : error;
  }
}

/** How instances are started, if the request says what of or it is known. */
function starter({ executor, request, span }: Execute): Acquisition['start'] {
  const { body: _body, path: _path, method: _method, headers: _headers, logging: _logging, ...spec } = request;
  if (spec.image === '' || spec.source === '') return starterOfMore({ executor, id: spec.runtimeId });
  const runtimeEntrypoint = spec.runtimeEntrypoint || DEFAULT_ENTRYPOINT;
  const creation = {
    ...spec,
    runtimeEntrypoint,
    outputDirectory: '',
    destination: '',
    command: '',
    cacheKey: '',
    timeout: 0,
    remove: false,
  };
  // Others may wait for this start, so it goes on even if this caller leaves.
  return (kind) =>
    traced({ tracer: executor.tracer, name: 'start', kind: 'internal', parent: span.traceparent }, () =>
      createRuntime({ executor, request: creation, kind, signal: new AbortController().signal }),
    );
}

type Outcome = { answer: Sent } | { died: string; unreached?: true };

async function sendWithin({
  executor,
  runtime,
  request,
  logId,
  signal,
  span,
}: Execute & { runtime: Runtime; logId: string }): Promise<Outcome> {
  const deadline = AbortSignal.timeout(request.timeout * 1000 + KILL_GRACE_MS);
  try {
    const limited = AbortSignal.any([signal, deadline, runtime.ended.signal]);
    return await traced(
      { tracer: executor.tracer, name: 'function', kind: 'client', parent: span.traceparent },
      async (child) => {
        const headers = withTraceparent({ headers: request.headers, span: child });
        return { answer: await send({ runtime, request: { ...request, headers }, logId, signal: limited }) };
      },
    );
  } catch (error) {
    if (!runtime.ended.signal.aborted) {
      if (deadline.aborted) {
        await killRuntime({ executor, runtime });
        throw new ExecutorError({ type: 'execution_timeout', cause: error });
      }
      signal.throwIfAborted();
      if (error instanceof ExecutorError) throw error;
    }
    const died = await explainBrokenConnection({ executor, runtime, error });
    if (!isUnreached(error)) return { died };
    runtime.listening = false;
    return { died, unreached: true };
  }
}
