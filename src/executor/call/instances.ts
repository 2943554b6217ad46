// The instances of a function: finds one with room for a call, has more of them started when those that there are do
// not do.

import { ExecutorError } from '../errors.ts';
import type { Executor } from '../executor.ts';
import type { Runtime } from '../runtimes/runtime.ts';

export interface Acquisition {
  executor: Executor;
  /** Of the function. */
  id: string;
  /** How many calls an instance takes at once; 0: what is known of the function. */
  concurrency?: number;
  /** Starts an instance, the first one or one more; undefined: nobody knows how. */
  start?: ((kind: 'first' | 'more') => Promise<unknown>) | undefined;
  signal: AbortSignal;
}

/** An instance with room for a call, which counts as in flight until it is released; at once or not at all. */
export function takeRoom({ executor, id }: Pick<Acquisition, 'executor' | 'id'>): Runtime | undefined {
  const runtime = executor.registry.instances(id).find(hasRoom);
  if (runtime) runtime.inFlight += 1;
  return runtime;
}

/**
 * Waits for room. `created` tells whether this call had it started. Throws `runtime_not_found`, `runtime_capacity`, and
 * why none starts.
 */
export async function acquire({
  executor,
  id,
  concurrency = 0,
  start,
  signal,
}: Acquisition): Promise<{ runtime: Runtime; created: boolean }> {
  const { registry, line, settings } = executor;
  const deadline = Date.now() + settings.queueTimeoutMs;
  const full = () =>
    new ExecutorError({ type: 'runtime_capacity', retryAfter: Math.max(1, Math.ceil(settings.queueTimeoutMs / 1000)) });
  for (let created = false; ;) {
    if (concurrency > 0) for (const runtime of registry.instances(id)) runtime.concurrency = concurrency;
    const runtime = takeRoom({ executor, id });
    if (runtime) return { runtime, created };
    const present = registry.instances(id);
    if (present.length === 0 && (!start || created)) throw new ExecutorError({ type: 'runtime_not_found' });
    // A start has limits of its own; those who wait for others to finish have these.
    const crowded = present.some(({ pending }) => !pending);
    if (crowded && line.length(id) >= settings.queueSize) throw full();
    // One start for each call at most, so that what keeps failing is not tried for ever.
    if (start && !created && (present.length === 0 || needsMore({ executor, id }))) {
      created = true;
      // Whoever waits is told how it ends, this call too.
      void start(present.length === 0 ? 'first' : 'more').catch(() => {});
    }
    await line.wait({ id, signal, limitMs: crowded ? Math.max(0, deadline - Date.now()) : undefined, full });
  }
}

export function release({ executor, runtime }: { executor: Executor; runtime: Runtime }): void {
  runtime.inFlight -= 1;
  runtime.updated = Date.now();
  executor.line.next(runtime.id);
}

function hasRoom({ pending, ended, concurrency, inFlight }: Runtime): boolean {
  return !pending && !ended.signal.aborted && (concurrency === 0 || inFlight < concurrency);
}

/**
 * Whether more calls wait than those that are being started will take; without a free place, calls wait for each other
 * instead.
 */
function needsMore({ executor: { registry, line, capacity }, id }: Pick<Acquisition, 'executor' | 'id'>): boolean {
  const present = registry.instances(id);
  const coming = present
    .filter(({ pending }) => pending)
    .reduce((sum, { concurrency }) => sum + (concurrency || Number.POSITIVE_INFINITY), 0);
  return line.length(id) >= coming && capacity.free > 0 && present.every(({ concurrency }) => concurrency > 0);
}
