// Creates a runtime: its place; an instance, that of a standby or a new one; then, for a build, the command and the
// artifact.

import { AdapterError } from '../../adapters/adapter.ts';
import { StorageError } from '../../storage/storage.ts';
import { type BuildRequest, type BuildResult, runBuild } from './build.ts';
import { storeBuildCache } from './build-cache.ts';
import { endedError, ExecutorError } from '../errors.ts';
import { type Executor, newRuntime, using } from '../executor.ts';
import type { OutputEntry } from './output.ts';
import { discardRuntime, untilNameIsFree } from '../stop/remove.ts';
import type { Runtime, RuntimeSpec } from '../runtimes/runtime.ts';
import { type Creation, startFromScratch } from '../start/scratch.ts';
import { claimStandby } from '../start/claim.ts';
import { shapeOf } from '../standby/shape.ts';

export interface CreateRequest extends RuntimeSpec {
  destination: string;
  command: string;
  cacheKey: string;
  /** Seconds that the command may take. */
  timeout: number;
  remove: boolean;
}

/** What the caller is told; the times in seconds. */
export interface Created {
  size?: number;
  path?: string;
  output: OutputEntry[];
  startTime: number;
  duration: number;
}

interface Create {
  executor: Executor;
  request: CreateRequest;
  /** Whether there may be others with the same id. */
  kind?: 'first' | 'more';
  signal: AbortSignal;
}

/** Creates a runtime. Whatever fails, nothing of it is left; the error says what failed. */
export async function createRuntime({ executor, request, kind = 'first', signal }: Create): Promise<Created> {
  const startTime = Date.now();
  const runtime = newRuntime({ executor, id: request.runtimeId, image: request.image, version: request.version });
  runtime.concurrency = request.concurrency;
  if (request.concurrency > 0 && request.command === '') runtime.spec = request;
  if (kind === 'first') executor.registry.add(runtime);
  else executor.registry.join(runtime);
  const creation = { executor, runtime, request, signal: AbortSignal.any([signal, runtime.ended.signal]) };
  // Whoever waits for this start is told the same as whoever asked for it.
  const work = using(runtime, () => createWhole(creation)).catch((error: unknown) => {
    throw signal.aborted && error === signal.reason
      ? endedError({ reason: new Error('the caller who created it has left'), cause: error })
      : explain({ error, runtime });
  });
  // For a build, the runtime is there when its command has ended.
  runtime.pending = work.then(() => undefined);
  runtime.pending.catch(() => {});
  try {
    const result = await work;
    runtime.pending = undefined;
    executor.line.all(runtime.id);
    if (request.remove) await discardRuntime({ executor, runtime, reason: 'it was to be removed after its command' });
    return { ...result, startTime: startTime / 1000, duration: (Date.now() - startTime) / 1000 };
  } catch (error) {
    const removed = discardRuntime({ executor, runtime, reason: 'it could not be created' });
    // Others may still have an instance to wait for.
    const sendAway =
      executor.registry.instances(runtime.id).length === 0 ? executor.line.withdraw(runtime.id) : undefined;
    await removed;
    sendAway?.(error);
    throw error;
  }
}

/** For a build, its command and artifact follow. */
async function createWhole({
  executor,
  runtime,
  request,
  signal,
}: Creation): Promise<Pick<Created, 'size' | 'path' | 'output'>> {
  executor.places.set(runtime, await executor.capacity.enter({ signal }));
  await untilNameIsFree({ executor, name: runtime.name });
  const began = Date.now();
  if (await fromStandby({ executor, runtime, request, signal })) return { output: [] };
  const { folder, notes } = await startFromScratch({ executor, runtime, request, signal });
  executor.meter.started({ kind: 'scratch', ms: Date.now() - began });
  if (runtime.ended.signal.aborted) throw runtime.ended.signal.reason;
  if (request.command === '') return { output: [] };
  const built = await build({ executor, runtime, request, folder, signal });
  notes.push(...(await storeBuildCache({ executor, cacheKey: request.cacheKey, folder, signal })));
  return {
    ...built,
    output: [...notes, ...built.output].toSorted((a, b) =>
      a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0,
    ),
  };
}

async function build(request: BuildRequest): Promise<BuildResult> {
  const began = Date.now();
  let ok = false;
  try {
    const built = await runBuild(request);
    ok = true;
    return built;
  } finally {
    request.executor.meter.built({ ok, ms: Date.now() - began });
  }
}

async function fromStandby({ executor, runtime, request, signal }: Creation): Promise<boolean> {
  const shape = shapeOf(request);
  const standby = shape && executor.standby.take(shape);
  if (!standby) return false;
  const began = Date.now();
  const claimed = await claimStandby({ executor, runtime, request, standby, signal });
  if (claimed) executor.meter.started({ kind: standby.listens ? 'warm-standby' : 'standby', ms: Date.now() - began });
  return claimed;
}

/** What callers can act on gets a type and words of its own. */
function explain({ error, runtime }: { error: unknown; runtime: Runtime }): unknown {
  if (error instanceof StorageError) {
    return new ExecutorError({
      type: 'runtime_failed',
      message: `Runtime failed. Its source could not be fetched or its artifact not be stored: ${error.message}`,
      cause: error,
    });
  }
  if (error instanceof AdapterError)
    return new ExecutorError({ type: 'runtime_failed', message: `Runtime failed. ${error.message}`, cause: error });
  if (error === runtime.ended.signal.reason) return endedError({ reason: error, cause: error });
  return error;
}
