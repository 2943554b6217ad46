// Waits until a runtime's server answers, learned by asking its health path; everybody who waits for one runtime shares one wait.

import { setTimeout as pause } from 'node:timers/promises';
import { HEALTH_PATH } from '../contract/paths.ts';
import { agent, originOf } from './agent.ts';
import { endedError, ExecutorError } from './errors.ts';
import type { Executor } from './executor.ts';
import type { Runtime } from './runtime.ts';

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
  const deadline = Date.now() + executor.settings.startTimeoutMs;
  for (let wait = 1; Date.now() < deadline; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
    const { ended } = runtime;
    if (ended.signal.aborted) throw endedError({ reason: ended.signal.reason });
    if (runtime.address && (await answers(runtime))) {
      runtime.listening = true;
      return;
    }
    await pause(wait, undefined, { signal: ended.signal }).catch(() => {});
  }
  throw new ExecutorError({
    type: 'runtime_timeout',
    message: `Timed out waiting for runtime. Nothing listens on its port after ${executor.settings.startTimeoutMs / 1000} s; does "runtimeEntrypoint" start a server?`,
  });
}

/** Any answer will do. Connecting is not enough: a proxy before the runtime, such as Docker's own, accepts for it too early. */
async function answers(runtime: Runtime): Promise<boolean> {
  try {
    const { body } = await agent.request({ origin: originOf(runtime), path: HEALTH_PATH, method: 'GET', signal: AbortSignal.timeout(PROBE_MS) });
    await body.dump();
    return true;
  } catch {
    return false;
  }
}
