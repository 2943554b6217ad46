// Puts the parts of an executor together: what it knows, what it may use, and how it begins and ends.

import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Adapter } from '../adapters/adapter.ts';
import type { Log } from '../lib/log.ts';
import type { Storage } from '../storage/storage.ts';
import { type Capacity, createCapacity } from './admission/capacity.ts';
import { type Levels, type Meter, unmetered } from './observe/meter.ts';
import { type Tracer, untraced } from './observe/tracer.ts';
import { createLine, type Line } from './admission/line.ts';
import { createRegistry, type Registry } from './runtimes/registry.ts';
import { deriveSecret, type Runtime } from './runtimes/runtime.ts';
import type { ExecutorSettings } from './settings.ts';
import { createStandbyPool, type StandbyPool } from './standby/pool.ts';
import { createStarts, type Starts } from './admission/starts.ts';

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
  /** Limits how many instances start at once. */
  starts: Starts;
  /** Instances that wait for runtimes which they become. */
  standby: StandbyPool;
  /** Calls that wait for instances. */
  line: Line;
  /** By name, runtimes that are being removed; the next one of that name waits. */
  leaving: Map<string, Promise<void>>;
  /** By name, runtimes that could not be removed, since the orchestrator was away; they are tried again. */
  unremoved: Map<string, Runtime>;
  meter: Meter;
  tracer: Tracer;
}

/** What whoever makes an executor brings. */
export type ExecutorParts = Pick<Executor, 'settings' | 'adapter' | 'storage' | 'cacheStorage' | 'log'> &
  Partial<Pick<Executor, 'meter' | 'tracer'>>;

export function createExecutor({ meter = unmetered, tracer = untraced, ...parts }: ExecutorParts): Executor {
  const { maxRuntimes: places, queueSize, queueTimeoutMs } = parts.settings;
  // An engine gets no further by starting more at once than this, and each of them takes longer.
  const starts = createStarts({ most: 2 * availableParallelism(), mostIdle: Math.ceil(availableParallelism() / 2) });
  const executor: Executor = {
    ...parts,
    meter,
    tracer,
    registry: createRegistry(),
    capacity: createCapacity({ places, queueSize, queueTimeoutMs }),
    places: new WeakMap(),
    starts,
    standby: createStandbyPool({ ...parts, starts }),
    line: createLine(),
    leaving: new Map(),
    unremoved: new Map(),
  };
  meter.watch(() => levelsOf(executor));
  return executor;
}

function levelsOf({ registry, capacity, standby, settings }: Executor): Levels {
  const runtimes = registry.all();
  const starting = runtimes.filter(({ pending }) => pending).length;
  return {
    queued: capacity.queued,
    capacity: settings.maxRuntimes,
    starting,
    running: runtimes.length - starting,
    standbys: standby.waiting,
    inFlight: runtimes.reduce((sum, { inFlight }) => sum + inFlight, 0),
  };
}

/** A runtime that is not there yet. */
export function newRuntime({
  executor,
  id,
  image,
  version,
}: {
  executor: Executor;
  id: string;
  image: string;
  version: string;
}): Runtime {
  const name = freeName({ executor, id });
  const hostname = randomBytes(16).toString('hex');
  const now = Date.now();
  return knownRuntime({ executor, id, name, hostname, image, version, created: now });
}

/** The first instance has the function's name, further ones a number before it that no name of another function has. */
function freeName({ executor: { settings, registry }, id }: { executor: Executor; id: string }): string {
  const taken = new Set(registry.instances(id).map(({ name }) => name));
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? `${settings.name}-${id}` : `${settings.name}.${number}-${id}`;
    if (!taken.has(name)) return name;
  }
}

/** The function that an instance's name is of, by the rule above. */
export function idOfName({ settings, name }: { settings: ExecutorSettings; name: string }): string | undefined {
  if (!name.startsWith(settings.name)) return undefined;
  return /^(?:\.\d+)?-(.+)$/.exec(name.slice(settings.name.length))?.[1];
}

/** A runtime from what identifies it. */
export function knownRuntime({
  executor,
  ...identity
}: { executor: Executor } & Pick<Runtime, 'id' | 'name' | 'hostname' | 'image' | 'version' | 'created'>): Runtime {
  return {
    ...identity,
    secret: deriveSecret({ secret: executor.settings.secret, name: identity.name, hostname: identity.hostname }),
    updated: Date.now(),
    pending: undefined,
    listeningSoon: undefined,
    listening: false,
    address: undefined,
    instance: identity.name,
    adopted: undefined,
    concurrency: 0,
    spec: undefined,
    inFlight: 0,
    ended: new AbortController(),
    exit: undefined,
    killed: undefined,
    removal: undefined,
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
