// Waits until a runtime's server answers, learned by connecting; everybody who waits for one runtime shares one wait.

import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { ExecutorError } from './errors.ts';
import type { Executor } from './executor.ts';
import type { Runtime } from './runtime.ts';

const LONGEST_PAUSE_MS = 50;

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
    if (ended.signal.aborted) throw new ExecutorError({ type: 'runtime_failed', message: `Runtime failed: ${(ended.signal.reason as Error).message}.` });
    if (runtime.address && (await accepts(runtime.address))) {
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

async function accepts(address: { host: string; port: number }): Promise<boolean> {
  const socket = connect(address);
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(1_000) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
