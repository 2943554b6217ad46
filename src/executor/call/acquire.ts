// Finds a replica with room for a call, and has more of them started when those that there are do not do.

import type { Ticket } from '../admission/queue.ts';
import { ExecutorError } from '../errors.ts';
import type { Executor } from '../executor.ts';
import type { Runtime, RuntimeSpec } from '../runtimes/runtime.ts';
import { startRuntime } from '../start/start.ts';

export interface Acquisition {
  executor: Executor;
  /** Of the function. */
  id: string;
  ticket: Ticket;
  /** What replicas are started from; undefined: what is known of the function, if anything is. */
  spec?: RuntimeSpec | undefined;
  /** How a start that this call asks for is made; by default just so. */
  around?: (start: () => Promise<unknown>) => Promise<unknown>;
}

/** A replica with room for a call, which counts as in flight until it is released; at once or not at all. */
export function takeRoom({ executor, id }: Pick<Acquisition, 'executor' | 'id'>): Runtime | undefined {
  const replicas = executor.registry.replicas(id);
  if (isFull({ executor, id })) return undefined;
  const runtime = replicas.find(hasRoom);
  if (runtime) runtime.inFlight += 1;
  return runtime;
}

/**
 * Waits for room. `created` tells whether this call had a replica started. Throws `runtime_not_found`,
 * `runtime_capacity`, and why none starts.
 */
export async function acquire({
  executor,
  id,
  ticket,
  spec,
  around = (start) => start(),
}: Acquisition): Promise<{ runtime: Runtime; created: boolean }> {
  const { registry, admission, settings } = executor;
  /** Resolves with why the start that this call asked for has failed, if it has. */
  let start: Promise<unknown> | undefined;
  for (;;) {
    for (const runtime of registry.replicas(id)) if (spec?.concurrency) runtime.concurrency = spec.concurrency;
    const runtime = takeRoom({ executor, id });
    if (runtime) return { runtime, created: start !== undefined };
    const replicas = registry.replicas(id);
    const known = spec ?? replicas[0]?.spec;
    // One start for each call at most, so that what keeps failing is not tried for ever.
    if (replicas.length === 0 && (!known || start))
      throw (await start) ?? new ExecutorError({ type: 'runtime_not_found' });
    const busy = replicas.some(({ state }) => state.is === 'serving');
    if (busy && admission.calls.length(id) >= settings.queueSize) throw ticket.refusal();
    if (known && !start && (replicas.length === 0 || needsMore({ executor, id }))) {
      const request = { executor, spec: known, ticket: unattended(ticket), replica: replicas.length > 0 };
      // Whoever waits is told how it ends, this call too.
      start = around(() => startRuntime(request)).then(
        () => undefined,
        (error: unknown) => error,
      );
    }
    const reason = isFull({ executor, id }) ? 'function' : busy ? 'replica' : 'cold-start';
    // A start has limits of its own.
    await admission.calls.wait({ id, ticket, reason, beyondDeadline: !busy });
  }
}

export function release({ executor, runtime }: { executor: Executor; runtime: Runtime }): void {
  runtime.inFlight -= 1;
  runtime.updated = Date.now();
  executor.admission.calls.next(runtime.id);
}

const NEVER = new AbortController().signal;

/** Others may wait for a start, so that it goes on even if the caller who asked for it leaves. */
function unattended(ticket: Ticket): Ticket {
  return { ...ticket, signal: NEVER };
}

function isFull({ executor: { registry, settings }, id }: Pick<Acquisition, 'executor' | 'id'>): boolean {
  let underWay = 0;
  for (const { inFlight } of registry.replicas(id)) underWay += inFlight;
  return underWay >= settings.maxFunctionCalls;
}

function hasRoom({ state, concurrency, inFlight }: Runtime): boolean {
  return state.is === 'serving' && (concurrency === 0 || inFlight < concurrency);
}

/**
 * Whether more calls wait than those that are being started will take; without a free place, calls wait for each other.
 */
function needsMore({ executor: { registry, admission }, id }: Pick<Acquisition, 'executor' | 'id'>): boolean {
  const replicas = registry.replicas(id);
  const coming = replicas
    .filter(({ state }) => state.is === 'starting')
    .reduce((sum, { concurrency }) => sum + (concurrency || Number.POSITIVE_INFINITY), 0);
  const limited = replicas.every(({ concurrency }) => concurrency > 0);
  return limited && admission.calls.length(id) >= coming && admission.capacity.free > 0;
}
