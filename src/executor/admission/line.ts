// Calls that wait for an instance of their function, by function, in the order in which they came.

interface Waiting {
  wake: () => void;
  fail: (error: unknown) => void;
}

export interface Line {
  /**
   * Resolves when it may be this call's turn. Throws what it is sent away with, the signal's reason, and `full()` after
   * `limitMs`.
   */
  wait(request: { id: string; signal: AbortSignal; limitMs: number | undefined; full: () => Error }): Promise<void>;
  /** Lets the first one look again: there is room for one more call. */
  next(id: string): void;
  /** Lets all of them look again: instances have come or gone. */
  all(id: string): void;
  /**
   * Takes all of them out, to be sent away with an error once all is in order again; who comes from now on is not among
   * them.
   */
  withdraw(id: string): (error: unknown) => void;
  length(id: string): number;
}

export function createLine(): Line {
  const lines = new Map<string, Set<Waiting>>();
  const waitingOf = (id: string) => [...(lines.get(id) ?? [])];

  function wait({ id, signal, limitMs, full }: Parameters<Line['wait']>[0]): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const line = lines.get(id) ?? new Set();
    lines.set(id, line);
    const settle = (action: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      line.delete(waiting);
      if (line.size === 0 && lines.get(id) === line) lines.delete(id);
      action();
    };
    const waiting: Waiting = { wake: () => settle(resolve), fail: (error) => settle(() => reject(error as Error)) };
    const abort = () => waiting.fail(signal.reason);
    const timer = limitMs === undefined ? undefined : setTimeout(() => waiting.fail(full()), limitMs);
    signal.addEventListener('abort', abort);
    line.add(waiting);
    if (signal.aborted) abort();
    return promise;
  }

  return {
    wait,
    next: (id) => lines.get(id)?.values().next().value?.wake(),
    all: (id) => waitingOf(id).forEach(({ wake }) => wake()),
    withdraw: (id) => {
      const withdrawn = waitingOf(id);
      lines.delete(id);
      return (error) => withdrawn.forEach(({ fail }) => fail(error));
    },
    length: (id) => lines.get(id)?.size ?? 0,
  };
}
