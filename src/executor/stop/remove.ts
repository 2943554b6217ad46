// Ends a runtime and takes away all that is its own: instance, folder, entry, place.

import { setTimeout as pause } from 'node:timers/promises';
import { type Executor, folderOf } from '../executor.ts';
import { instanceOf, type Runtime } from '../runtimes/runtime.ts';
import { removeWorkFolder } from '../files/work-folder.ts';

const POLL_MS = 10;

/** What a function may take beyond its time before its instance is ended. */
export const KILL_GRACE_MS = 250;

export interface Removal {
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
  executor.registry.remove(runtime);
  // Who waits for room in this one looks for another, unless all that is known is that it could not be started.
  if (!runtime.pending) executor.line.all(runtime.id);
  runtime.removal ??= leave(removal).catch((error: unknown) => {
    runtime.removal = undefined;
    executor.unremoved.set(runtime.name, runtime);
    throw error;
  });
  await runtime.removal;
}

/**
 * For those who have something else to say to their caller. What cannot be removed now is tried again by the
 * maintenance.
 */
export async function discardRuntime(removal: Removal): Promise<void> {
  try {
    await removeRuntime(removal);
  } catch (error) {
    removal.executor.log.warn(
      { runtime: removal.runtime.id, error },
      'a runtime could not be removed; it will be tried again',
    );
  }
}

/** Waits until an earlier runtime of that name is gone. Throws what keeps it from being removed. */
export async function untilNameIsFree({ executor, name }: { executor: Executor; name: string }): Promise<void> {
  await executor.leaving.get(name)?.catch(() => {});
  const runtime = executor.unremoved.get(name);
  if (runtime) await removeRuntime({ executor, runtime, reason: 'another one takes its name' });
}

/** Its name is free for another one when this is over. */
async function leave(removal: Removal): Promise<void> {
  const { leaving } = removal.executor;
  const { name } = removal.runtime;
  const removed = remove(removal);
  leaving.set(name, removed);
  try {
    await removed;
  } finally {
    if (leaving.get(name) === removed) leaving.delete(name);
  }
}

async function remove({ executor, runtime, reason, graceMs = 0, settleMs = 0 }: Removal): Promise<void> {
  await untilIdle({ runtime, limitMs: graceMs });
  if (!runtime.ended.signal.aborted) runtime.ended.abort(new Error(reason));
  // What is being started can be stopped when it has started.
  await runtime.pending?.catch(() => {});
  try {
    await executor.adapter.stop({ name: await instanceOf(runtime), graceMs: 0 });
    await untilIdle({ runtime, limitMs: settleMs });
    await removeWorkFolder({ root: folderOf(executor, runtime) });
    if (executor.unremoved.get(runtime.name) === runtime) executor.unremoved.delete(runtime.name);
  } finally {
    executor.places.get(runtime)?.();
    executor.places.delete(runtime);
  }
}

/** Nothing new reaches a runtime that has no entry any more, so this ends. */
async function untilIdle({ runtime, limitMs }: { runtime: Runtime; limitMs: number }): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (runtime.inFlight > 0 && Date.now() < deadline) await pause(POLL_MS);
}

/** Removes all instances of a function. */
export async function removeFunction({
  executor,
  id,
  ...removal
}: Omit<Removal, 'runtime'> & { id: string }): Promise<void> {
  await Promise.all(executor.registry.instances(id).map((runtime) => removeRuntime({ executor, runtime, ...removal })));
}

/** Ends an instance at once, because a function in it took more than its time; the runtime goes with it. */
export async function killRuntime({ executor, runtime }: { executor: Executor; runtime: Runtime }): Promise<void> {
  const reason = 'another execution in it did not end in time';
  runtime.killed = reason;
  await discardRuntime({ executor, runtime, reason });
}
