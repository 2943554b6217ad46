// One execution: finds or starts the runtime, sends the request, collects the answer and the logs.

import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createRuntime } from './create.ts';
import { ExecutorError } from './errors.ts';
import { type Executor, folderOf, using } from './executor.ts';
import { takeLogs } from './execution-logs.ts';
import { untilListening } from './listening.ts';
import { killRuntime, removeRuntime } from './remove.ts';
import type { Runtime, RuntimeSpec } from './runtime.ts';
import { send, type Sent } from './send.ts';
import { openWorkFolder } from './work-folder.ts';

const KILL_GRACE_MS = 250;
const EXIT_REPORT_MS = 1_000;
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

export async function execute({ executor, request, signal }: { executor: Executor; request: ExecuteRequest; signal: AbortSignal }): Promise<Execution> {
  const startTime = Date.now() / 1000;
  const { runtime, startedMs } = await ready({ executor, request, signal });
  const execution = await using(runtime, async () => {
    const began = Date.now();
    const logId = randomBytes(10).toString('hex');
    const sent = await sendWithin({ executor, runtime, request, logId, signal });
    const { logs, errors } = await takeLogs({ folder: openWorkFolder({ root: folderOf(executor, runtime) }).at('logs'), id: logId, wanted: request.logging });
    const common = { duration: (startedMs + Date.now() - began) / 1000, startTime, logs };
    if ('answer' in sent) return { ...sent.answer, ...common, errors };
    // The function's process has ended: that is its result, and the caller learns how it came to it.
    return { ...common, statusCode: 500, headers: {}, body: Buffer.alloc(0), errors: `${errors}${sent.died}\n` };
  });
  // The next execution finds a fresh one.
  if (runtime.ended.signal.aborted) await removeRuntime({ executor, runtime, reason: 'it has ended' });
  return execution;
}

/** The runtime, up and listening; how long this execution waited for its server counts as the function's own. */
async function ready({ executor, request, signal }: { executor: Executor; request: ExecuteRequest; signal: AbortSignal }): Promise<{ runtime: Runtime; startedMs: number }> {
  for (let attempt = 0; ; attempt += 1) {
    const { runtime, created } = await findOrCreate({ executor, request, signal });
    const began = Date.now();
    try {
      await using(runtime, () => untilListening({ executor, runtime }));
      return { runtime, startedMs: created ? Date.now() - began : 0 };
    } catch (error) {
      // A runtime that was there and has ended meanwhile may be started anew, once: nothing has been sent to it.
      if (created || attempt > 0 || !runtime.ended.signal.aborted) throw error;
    }
  }
}

async function findOrCreate({ executor, request, signal }: { executor: Executor; request: ExecuteRequest; signal: AbortSignal }): Promise<{ runtime: Runtime; created: boolean }> {
  const { registry } = executor;
  const present = registry.get(request.runtimeId);
  if (present) {
    await present.pending;
    return { runtime: present, created: false };
  }
  if (request.image === '' || request.source === '') throw new ExecutorError({ type: 'runtime_not_found', message: RUNTIME_PARAMETERS_MISSING });
  const runtimeEntrypoint = request.runtimeEntrypoint || DEFAULT_ENTRYPOINT;
  const creation = { ...request, runtimeEntrypoint, outputDirectory: '', destination: '', command: '', cacheKey: '', timeout: 0, remove: false };
  // Others may wait for this start, so it goes on even if this caller leaves.
  await createRuntime({ executor, request: creation, signal: new AbortController().signal });
  signal.throwIfAborted();
  return { runtime: await registry.require(request.runtimeId), created: true };
}

type Outcome = { answer: Sent } | { died: string };

async function sendWithin({ executor, runtime, request, logId, signal }: { executor: Executor; runtime: Runtime; request: ExecuteRequest; logId: string; signal: AbortSignal }): Promise<Outcome> {
  const deadline = AbortSignal.timeout(request.timeout * 1000 + KILL_GRACE_MS);
  try {
    return { answer: await send({ runtime, request, logId, signal: AbortSignal.any([signal, deadline, runtime.ended.signal]) }) };
  } catch (error) {
    if (runtime.ended.signal.aborted) return { died: whyEnded(runtime) };
    if (deadline.aborted) {
      await killRuntime({ executor, runtime, reason: 'another execution in it did not end in time' });
      throw new ExecutorError({ type: 'execution_timeout', cause: error });
    }
    signal.throwIfAborted();
    if (error instanceof ExecutorError) throw error;
    return { died: await explainBrokenConnection({ executor, runtime, error }) };
  }
}

/** The connection usually breaks a moment before the orchestrator reports the end of the process. */
async function explainBrokenConnection({ executor, runtime, error }: { executor: Executor; runtime: Runtime; error: unknown }): Promise<string> {
  await pause(EXIT_REPORT_MS, undefined, { signal: runtime.ended.signal }).catch(() => {});
  if (runtime.ended.signal.aborted) return whyEnded(runtime);
  const instance = await executor.adapter.inspect({ name: runtime.name });
  if (instance?.state === 'exited' || instance === undefined) {
    runtime.exit ??= instance?.exit;
    runtime.ended.abort(new Error('it has ended'));
    return whyEnded(runtime);
  }
  executor.log.warn({ runtime: runtime.id, error }, 'a runtime broke a connection');
  return `The runtime closed the connection without an answer (${error instanceof Error ? error.message : String(error)}).`;
}

function whyEnded({ exit, killed }: Runtime): string {
  if (killed !== undefined) return `The runtime was ended because ${killed}.`;
  if (exit?.outOfMemory) return 'The runtime ran out of memory and was ended.';
  return exit === undefined ? 'The runtime has ended.' : `The runtime has ended with exit code ${exit.code}.`;
}
