// The adapter for tests: an instance is a server of this process, its commands are processes of this host. Nothing is
// confined.

import { EventEmitter } from 'node:events';
import {
  AdapterError,
  type Adapter,
  type AdapterErrorCode,
  type CommandResult,
  type Instance,
  type InstanceExit,
  type InstanceSpec,
} from './adapter.ts';
import { MemoryInstance, type Serve } from './memory/instance.ts';
import { runOnHost, type MemoryCommand } from './memory/run.ts';

export type { MemoryProcess } from './memory/instance.ts';
export type { MemoryCommand } from './memory/run.ts';

/** What an image stands for: how its instances serve and, if not as processes of the host, how they run commands. */
export interface MemoryImage {
  serve: Serve;
  run?: (command: MemoryCommand) => Promise<CommandResult>;
  /** How its instances can stand by; without it they do not know that they are asked to. */
  standby?: 'warm' | 'cold';
  labels?: Record<string, string>;
}

/** What outlives adapters, as an engine outlives the processes that use it. */
export interface MemoryOrchestrator {
  images: Record<string, MemoryImage>;
  instances: Map<string, MemoryInstance>;
  /** Emits `exit` with the instance and its `InstanceExit`, and `restart` with the instance. */
  events: EventEmitter<Events>;
}

interface Events {
  exit: [MemoryInstance, InstanceExit];
  restart: [MemoryInstance];
}

export function createMemoryOrchestrator({ images }: Pick<MemoryOrchestrator, 'images'>): MemoryOrchestrator {
  return {
    images,
    instances: new Map(),
    events: new EventEmitter<Events>().setMaxListeners(0),
  };
}

/** Adapters of one owner on the same orchestrator see the same instances. */
export function openMemoryAdapter({
  orchestrator,
  owner = 'memory',
}: {
  orchestrator: MemoryOrchestrator;
  owner?: string;
}): Adapter {
  const { images, instances, events } = orchestrator;
  const closing = new AbortController();

  function find(name: string): MemoryInstance | undefined {
    const instance = instances.get(name);
    return instance?.owner === owner ? instance : undefined;
  }

  function findAll(): MemoryInstance[] {
    return [...instances.values()].filter((instance) => instance.owner === owner);
  }

  function imageOf(name: string): MemoryImage {
    return images[name] ?? fail({ code: 'image_missing', message: `There is no image ${name}.` });
  }

  async function start(spec: InstanceSpec): Promise<Instance> {
    const { serve, standby } = imageOf(spec.image);
    if (instances.has(spec.name)) fail({ code: 'name_taken', message: `There is already an instance ${spec.name}.` });
    const instance: MemoryInstance = new MemoryInstance({
      spec,
      owner,
      serve,
      standby,
      onExit: (exit) => events.emit('exit', instance, exit),
      onRestart: () => events.emit('restart', instance),
    });
    instances.set(spec.name, instance);
    try {
      await spec.prepared;
      await instance.start();
      return instance.describe();
    } catch (cause) {
      instances.delete(spec.name);
      return fail({ code: 'failed', message: `Could not start ${spec.name}: ${String(cause)}`, cause });
    }
  }

  async function watch({ onExit, onRestart, signal }: Parameters<Adapter['watch']>[0]): Promise<void> {
    const exited = (instance: MemoryInstance, exit: InstanceExit) => {
      if (instance.owner === owner) onExit({ name: instance.spec.name, ...exit });
    };
    const restarted = (instance: MemoryInstance) => {
      if (instance.owner === owner) onRestart(instance.describe());
    };
    const stop = AbortSignal.any([signal, closing.signal]);
    if (stop.aborted) return;
    events.on('exit', exited).on('restart', restarted);
    stop.addEventListener('abort', () => events.off('exit', exited).off('restart', restarted), { once: true });
  }

  return {
    start,
    list: async () => findAll().map((instance) => instance.describe()),
    inspect: async ({ name }) => find(name)?.describe(),

    run: async ({ name, ...command }) => {
      const instance = find(name) ?? fail({ code: 'not_found', message: `There is no instance ${name}.` });
      const { run = runOnHost } = imageOf(instance.spec.image);
      return run({ spec: instance.spec, ended: instance.ended, ...command });
    },

    adopt: async ({ name, as, ...limits }) => {
      const instance = find(name) ?? fail({ code: 'not_found', message: `There is no instance ${name}.` });
      if (instances.has(as)) fail({ code: 'name_taken', message: `There is already an instance ${as}.` });
      instance.spec = { ...instance.spec, ...limits, name: as };
      instances.delete(name);
      instances.set(as, instance);
    },

    stop: async ({ name, graceMs }) => {
      const instance = find(name);
      if (!instance) return;
      await instance.stop({ graceMs });
      if (find(instance.spec.name) === instance) instances.delete(instance.spec.name);
    },

    watch,
    usage: async () =>
      new Map(
        findAll()
          .filter(({ running }) => running)
          .map(({ spec }) => [spec.name, 0]),
      ),
    pull: async ({ image }) => ({ labels: imageOf(image).labels ?? {} }),
    ping: async () => {},
    [Symbol.asyncDispose]: async () => closing.abort(),
  };
}

function fail(error: { code: AdapterErrorCode; message: string; cause?: unknown }): never {
  throw new AdapterError(error);
}
