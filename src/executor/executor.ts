// What every part of the executor works with, put together.

import path from 'node:path';
import type { Adapter } from '../adapters/adapter.ts';
import type { Log } from '../lib/log.ts';
import type { Storage } from '../storage/storage.ts';
import { type Admission, createAdmission } from './admission/admission.ts';
import { type Levels, type Meter, unmetered } from './observe/meter.ts';
import { type Tracer, untraced } from './observe/tracer.ts';
import { createRuntimePools, type RuntimePools } from './runtimes/pools.ts';
import { createRegistry, type Registry } from './runtimes/registry.ts';
import type { Runtime } from './runtimes/runtime.ts';
import type { ExecutorSettings } from './settings.ts';
import { createImageVariables, type ImageVariables } from './runtimes/image-variables.ts';
import { createStandbyPools, type StandbyPools } from './standby/pools.ts';

export interface Executor {
  settings: ExecutorSettings;
  adapter: Adapter;
  storage: Storage;
  /** Where build caches are kept. */
  cacheStorage: Storage;
  log: Log;
  registry: Registry;
  admission: Admission;
  /** Instances that wait for runtimes which they become. */
  standby: StandbyPools;
  /** Connections to runtimes. */
  pools: RuntimePools;
  /** What an image says of the variables that mean something to it. */
  imageVariables: (image: string) => Promise<ImageVariables>;
  /** Gives back a runtime's place in the capacity. */
  places: WeakMap<Runtime, () => void>;
  /** Removals under way. */
  removals: Map<Runtime, Promise<void>>;
  meter: Meter;
  tracer: Tracer;
}

/** What whoever makes an executor brings. */
export type ExecutorParts = Pick<Executor, 'settings' | 'adapter' | 'storage' | 'cacheStorage' | 'log'> &
  Partial<Pick<Executor, 'meter' | 'tracer'>>;

export function createExecutor({ meter = unmetered, tracer = untraced, ...parts }: ExecutorParts): Executor {
  const admission = createAdmission(parts.settings);
  const executor: Executor = {
    ...parts,
    meter,
    tracer,
    registry: createRegistry(),
    admission,
    standby: createStandbyPools({ ...parts, startLimiter: admission.startLimiter }),
    pools: createRuntimePools(),
    imageVariables: createImageVariables(parts.adapter),
    places: new WeakMap(),
    removals: new Map(),
  };
  meter.watch(() => levelsOf(executor));
  return executor;
}

function levelsOf({ registry, admission, standby, settings }: Executor): Levels {
  const runtimes = registry.all();
  const starting = runtimes.filter(({ state }) => state.is === 'starting').length;
  return {
    queued: admission.waiting,
    capacity: settings.maxRuntimes,
    starting,
    running: runtimes.length - starting,
    standbys: standby.waiting,
    inFlight: runtimes.reduce((sum, { inFlight }) => sum + inFlight, 0),
  };
}

export function folderOf({ settings }: Executor, runtime: Runtime): string {
  return path.join(settings.workFolder, runtime.name);
}
