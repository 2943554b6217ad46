// Room for a limited number of runtimes; who finds none waits in a queue that is limited too.

import { ExecutorError } from '../errors.ts';

interface Waiting {
  admit: () => void;
}

export interface Capacity {
  /** Resolves with a function that gives the place back. Throws `runtime_capacity`, or the signal's reason. */
  enter(request: { signal: AbortSignal }): Promise<() => void>;
  /** Takes a place without asking, for a runtime that is already there. */
  occupy(): () => void;
  readonly queued: number;
  /** Places that nobody has. */
  readonly free: number;
}

export function createCapacity({
  places,
  queueSize,
  queueTimeoutMs,
}: {
  places: number;
  queueSize: number;
  queueTimeoutMs: number;
}): Capacity {
  const queue: Waiting[] = [];
  let taken = 0;

  function occupy(): () => void {
    taken += 1;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      taken -= 1;
      if (taken < places) queue.shift()?.admit();
    };
  }

  function full(): ExecutorError {
    return new ExecutorError({ type: 'runtime_capacity', retryAfter: Math.max(1, Math.ceil(queueTimeoutMs / 1000)) });
  }

  function enter({ signal }: { signal: AbortSignal }): Promise<() => void> {
    if (taken < places) return Promise.resolve(occupy());
    if (queue.length >= queueSize) return Promise.reject(full());
    const { promise, resolve, reject } = Promise.withResolvers<() => void>();
    const settle = (action: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      const index = queue.indexOf(waiting);
      if (index !== -1) queue.splice(index, 1);
      action();
    };
    const waiting: Waiting = { admit: () => settle(() => resolve(occupy())) };
    const abort = () => settle(() => reject(signal.reason as Error));
    const timer = setTimeout(() => settle(() => reject(full())), queueTimeoutMs);
    signal.addEventListener('abort', abort);
    queue.push(waiting);
    return promise;
  }

  return {
    enter,
    occupy,
    get queued() {
      return queue.length;
    },
    get free() {
      return Math.max(0, places - taken);
    },
  };
}
