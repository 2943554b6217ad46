// Ends a runtime and takes away all that is its own: instance, folder, entry, place.

import { setTimeout as pause } from 'node:timers/promises';
import { type Executor, folderOf } from './executor.ts';
import type { Runtime } from './runtime.ts';
import { removeWorkFolder } from './work-folder.ts';

const POLL_MS = 10;

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

/** Safe to call twice. */
export async function removeRuntime({ executor, runtime, reason, graceMs = 0, settleMs = 0 }: Removal): Promise<void> {
  executor.registry.remove(runtime);
  await untilIdle({ runtime, limitMs: graceMs });
  if (!runtime.ended.signal.aborted) runtime.ended.abort(new Error(reason));
  try {
    await executor.adapter.stop({ name: runtime.name, graceMs: 0 });
    await untilIdle({ runtime, limitMs: settleMs });
    await removeWorkFolder({ root: folderOf(executor, runtime) });
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

/** Ends an instance at once, because of what it did; the runtime goes with it. */
export async function killRuntime({ executor, runtime, reason }: { executor: Executor; runtime: Runtime; reason: string }): Promise<void> {
  runtime.killed = reason;
  await removeRuntime({ executor, runtime, reason });
}
