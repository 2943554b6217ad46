// How many calls there may be at once, of one function and of all; who exceeds it waits for a while or is refused at
// once.

import { ExecutorError } from '../errors.ts';

export interface LimitSettings {
  /** Calls of one function at once. */
  perFunction: number;
  /** Calls of one function that may wait beyond that. */
  waiting: number;
  /** Calls of all functions, those that wait included. */
  total: number;
  waitMs: number;
}

/** A call that wants to be let in. */
export interface Entrant {
  /** May be called before `enter` returns. */
  admitted(): void;
  /** The wait was too long. */
  refused(error: ExecutorError): void;
}

export interface Limits {
  /** Throws `runtime_capacity` if there is no room even to wait. */
  enter(request: { name: string; entrant: Entrant }): void;
  /** For who was let in. */
  leave(name: string): void;
  /** For who waits no longer. */
  giveUp(request: { name: string; entrant: Entrant }): void;
  readonly inFlight: number;
  readonly waiting: number;
}

interface Line {
  inFlight: number;
  /** With the timers that end their waits; in the order of their coming. */
  waiting: Map<Entrant, NodeJS.Timeout>;
}

export function createLimits({ perFunction, waiting, total, waitMs }: LimitSettings): Limits {
  const lines = new Map<string, Line>();
  const sum = { inFlight: 0, waiting: 0 };

  function wait({ name, line, entrant }: { name: string; line: Line; entrant: Entrant }): void {
    const timer = setTimeout(() => {
      giveUp({ name, entrant });
      entrant.refused(full());
    }, waitMs);
    line.waiting.set(entrant, timer);
    sum.waiting += 1;
  }

  function giveUp({ name, entrant }: { name: string; entrant: Entrant }): void {
    const line = lines.get(name);
    clearTimeout(line?.waiting.get(entrant));
    if (line?.waiting.delete(entrant)) sum.waiting -= 1;
  }

  return {
    enter: ({ name, entrant }) => {
      if (sum.inFlight + sum.waiting >= total) throw full();
      const line = lines.get(name) ?? { inFlight: 0, waiting: new Map<Entrant, NodeJS.Timeout>() };
      if (line.inFlight >= perFunction) {
        if (line.waiting.size >= waiting) throw full();
        return wait({ name, line, entrant });
      }
      if (line.inFlight === 0) lines.set(name, line);
      line.inFlight += 1;
      sum.inFlight += 1;
      entrant.admitted();
    },

    leave: (name) => {
      const line = lines.get(name);
      if (!line) return;
      const [next] = line.waiting.keys();
      if (next) {
        // Its place goes to the one who has waited longest.
        giveUp({ name, entrant: next });
        next.admitted();
        return;
      }
      sum.inFlight -= 1;
      line.inFlight -= 1;
      if (line.inFlight === 0) lines.delete(name);
    },

    giveUp,

    get inFlight() {
      return sum.inFlight;
    },
    get waiting() {
      return sum.waiting;
    },
  };
}

function full(): ExecutorError {
  return new ExecutorError({
    type: 'runtime_capacity',
    message: 'More calls are under way than may be. Try again later.',
    retryAfter: 1,
  });
}
