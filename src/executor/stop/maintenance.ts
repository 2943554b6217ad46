// Keeps what the executor knows and what there is in step: removes idle runtimes, and those that have ended by
// themselves.

import type { InstanceExit } from '../../adapters/adapter.ts';
import type { Executor } from '../executor.ts';
import { whyItEnded } from '../runtimes/exit.ts';
import type { Runtime } from '../runtimes/runtime.ts';
import { instanceName, transition } from '../runtimes/state.ts';
import { watchDisk } from './disk-limit.ts';
import { discardRuntime } from './remove.ts';

const SETTLE_MS = 5_000;

/** Works until disposed of. */
export async function maintain(executor: Executor): Promise<AsyncDisposable> {
  const { adapter, registry, removals, settings, log } = executor;
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
      const runtime = registry.all().find((one) => one.state.instance.name === name || one.name === name);
      if (!runtime) return;
      log.info({ runtime: runtime.id, code, outOfMemory }, 'a runtime has ended');
      track(afterExit({ executor, runtime, exit: { code, outOfMemory } }));
    },
    onRestart: () => {},
  });

  const isIdle = ({ state, inFlight, updated }: Runtime) =>
    state.is === 'serving' && inFlight === 0 && Date.now() - updated > settings.inactiveThresholdMs;

  // The check itself costs nothing, so the threshold need not wait for the interval.
  const interval = Math.min(settings.maintenanceIntervalMs, Math.max(50, settings.inactiveThresholdMs / 2));
  const timer = setInterval(() => {
    const idle = registry.all().filter(isIdle);
    for (const runtime of idle) track(discardRuntime({ executor, runtime, reason: 'it was idle' }));
    const unremoved = registry.leaving().filter((runtime) => !removals.has(runtime));
    for (const runtime of unremoved) track(discardRuntime({ executor, runtime, reason: 'it was to be removed' }));
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
  if (runtime.state.instance.address === undefined) await runtime.started.catch(() => {});
  const instance = await executor.adapter.inspect({ name: await instanceName(runtime) });
  if (instance && instance.state !== 'exited') {
    // While it is being brought back it has no address, and later perhaps another one.
    const known = { address: instance.address, lastExit: { ...exit, at: Date.now() } };
    if (runtime.state.is === 'starting') transition(runtime, { type: 'placed', instance: known });
    else transition(runtime, { type: 'unreached', ...known });
    return;
  }
  const told = { ...exit, ...instance?.exit };
  await discardRuntime({ executor, runtime, by: 'exit', exit: told, reason: whyItEnded(told), settleMs: SETTLE_MS });
}
