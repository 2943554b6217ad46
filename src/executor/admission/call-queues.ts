// Calls that wait, by function; a function that nobody waits for takes no memory.

import { createQueue, type Queue, type WaitCounts, type WaitRequest } from './queue.ts';

export interface CallQueues {
  /** See `Queue`. */
  wait(request: WaitRequest & { id: string }): Promise<void>;
  next(id: string): void;
  all(id: string): void;
  withdraw(id: string): (error: unknown) => void;
  length(id: string): number;
}

export function createCallQueues({ counts }: { counts: WaitCounts }): CallQueues {
  const queues = new Map<string, Queue>();
  return {
    wait: async ({ id, ...request }) => {
      const queue = queues.get(id) ?? createQueue({ counts });
      queues.set(id, queue);
      try {
        await queue.wait(request);
      } finally {
        if (queue.length === 0 && queues.get(id) === queue) queues.delete(id);
      }
    },
    next: (id) => queues.get(id)?.next(),
    all: (id) => queues.get(id)?.all(),
    withdraw: (id) => queues.get(id)?.withdraw() ?? (() => {}),
    length: (id) => queues.get(id)?.length ?? 0,
  };
}
