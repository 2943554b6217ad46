// Starts a runtime: its place among all, then an instance, that of a standby or a new one.

import { randomBytes } from 'node:crypto';
import { AdapterError } from '../../adapters/adapter.ts';
import { StorageError } from '../../storage/storage.ts';
import type { Ticket } from '../admission/queue.ts';
import { endedError, ExecutorError } from '../errors.ts';
import type { Executor } from '../executor.ts';
import { deriveSecret, freeName } from '../runtimes/identity.ts';
import { type Runtime, type RuntimeSpec, using } from '../runtimes/runtime.ts';
import { createRuntime, transition } from '../runtimes/state.ts';
import { hasShape, shapeOf } from '../standby/shape.ts';
import { discardRuntime, untilNameIsFree } from '../stop/remove.ts';
import { unlessAborted } from './image.ts';
import { leaseStandby } from './lease.ts';
import { type Setup, startFromScratch } from './scratch.ts';

interface StartRequest<T> {
  executor: Executor;
  spec: RuntimeSpec;
  ticket: Ticket;
  /** Whether there may be others with the same id. */
  replica?: boolean;
  /** What is done with the instance before the runtime serves; one that has work never was a standby. */
  work?: Work<T> | undefined;
}

export interface Work<T> extends Setup {
  perform(site: { runtime: Runtime; signal: AbortSignal }): Promise<T>;
}

/** Starts a runtime. Whatever fails, nothing of it is left; the error says what failed. */
export async function startRuntime<T = undefined>(request: StartRequest<T>): Promise<{ runtime: Runtime; result?: T }> {
  const { executor, ticket, replica = false } = request;
  const { promise: started, resolve, reject } = Promise.withResolvers<void>();
  started.catch(() => {});
  const runtime = plan({ ...request, started });
  executor.registry.add(runtime, { replica });
  try {
    const result = await using(runtime, () => bring({ ...request, runtime }));
    if (runtime.state.is !== 'starting') throw runtime.ended.reason ?? new Error('it is to be removed');
    transition(runtime, { type: 'started' });
    resolve();
    executor.admission.calls.all(runtime.id);
    return { runtime, ...(result !== undefined && { result }) };
  } catch (cause) {
    const error = explain({ cause, runtime, ticket });
    // Whoever waits for this start is told the same as whoever asked for it.
    reject(error);
    const removed = discardRuntime({ executor, runtime, reason: 'it could not be created' });
    const sendAway = othersWhoWait({ executor, runtime, error });
    await removed;
    sendAway(error);
    throw error;
  }
}

function plan<T>({ executor, spec, work, started }: StartRequest<T> & { started: Promise<void> }): Runtime {
  const { settings, registry } = executor;
  const id = spec.runtimeId;
  const taken = new Set(registry.replicas(id).map((runtime) => runtime.name));
  const name = freeName({ executor: settings.name, id, taken });
  const hostname = randomBytes(16).toString('hex');
  return createRuntime({
    id,
    name,
    image: spec.image,
    version: spec.version,
    created: Date.now(),
    spec: spec.concurrency > 0 && !work ? spec : undefined,
    concurrency: spec.concurrency,
    instance: { hostname, secret: deriveSecret({ secret: settings.secret, name, hostname }) },
    started,
  });
}

async function bring<T>({
  executor,
  runtime,
  spec,
  ticket,
  work,
}: StartRequest<T> & { runtime: Runtime }): Promise<T | undefined> {
  const signal = AbortSignal.any([ticket.signal, runtime.ended]);
  const abortable = { ...ticket, signal };
  executor.places.set(runtime, await executor.admission.capacity.take(abortable));
  await untilNameIsFree({ executor, runtime });
  const began = Date.now();
  if (!work && (await fromStandby({ executor, runtime, spec, signal }))) return undefined;
  await startFromScratch({ executor, runtime, spec, ticket: abortable, setup: work });
  executor.meter.started({ kind: 'scratch', ms: Date.now() - began });
  runtime.ended.throwIfAborted();
  return work?.perform({ runtime, signal });
}

async function fromStandby({
  executor,
  runtime,
  spec,
  signal,
}: Pick<StartRequest<never>, 'executor' | 'spec'> & { runtime: Runtime; signal: AbortSignal }): Promise<boolean> {
  if (!hasShape(spec)) return false;
  const fresh = await needsNewProcess({ executor, spec, signal });
  const standby = executor.standby.take(shapeOf({ spec, fresh }));
  if (!standby) return false;
  const began = Date.now();
  const leased = await leaseStandby({ executor, runtime, spec, standby, signal });
  const kind = standby.listens ? 'warm-standby' : 'standby';
  if (leased) executor.meter.started({ kind, ms: Date.now() - began });
  return leased;
}

/** Where the image cannot be asked, starting it tells why. */
async function needsNewProcess({
  executor,
  spec: { image, variables },
  signal,
}: Pick<StartRequest<never>, 'executor' | 'spec'> & { signal: AbortSignal }): Promise<boolean> {
  const names = Object.keys(variables);
  if (names.length === 0) return false;
  const asked = executor.imageVariables(image).catch(() => undefined);
  return (await unlessAborted({ action: asked, signal }))?.callForNewProcess(names) ?? true;
}

/** Others may still have a replica to wait for, and who only came too late for a place leaves the next one to try. */
function othersWhoWait({
  executor: { registry, admission },
  runtime: { id },
  error,
}: {
  executor: Executor;
  runtime: Runtime;
  error: unknown;
}): (error: unknown) => void {
  if (registry.replicas(id).length > 0) return () => {};
  if (error instanceof ExecutorError && error.type === 'runtime_capacity') return () => admission.calls.all(id);
  return admission.calls.withdraw(id);
}

/** What callers can act on gets a type and words of its own. */
function explain({ cause, runtime, ticket }: { cause: unknown; runtime: Runtime; ticket: Ticket }): unknown {
  if (cause instanceof ExecutorError) return cause;
  if (ticket.signal.aborted && cause === ticket.signal.reason)
    return endedError({ reason: new Error('the caller who created it has left'), cause });
  if (cause instanceof StorageError) {
    const message = `Its source could not be fetched or its artifact not be stored: ${cause.message}`;
    return new ExecutorError({ type: 'runtime_failed', message: `Runtime failed. ${message}`, cause });
  }
  if (cause instanceof AdapterError)
    return new ExecutorError({ type: 'runtime_failed', message: `Runtime failed. ${cause.message}`, cause });
  return cause === runtime.ended.reason ? endedError({ reason: cause, cause }) : cause;
}
