// Finds out what became of a runtime under a call, in words for the caller.

import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { errors } from 'undici';
import type { InstanceExit } from '../../adapters/adapter.ts';
import { TIMINGS_FILE } from '../../contract/paths.ts';
import { endedError } from '../errors.ts';
import { type Executor, folderOf } from '../executor.ts';
import { instanceOf, type Runtime } from '../runtimes/runtime.ts';
import { readUntrusted } from '../files/untrusted-file.ts';
import { openWorkFolder } from '../files/work-folder.ts';
import { MalformedError } from '../../proxy/head.ts';

const EXIT_REPORT_MS = 1_000;
// What becomes of an answer that is none.
const MALFORMED = [
  MalformedError,
  errors.HTTPParserError,
  errors.ResponseContentLengthMismatchError,
  errors.HeadersOverflowError,
];
// What a connection that was never made ends with.
const UNREACHED = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);
const MAX_TIMINGS_BYTES = 64 * 1024;

/**
 * What the caller of an execution is told of a connection that broke; usually it breaks a moment before the
 * orchestrator reports the end of the process. Throws `runtime_failed` if the function's own code has never run.
 */
export async function explainBrokenConnection({
  executor,
  runtime,
  error,
}: {
  executor: Executor;
  runtime: Runtime;
  error: unknown;
}): Promise<string> {
  const malformed = MALFORMED.some((kind) => error instanceof kind);
  if (malformed) return `The function gave no valid answer: ${(error as Error).message}.`;
  await pause(EXIT_REPORT_MS, undefined, { signal: runtime.ended.signal }).catch(() => {});
  if (runtime.ended.signal.aborted) return explainEnd({ executor, runtime, error });
  const instance = await executor.adapter.inspect({ name: await instanceOf(runtime) }).catch(() => 'unknown' as const);
  if (instance === 'unknown')
    return 'The runtime closed the connection without an answer, and what became of it cannot be asked at the moment.';
  if (instance?.state === 'exited' || instance === undefined) {
    runtime.exit ??= instance?.exit;
    runtime.ended.abort(new Error(instance?.exit ? whyItEnded(instance.exit) : 'it has ended'));
    return explainEnd({ executor, runtime, error });
  }
  executor.log.warn({ runtime: runtime.id, error }, 'a runtime broke a connection');
  return (
    `The runtime closed the connection without an answer ` +
    `(${error instanceof Error ? error.message : String(error)}).`
  );
}

/** Whether nothing of a request has left, so that it can be sent again. */
export function isUnreached(error: unknown): boolean {
  return UNREACHED.has(String((error as { code?: unknown } | undefined)?.code));
}

/** Why an instance ended by itself, for whoever waited for it. */
export function whyItEnded({ code, outOfMemory, lastWords }: InstanceExit): string {
  if (outOfMemory) return 'it ran out of memory';
  return (
    `its process ended with exit code ` +
    `${code}${lastWords === undefined ? '' : ` after it had said: ${lastWords.replace(/\.$/, '')}`}`
  );
}

async function explainEnd({
  executor,
  runtime,
  error,
}: {
  executor: Executor;
  runtime: Runtime;
  error: unknown;
}): Promise<string> {
  if (await hasStarted({ executor, runtime })) return whyEnded(runtime);
  throw endedError({ reason: runtime.ended.signal.reason, cause: error });
}

/**
 * A standby that listens takes connections before its function is there, and may end because it cannot be; starts note
 * when they have come past that.
 */
async function hasStarted({ executor, runtime }: { executor: Executor; runtime: Runtime }): Promise<boolean> {
  // Only while an end by itself is told of is the folder sure to be there.
  if (!runtime.adopted || !runtime.exit) return true;
  const folder = openWorkFolder({ root: folderOf(executor, runtime) }).at('telemetry');
  const timings = await readUntrusted({
    file: path.join(folder, path.basename(TIMINGS_FILE)),
    maxBytes: MAX_TIMINGS_BYTES,
  });
  return /^prepare=/m.test(timings?.bytes.toString() ?? '');
}

function whyEnded({ exit, killed }: Runtime): string {
  if (killed !== undefined) return `The runtime was ended because ${killed}.`;
  if (exit?.outOfMemory) return 'The runtime ran out of memory and was ended.';
  return exit === undefined ? 'The runtime has ended.' : `The runtime has ended with exit code ${exit.code}.`;
}
