// Ends a runtime and takes away all that is its own: instance, folder, entry, place.

import { setTimeout as pause } from 'node:timers/promises';
import { type Executor, folderOf } from '../executor.ts';
import { removeWorkFolder } from '../files/work-folder.ts';
import type { EndCause, Runtime } from '../runtimes/runtime.ts';
import { hasServed, instanceName, transition } from '../runtimes/state.ts';

const POLL_MS = 10;

/** What a function may take beyond its time before its instance is ended. */
export const KILL_GRACE_MS = 250;

export interface Removal extends Partial<Pick<EndCause, 'by' | 'exit'>> {
  executor: Executor;
  runtime: Runtime;
  /** What callers who still wait for it are told. */
  reason: string;
  /** How long what is in flight may go on. */
  graceMs?: number;
  /** How long those whose work has ended with it may take to collect their logs. */
  settleMs?: number;
}

/** Safe to call twice, also after another runtime of that name has begun: whoever asks waits for the one removal. */
export async function removeRuntime(removal: Removal): Promise<void> {
  const { executor, runtime } = removal;
  const { registry, removals } = executor;
  registry.remove(runtime);
  if (runtime.state.is === 'gone') return;
  const removing = removals.get(runtime) ?? remove(removal).finally(() => removals.delete(runtime));
  removals.set(runtime, removing);
  await removing;
}

/**
 * For those who have something else to say to their caller. What cannot be removed now is tried again by the
 * maintenance.
 */
export async function discardRuntime(removal: Removal): Promise<void> {
  try {
    await removeRuntime(removal);
  } catch (error) {
    const { executor, runtime } = removal;
    executor.log.warn({ runtime: runtime.id, error }, 'a runtime could not be removed; it will be tried again');
  }
}

/** Waits until an earlier runtime of that name is gone. Throws what keeps it from being removed. */
export async function untilNameIsFree({ executor, runtime }: { executor: Executor; runtime: Runtime }): Promise<void> {
  for (const holder of executor.registry.leaving()) {
    if (holder.name !== runtime.name || holder === runtime) continue;
    await executor.removals.get(holder)?.catch(() => {});
    await removeRuntime({ executor, runtime: holder, reason: 'another one takes its name' });
  }
}

async function remove(removal: Removal): Promise<void> {
  const { executor, runtime, reason, by = 'removal', exit, graceMs = 0, settleMs = 0 } = removal;
  const { registry, admission, adapter, places } = executor;
  // Who waits for room in this one looks for another, unless all that is known is that it could not be started.
  if (hasServed(runtime.state)) admission.calls.all(runtime.id);
  transition(runtime, { type: 'draining' });
  await untilIdle({ runtime, limitMs: graceMs });
  transition(runtime, { type: 'ended', cause: { reason: new Error(reason), by, exit } });
  // What is being started can be stopped when it has started.
  await runtime.started.catch(() => {});
  try {
    await adapter.stop({ name: await instanceName(runtime), graceMs: 0 });
    await untilIdle({ runtime, limitMs: settleMs });
    await removeWorkFolder({ root: folderOf(executor, runtime) });
    transition(runtime, { type: 'removed' });
    // Its name is free for another one.
    registry.forget(runtime);
  } finally {
    places.get(runtime)?.();
    places.delete(runtime);
  }
}

/** Nothing new reaches a runtime that has no entry any more, so this ends. */
async function untilIdle({ runtime, limitMs }: { runtime: Runtime; limitMs: number }): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (runtime.inFlight > 0 && Date.now() < deadline) await pause(POLL_MS);
}

/** Removes all replicas of a function. */
export async function removeFunction({ executor, id, ...removal }: Omit<Removal, 'runtime'> & { id: string }) {
  const replicas = executor.registry.replicas(id);
  await Promise.all(replicas.map((runtime) => removeRuntime({ executor, runtime, ...removal })));
}

/** Ends an instance at once, because a function in it took more than its time; the runtime goes with it. */
export async function killRuntime({ executor, runtime }: { executor: Executor; runtime: Runtime }): Promise<void> {
  await discardRuntime({ executor, runtime, by: 'limit', reason: 'another execution in it did not end in time' });
}
