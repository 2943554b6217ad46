// Keeps what the executor knows and what there is in step: removes idle runtimes, and those that have ended by
// themselves.

import type { Address, InstanceExit } from '../../adapters/adapter.ts';
import type { Executor } from '../executor.ts';
import { whyItEnded } from '../runtimes/exit.ts';
import type { Runtime } from '../runtimes/runtime.ts';
import { instanceName, transition } from '../runtimes/state.ts';
import { watchDisk } from './disk-limit.ts';
import { discardRuntime } from './remove.ts';

const SETTLE_MS = 5_000;

type LastExit = InstanceExit & { at: number };

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

  const find = (name: string) => registry.all().find((one) => one.state.instance.name === name || one.name === name);

  await adapter.watch({
    signal: stopping.signal,
    onExit: ({ name, code, outOfMemory }) => {
      if (executor.standby.ended(name)) return;
      const runtime = find(name);
      if (!runtime) return;
      log.info({ runtime: runtime.id, code, outOfMemory }, 'a runtime has ended');
      track(afterExit({ executor, runtime, exit: { code, outOfMemory, at: Date.now() } }));
    },
    onRestart: ({ name, address }) => {
      const runtime = find(name);
      if (!runtime) return;
      log.info({ runtime: runtime.id }, 'a runtime has been restarted');
      place({ runtime, address });
    },
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
  exit: LastExit;
}): Promise<void> {
  const placed = runtime.state.instance.address !== undefined;
  // At once, since another instance may get the address. Late news may be of an earlier instance of that name, so one
  // that is being started is looked at when it has started.
  if (placed) place({ runtime, address: undefined });
  else await runtime.started.catch(() => {});
  const instance = await executor.adapter.inspect({ name: await instanceName(runtime) });
  if (instance && instance.state !== 'exited') {
    // It may have been restarted meanwhile, which is newer than what was asked before.
    const restarted = placed ? runtime.state.instance.address : undefined;
    return place({ runtime, address: restarted ?? instance.address, lastExit: exit });
  }
  const told = { ...exit, ...instance?.exit };
  await discardRuntime({ executor, runtime, by: 'exit', exit: told, reason: whyItEnded(told), settleMs: SETTLE_MS });
}

/** While its restart policy brings an instance back it has no address, and then perhaps another one. */
function place({ runtime, ...known }: { runtime: Runtime; address: Address | undefined; lastExit?: LastExit }): void {
  if (runtime.state.is === 'starting') transition(runtime, { type: 'placed', instance: known });
  else transition(runtime, { type: 'unreached', ...known });
}
