// Keeps what the executor knows and what there is in step: removes idle runtimes, and those that have ended by themselves.

import type { Executor } from './executor.ts';
import { removeRuntime } from './remove.ts';

const SETTLE_MS = 5_000;

/** Works until disposed of. */
export async function maintain(executor: Executor): Promise<AsyncDisposable> {
  const { adapter, registry, settings, log } = executor;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();

  const track = (work: Promise<void>) => {
    const settled = work.catch((error: unknown) => log.error({ error }, 'maintenance failed')).finally(() => running.delete(settled));
    running.add(settled);
  };

  await adapter.watch({
    signal: stopping.signal,
    onExit: ({ name, code, outOfMemory }) => {
      const runtime = registry.all().find((one) => one.name === name);
      if (!runtime) return;
      runtime.exit = { code, outOfMemory };
      runtime.listening = false;
      log.info({ runtime: runtime.id, code, outOfMemory }, 'a runtime has ended');
      const words = outOfMemory ? 'it ran out of memory' : `its process ended with exit code ${code}`;
      track(afterExit({ executor, runtime, words }));
    },
  });

  // The check itself costs nothing, so the threshold need not wait for the interval.
  const interval = Math.min(settings.maintenanceIntervalMs, Math.max(50, settings.inactiveThresholdMs / 2));
  const timer = setInterval(() => {
    const idle = registry.all().filter((runtime) => !runtime.pending && runtime.inFlight === 0 && Date.now() - runtime.updated > settings.inactiveThresholdMs);
    for (const runtime of idle) track(removeRuntime({ executor, runtime, reason: 'it was idle' }));
  }, interval);

  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      stopping.abort();
      await Promise.all(running);
    },
  };
}

/** An instance that its restart policy brings back stays; any other is gone for good. */
async function afterExit({ executor, runtime, words }: { executor: Executor; runtime: Parameters<typeof removeRuntime>[0]['runtime']; words: string }): Promise<void> {
  const instance = await executor.adapter.inspect({ name: runtime.name });
  if (instance && instance.state !== 'exited') {
    runtime.address = instance.address;
    return;
  }
  await removeRuntime({ executor, runtime, reason: words, settleMs: SETTLE_MS });
}
