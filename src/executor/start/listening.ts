// Waits until a runtime's server can be sent requests, learned by connecting; everybody who waits for one runtime
// shares one wait.

import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Address } from '../../adapters/adapter.ts';
import { HEALTH_PATH } from '../../contract/paths.ts';
import { agent, originOf } from '../call/agent.ts';
import { endedError, ExecutorError } from '../errors.ts';
import type { Executor } from '../executor.ts';
import type { Runtime } from '../runtimes/runtime.ts';

// Pauses grow with the time that has passed, so that many who start at once do not keep each other from it by asking.
const PAUSE_PART = 1 / 20;
const SHORTEST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 50;
const PROBE_MS = 1_000;

/** Throws `runtime_timeout` when it takes too long, `runtime_failed` with the reason when it ends instead. */
export async function untilListening({ executor, runtime }: { executor: Executor; runtime: Runtime }): Promise<void> {
  if (runtime.listening) return;
  runtime.listeningSoon ??= poll({ executor, runtime }).finally(() => {
    runtime.listeningSoon = undefined;
  });
  await runtime.listeningSoon;
}

async function poll({ executor, runtime }: { executor: Executor; runtime: Runtime }): Promise<void> {
  const began = Date.now();
  const limitMs = executor.settings.startTimeoutMs;
  for (let passed = 0; passed < limitMs; passed = Date.now() - began) {
    const { ended } = runtime;
    if (ended.signal.aborted) throw endedError({ reason: ended.signal.reason });
    if (runtime.address && (await listens({ runtime, address: runtime.address }))) {
      runtime.listening = true;
      executor.meter.listened({ ms: passed });
      return;
    }
    const wait = Math.min(Math.max(passed * PAUSE_PART, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
    await pause(wait, undefined, { signal: ended.signal }).catch(() => {});
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
async function listens({ runtime, address }: { runtime: Runtime; address: Address }): Promise<boolean> {
  return address.proxied ? answers(runtime) : isBound(address);
}

/** Whether connections are kept for a server; false where that cannot be told. */
export async function isBound({ host, port, proxied }: Address): Promise<boolean> {
  if (proxied) return false;
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(PROBE_MS) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Any answer will do. */
async function answers(runtime: Runtime): Promise<boolean> {
  try {
    const { body } = await agent.request({
      origin: originOf(runtime),
      path: HEALTH_PATH,
      method: 'GET',
      signal: AbortSignal.timeout(PROBE_MS),
    });
    await body.dump();
    return true;
  } catch {
    return false;
  }
}
