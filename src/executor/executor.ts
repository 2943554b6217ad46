// Puts the parts of an executor together: what it knows, what it may use, and how it begins and ends.

import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Adapter } from '../adapters/adapter.ts';
import type { Log } from '../lib/log.ts';
import type { Storage } from '../storage/storage.ts';
import { type Capacity, createCapacity } from './capacity.ts';
import { createRegistry, type Registry } from './registry.ts';
import { deriveSecret, type Runtime } from './runtime.ts';
import type { ExecutorSettings } from './settings.ts';

/** What every part of the executor works with. */
export interface Executor {
  settings: ExecutorSettings;
  adapter: Adapter;
  storage: Storage;
  /** Where build caches are kept. */
  cacheStorage: Storage;
  log: Log;
  registry: Registry;
  capacity: Capacity;
  /** Gives back a runtime's place in the capacity. */
  places: WeakMap<Runtime, () => void>;
}

export function createExecutor(parts: Pick<Executor, 'settings' | 'adapter' | 'storage' | 'cacheStorage' | 'log'>): Executor {
  const { maxRuntimes: places, queueSize, queueTimeoutMs } = parts.settings;
  return { ...parts, registry: createRegistry(), capacity: createCapacity({ places, queueSize, queueTimeoutMs }), places: new WeakMap() };
}

/** A runtime that is not there yet. */
export function newRuntime({ executor, id, image, version }: { executor: Executor; id: string; image: string; version: string }): Runtime {
  const name = `${executor.settings.name}-${id}`;
  const hostname = randomBytes(16).toString('hex');
  const now = Date.now();
  return knownRuntime({ executor, id, name, hostname, image, version, created: now });
}

/** A runtime from what identifies it. */
export function knownRuntime({ executor, ...identity }: { executor: Executor } & Pick<Runtime, 'id' | 'name' | 'hostname' | 'image' | 'version' | 'created'>): Runtime {
  return {
    ...identity,
    secret: deriveSecret({ secret: executor.settings.secret, name: identity.name, hostname: identity.hostname }),
    updated: Date.now(),
    pending: undefined,
    listeningSoon: undefined,
    listening: false,
    address: undefined,
    inFlight: 0,
    ended: new AbortController(),
    exit: undefined,
    killed: undefined,
  };
}

export function folderOf({ settings }: Executor, runtime: Runtime): string {
  return path.join(settings.workFolder, runtime.name);
}

/** Runs an action during which the runtime does not count as idle. */
export async function using<T>(runtime: Runtime, action: () => Promise<T>): Promise<T> {
  runtime.inFlight += 1;
  try {
    return await action();
  } finally {
    runtime.inFlight -= 1;
    runtime.updated = Date.now();
  }
}
