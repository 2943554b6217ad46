// Keeps what the executor knows and what there is in step: removes idle runtimes, and those that have ended by
// themselves.

import type { InstanceExit } from '../../adapters/adapter.ts';
import { whyItEnded } from '../call/died.ts';
import { watchDisk } from './disk.ts';
import type { Executor } from '../executor.ts';
import { discardRuntime } from './remove.ts';
import { instanceOf, type Runtime } from '../runtimes/runtime.ts';

const SETTLE_MS = 5_000;

/** Works until disposed of. */
export async function maintain(executor: Executor): Promise<AsyncDisposable> {
  const { adapter, registry, settings, log } = executor;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();

  const track = (work: Promise<void>) => {
    const settled = work
      .catch((error: unknown) => log.error({ error }, 'maintenance failed'))
      .finally(() => running.delete(settled));
    running.add(settled);
  };

  await adapter.watch({
    signal: stopping.signal,
    onExit: ({ name, code, outOfMemory }) => {
      if (executor.standby.ended(name)) return;
      const runtime = registry.all().find((one) => one.instance === name || one.name === name);
      if (!runtime) return;
      log.info({ runtime: runtime.id, code, outOfMemory }, 'a runtime has ended');
      track(afterExit({ executor, runtime, exit: { code, outOfMemory } }));
    },
  });

  // The check itself costs nothing, so the threshold need not wait for the interval.
  const interval = Math.min(settings.maintenanceIntervalMs, Math.max(50, settings.inactiveThresholdMs / 2));
  const timer = setInterval(() => {
    const idle = registry
      .all()
      .filter(
        (runtime) =>
          !runtime.pending && runtime.inFlight === 0 && Date.now() - runtime.updated > settings.inactiveThresholdMs,
      );
    for (const runtime of idle) track(discardRuntime({ executor, runtime, reason: 'it was idle' }));
    for (const runtime of executor.unremoved.values())
      track(discardRuntime({ executor, runtime, reason: 'it was to be removed' }));
  }, interval);

  const disk = watchDisk(executor);

  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      stopping.abort();
      await disk[Symbol.asyncDispose]();
      await Promise.all(running);
    },
  };
}

/** An instance that its restart policy brings back stays; any other is gone for good. */
async function afterExit({
  executor,
  runtime,
  exit,
}: {
  executor: Executor;
  runtime: Runtime;
  exit: InstanceExit;
}): Promise<void> {
  // Late news may be of an earlier instance of that name, so one that is being started is looked at when it has
  // started.
  if (runtime.address === undefined) await runtime.pending?.catch(() => {});
  const instance = await executor.adapter.inspect({ name: await instanceOf(runtime) });
  runtime.listening = false;
  if (instance && instance.state !== 'exited') {
    runtime.address = instance.address;
    return;
  }
  runtime.exit = exit;
  await discardRuntime({ executor, runtime, reason: whyItEnded({ ...exit, ...instance?.exit }), settleMs: SETTLE_MS });
}
