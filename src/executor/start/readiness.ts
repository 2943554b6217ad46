// Waits until a runtime's server can be sent requests, learned by connecting; everybody who waits for one runtime
// shares one wait.

import { setTimeout as pause } from 'node:timers/promises';
import type { Address } from '../../adapters/adapter.ts';
import { HEALTH_PATH } from '../../contract/paths.ts';
import { isBound } from '../../lib/ports.ts';
import { endedError, ExecutorError } from '../errors.ts';
import type { Executor } from '../executor.ts';
import type { Runtime } from '../runtimes/runtime.ts';
import { transition } from '../runtimes/state.ts';

// Pauses grow with the time that has passed, so that many who start at once do not keep each other from it by asking.
const PAUSE_PART = 1 / 20;
const SHORTEST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 50;
const PROBE_MS = 1_000;

interface Wait {
  executor: Executor;
  runtime: Runtime;
}

const waits = new WeakMap<Runtime, Promise<void>>();

/** Throws `runtime_timeout` when it takes too long, `runtime_failed` with the reason when it ends instead. */
export async function untilListening({ executor, runtime }: Wait): Promise<void> {
  if (runtime.ended.aborted) throw endedError({ reason: runtime.ended.reason });
  if (runtime.state.instance.listening) return;
  const wait = waits.get(runtime) ?? poll({ executor, runtime }).finally(() => waits.delete(runtime));
  waits.set(runtime, wait);
  await wait;
}

async function poll({ executor, runtime }: Wait): Promise<void> {
  const began = Date.now();
  const limitMs = executor.settings.startTimeoutMs;
  const { ended } = runtime;
  for (let passed = 0; passed < limitMs; passed = Date.now() - began) {
    if (ended.aborted) throw endedError({ reason: ended.reason });
    const { address } = runtime.state.instance;
    if (address && (await listens(address))) {
      transition(runtime, { type: 'listening' });
      executor.meter.listened({ ms: passed });
      return;
    }
    const wait = Math.min(Math.max(passed * PAUSE_PART, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
    await pause(wait, undefined, { signal: ended }).catch(() => {});
  }
  throw new ExecutorError({
    type: 'runtime_timeout',
    message:
      `Timed out waiting for runtime. Nothing listens on its port after ${limitMs / 1000} s; does ` +
      `"runtimeEntrypoint" start a server?`,
  });
}

/**
 * A port that is bound keeps requests until its server takes them; a proxy before it would keep them from the first
 * moment on.
 */
async function listens({ host, port, proxied }: Address): Promise<boolean> {
  if (!proxied) return isBound({ host, port, limitMs: PROBE_MS });
  // Any answer will do.
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}${HEALTH_PATH}`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(PROBE_MS) }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer !== undefined;
}
