// Lets no more instances start at once than the engine can do with, those last that nobody waits for yet.

export interface Starts {
  /** For a start that a caller waits for. */
  urgent<T>(action: () => Promise<T>): Promise<T>;
  /** For a start that has time: it begins when no caller waits for one. */
  idle<T>(action: () => Promise<T>): Promise<T>;
}

export function createStarts({ most, mostIdle }: { most: number; mostIdle: number }): Starts {
  const running = { urgent: 0, idle: 0 };
  const waiting = { urgent: [] as (() => void)[], idle: [] as (() => void)[] };

  function admit(): void {
    while (running.urgent < most && waiting.urgent.length > 0) waiting.urgent.shift()?.();
    while (running.urgent === 0 && running.idle < mostIdle && waiting.idle.length > 0) waiting.idle.shift()?.();
  }

  async function run<T>(kind: 'urgent' | 'idle', action: () => Promise<T>): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting[kind].push(() => {
      running[kind] += 1;
      resolve();
    });
    admit();
    await promise;
    try {
      return await action();
    } finally {
      running[kind] -= 1;
      admit();
    }
  }

  return { urgent: (action) => run('urgent', action), idle: (action) => run('idle', action) };
}
