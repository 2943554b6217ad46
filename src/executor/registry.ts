// The runtimes that this executor knows, by id.

import { EventEmitter, once } from 'node:events';
import { ExecutorError } from './errors.ts';
import type { Runtime } from './runtime.ts';

export interface Registry {
  get(id: string): Runtime | undefined;
  /** The runtime, once it has been created. Throws `runtime_not_found`. */
  require(id: string): Promise<Runtime>;
  /** Throws `runtime_conflict` if there is one with that id. */
  add(runtime: Runtime): void;
  /** Takes out this runtime, and no other that has its id by now. */
  remove(runtime: Runtime): void;
  all(): Runtime[];
  /** Resolves when a runtime with that id is there. Throws the signal's reason. */
  appears(request: { id: string; signal: AbortSignal }): Promise<Runtime>;
}

export function createRegistry(): Registry {
  const runtimes = new Map<string, Runtime>();
  const added = new EventEmitter().setMaxListeners(0);

  return {
    get: (id) => runtimes.get(id),

    require: async (id) => {
      const runtime = runtimes.get(id);
      if (!runtime) throw new ExecutorError({ type: 'runtime_not_found' });
      await runtime.pending;
      return runtime;
    },

    add: (runtime) => {
      const present = runtimes.get(runtime.id);
      if (present?.pending) {
        throw new ExecutorError({ type: 'runtime_conflict', message: 'A runtime with the same ID is already being created. Attempt a execution soon.' });
      }
      if (present) throw new ExecutorError({ type: 'runtime_conflict' });
      runtimes.set(runtime.id, runtime);
      added.emit('added');
    },

    remove: (runtime) => {
      if (runtimes.get(runtime.id) === runtime) runtimes.delete(runtime.id);
    },

    all: () => [...runtimes.values()],

    appears: async ({ id, signal }) => {
      for (let runtime = runtimes.get(id); ; runtime = runtimes.get(id)) {
        if (runtime) return runtime;
        await once(added, 'added', { signal });
      }
    },
  };
}
