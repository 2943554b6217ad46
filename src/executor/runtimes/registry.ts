// The runtimes that this executor knows, by id; most functions have one, some have several.

import { EventEmitter, once } from 'node:events';
import { ExecutorError } from '../errors.ts';
import type { Runtime } from './runtime.ts';

export interface Registry {
  /** The first one with that id. */
  get(id: string): Runtime | undefined;
  /** All with that id. */
  instances(id: string): readonly Runtime[];
  /** The runtime, once it has been created. Throws `runtime_not_found`. */
  require(id: string): Promise<Runtime>;
  /** Throws `runtime_conflict` if there is one with that id. */
  add(runtime: Runtime): void;
  /** Adds one more with its id. */
  join(runtime: Runtime): void;
  /** Takes out this runtime, and no other that has its id by now. */
  remove(runtime: Runtime): void;
  all(): Runtime[];
  /** Resolves when a runtime with that id is there. Throws the signal's reason. */
  appears(request: { id: string; signal: AbortSignal }): Promise<Runtime>;
}

export function createRegistry(): Registry {
  const runtimes = new Map<string, readonly Runtime[]>();
  const added = new EventEmitter().setMaxListeners(0);

  const get = (id: string) => runtimes.get(id)?.[0];
  const instances = (id: string) => runtimes.get(id) ?? [];

  function join(runtime: Runtime): void {
    runtimes.set(runtime.id, [...instances(runtime.id), runtime]);
    added.emit('added');
  }

  return {
    get,
    instances,
    join,

    require: async (id) => {
      const runtime = get(id);
      if (!runtime) throw new ExecutorError({ type: 'runtime_not_found' });
      await runtime.pending;
      return runtime;
    },

    add: (runtime) => {
      const present = get(runtime.id);
      if (present?.pending) {
        throw new ExecutorError({
          type: 'runtime_conflict',
          message: 'A runtime with the same ID is already being created. Attempt a execution soon.',
        });
      }
      if (present) throw new ExecutorError({ type: 'runtime_conflict' });
      join(runtime);
    },

    remove: (runtime) => {
      const left = instances(runtime.id).filter((one) => one !== runtime);
      if (left.length > 0) runtimes.set(runtime.id, left);
      else runtimes.delete(runtime.id);
    },

    all: () => [...runtimes.values()].flat(),

    appears: async ({ id, signal }) => {
      for (let runtime = get(id); ; runtime = get(id)) {
        if (runtime) return runtime;
        await once(added, 'added', { signal });
      }
    },
  };
}
