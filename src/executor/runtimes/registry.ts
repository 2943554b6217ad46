// The runtimes that this executor knows, by id; most functions have one replica, some have several.

import { EventEmitter, once } from 'node:events';
import { ExecutorError } from '../errors.ts';
import type { Runtime } from './runtime.ts';

export interface Registry {
  /** The first one with that id. */
  get(id: string): Runtime | undefined;
  /** All with that id. */
  replicas(id: string): readonly Runtime[];
  /** The runtime, once it serves. Throws `runtime_not_found`. */
  require(id: string): Promise<Runtime>;
  /** Throws `runtime_conflict` if there is one with that id, unless it may be one of several. */
  add(runtime: Runtime, request: { replica: boolean }): void;
  /** Takes out this runtime, and no other that has its id by now. It keeps its name until it is forgotten. */
  remove(runtime: Runtime): void;
  /** Its name is free. */
  forget(runtime: Runtime): void;
  all(): Runtime[];
  /** Those that were taken out and keep their names. */
  leaving(): Runtime[];
  /** Resolves when a runtime with that id is there. Throws the signal's reason. */
  appears(request: { id: string; signal: AbortSignal }): Promise<Runtime>;
}

export function createRegistry(): Registry {
  const runtimes = new Map<string, readonly Runtime[]>();
  const leaving = new Set<Runtime>();
  const added = new EventEmitter().setMaxListeners(0);

  const get = (id: string) => runtimes.get(id)?.[0];
  const replicas = (id: string) => runtimes.get(id) ?? [];

  return {
    get,
    replicas,

    require: async (id) => {
      const runtime = get(id);
      if (!runtime) throw new ExecutorError({ type: 'runtime_not_found' });
      await runtime.started;
      return runtime;
    },

    add: (runtime, { replica }) => {
      const present = get(runtime.id);
      if (present && !replica) {
        const message = 'A runtime with the same ID is already being created. Attempt a execution soon.';
        const starting = present.state.is === 'starting';
        throw new ExecutorError({ type: 'runtime_conflict', ...(starting && { message }) });
      }
      runtimes.set(runtime.id, [...replicas(runtime.id), runtime]);
      added.emit('added');
    },

    remove: (runtime) => {
      const before = replicas(runtime.id);
      if (!before.includes(runtime)) return;
      const left = before.filter((one) => one !== runtime);
      if (left.length > 0) runtimes.set(runtime.id, left);
      else runtimes.delete(runtime.id);
      leaving.add(runtime);
    },

    forget: (runtime) => void leaving.delete(runtime),

    all: () => [...runtimes.values()].flat(),
    leaving: () => [...leaving],

    appears: async ({ id, signal }) => {
      for (let runtime = get(id); ; runtime = get(id)) {
        if (runtime) return runtime;
        await once(added, 'added', { signal });
      }
    },
  };
}
