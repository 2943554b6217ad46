// Finds out what became of a runtime under a call, in words for the caller.

import { setTimeout as pause } from 'node:timers/promises';
import type { Executor } from './executor.ts';
import { instanceOf, type Runtime } from './runtime.ts';

const EXIT_REPORT_MS = 1_000;

/** The connection usually breaks a moment before the orchestrator reports the end of the process. */
export async function explainBrokenConnection({ executor, runtime, error }: { executor: Executor; runtime: Runtime; error: unknown }): Promise<string> {
  await pause(EXIT_REPORT_MS, undefined, { signal: runtime.ended.signal }).catch(() => {});
  if (runtime.ended.signal.aborted) return whyEnded(runtime);
  const instance = await executor.adapter.inspect({ name: await instanceOf(runtime) }).catch(() => 'unknown' as const);
  if (instance === 'unknown') return 'The runtime closed the connection without an answer, and what became of it cannot be asked at the moment.';
  if (instance?.state === 'exited' || instance === undefined) {
    runtime.exit ??= instance?.exit;
    runtime.ended.abort(new Error('it has ended'));
    return whyEnded(runtime);
  }
  executor.log.warn({ runtime: runtime.id, error }, 'a runtime broke a connection');
  return `The runtime closed the connection without an answer (${error instanceof Error ? error.message : String(error)}).`;
}

export function whyEnded({ exit, killed }: Runtime): string {
  if (killed !== undefined) return `The runtime was ended because ${killed}.`;
  if (exit?.outOfMemory) return 'The runtime ran out of memory and was ended.';
  return exit === undefined ? 'The runtime has ended.' : `The runtime has ended with exit code ${exit.code}.`;
}
