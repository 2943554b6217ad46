// Lets no more instances start at once than the engine can do with, those last that nobody waits for yet.

import type { Queue, Ticket } from './queue.ts';

export interface StartLimiter {
  /** For a start that a caller waits for. Throws the ticket's refusal, or its signal's reason. */
  urgent<T>(ticket: Ticket, action: () => Promise<T>): Promise<T>;
  /** For a start that has time: it begins when no caller waits for one. */
  idle<T>(action: () => Promise<T>): Promise<T>;
}

export function createStartLimiter({
  most,
  mostIdle,
  queue,
}: {
  most: number;
  mostIdle: number;
  queue: Queue;
}): StartLimiter {
  const running = { urgent: 0, idle: 0 };
  const idle: (() => void)[] = [];

  function admit(): void {
    if (running.urgent < most) queue.next();
    while (running.urgent === 0 && queue.length === 0 && running.idle < mostIdle && idle.length > 0) {
      running.idle += 1;
      idle.shift()?.();
    }
  }

  async function run<T>(kind: 'urgent' | 'idle', action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } finally {
      running[kind] -= 1;
      admit();
    }
  }

  return {
    urgent: async (ticket, action) => {
      while (running.urgent >= most) await queue.wait({ ticket, reason: 'engine' });
      running.urgent += 1;
      return run('urgent', action);
    },
    idle: async (action) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      idle.push(resolve);
      admit();
      await promise;
      return run('idle', action);
    },
  };
}
