// Finds out what became of a runtime under a call, in words for the caller.

import path from 'node:path';
import { TIMINGS_FILE } from '../../contract/paths.ts';
import { aborted } from '../../lib/aborted.ts';
import { isBound } from '../../lib/ports.ts';
import { MalformedError } from '../../proxy/head.ts';
import { endedError } from '../errors.ts';
import { type Executor, folderOf } from '../executor.ts';
import { readUntrusted } from '../files/untrusted-file.ts';
import { openWorkFolder } from '../files/work-folder.ts';
import { howItEnded, howItExited, whyItEnded } from '../runtimes/exit.ts';
import type { Runtime } from '../runtimes/runtime.ts';
import { endCause, instanceName, nextChange, transition } from '../runtimes/state.ts';

const EXIT_REPORT_MS = 1_000;
/** An orchestrator that has much to do reports late. */
const LATE_REPORT_MS = 10_000;
const PROBE_MS = 1_000;
const MAX_TIMINGS_BYTES = 64 * 1024;

interface BrokenConnection {
  executor: Executor;
  runtime: Runtime;
  error: unknown;
  /** When the call began; milliseconds since the epoch. */
  since: number;
}

/**
 * What the caller of an execution is told of a connection that broke; usually it breaks a moment before the
 * orchestrator reports the end of the process. Throws `runtime_failed` if the function's own code has never run.
 */
export async function explainBrokenConnection(broken: BrokenConnection): Promise<string> {
  const { executor, runtime, error, since } = broken;
  if (error instanceof MalformedError) return `The function gave no valid answer: ${error.message}.`;
  await untilExitIsKnown({ runtime, since });
  if (runtime.ended.aborted) return explainEnd(broken);
  const { lastExit } = runtime.state.instance;
  if (lastExit && lastExit.at >= since) return howItExited(lastExit);
  const seen = await look({ executor, runtime });
  if (seen === 'unknown')
    return 'The runtime closed the connection without an answer, and what became of it cannot be asked at the moment.';
  if (seen === 'ended') return explainEnd(broken);
  executor.log.warn({ runtime: runtime.id, error }, 'a runtime broke a connection');
  const words = error instanceof Error ? error.message : String(error);
  return `The runtime closed the connection without an answer (${words}).`;
}

/**
 * After a connection that could not be made: the runtime has ended, or is waited for anew, perhaps at another address.
 */
export async function lookAfterUnreached({ executor, runtime }: Pick<BrokenConnection, 'executor' | 'runtime'>) {
  if ((await look({ executor, runtime })) !== 'ended') transition(runtime, { type: 'unreached' });
}

/** What the orchestrator says of its instance. */
async function look({
  executor,
  runtime,
}: Pick<BrokenConnection, 'executor' | 'runtime'>): Promise<'runs' | 'ended' | 'unknown'> {
  const name = await instanceName(runtime);
  const instance = await executor.adapter.inspect({ name }).catch(() => 'unknown' as const);
  if (instance === 'unknown') return 'unknown';
  if (instance && instance.state !== 'exited') return 'runs';
  const exit = instance?.exit;
  const reason = new Error(exit ? whyItEnded(exit) : 'it has ended');
  transition(runtime, { type: 'ended', cause: { reason, by: 'exit', exit } });
  return 'ended';
}

async function untilExitIsKnown({ runtime, since }: Pick<BrokenConnection, 'runtime' | 'since'>): Promise<void> {
  const isKnown = () => runtime.ended.aborted || (runtime.state.instance.lastExit?.at ?? 0) >= since;
  const untilKnown = async (limitMs: number) => {
    const patience = AbortSignal.timeout(limitMs);
    while (!isKnown() && !patience.aborted) await Promise.race([nextChange(runtime), aborted(patience)]);
  };
  await untilKnown(EXIT_REPORT_MS);
  if (!isKnown() && !(await mayListen(runtime))) await untilKnown(LATE_REPORT_MS);
}

/** False once it is sure that its process has ended. */
async function mayListen({ state: { instance } }: Runtime): Promise<boolean> {
  if (!instance.address) return false;
  return instance.address.proxied || isBound({ ...instance.address, limitMs: PROBE_MS });
}

async function explainEnd({ executor, runtime, error }: BrokenConnection): Promise<string> {
  if (await hasStarted({ executor, runtime })) return howItEnded(runtime);
  throw endedError({ reason: runtime.ended.reason, cause: error });
}

/**
 * A standby that listens takes connections before its function is there, and may end because it cannot be; starts note
 * when they have come past that.
 */
async function hasStarted({ executor, runtime }: Pick<BrokenConnection, 'executor' | 'runtime'>): Promise<boolean> {
  // Only while an end by itself is told of is the folder sure to be there.
  if (!runtime.state.instance.adopted || endCause(runtime)?.by !== 'exit') return true;
  const folder = openWorkFolder({ root: folderOf(executor, runtime) }).at('telemetry');
  const file = path.join(folder, path.basename(TIMINGS_FILE));
  const timings = await readUntrusted({ file, maxBytes: MAX_TIMINGS_BYTES });
  return /^prepare=/m.test(timings?.bytes.toString() ?? '');
}
