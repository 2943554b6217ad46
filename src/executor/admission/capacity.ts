// Places for a limited number of runtimes; who finds none waits in a queue that is limited too.

import type { Queue, Ticket } from './queue.ts';

/** Gives a place back; the second time does nothing. */
export type Release = () => void;

export interface Capacity {
  /** Throws the ticket's refusal, or its signal's reason. */
  take(ticket: Ticket): Promise<Release>;
  /** Takes a place without asking, for a runtime that is already there. */
  occupy(): Release;
  /** Places that nobody has. */
  readonly free: number;
}

export function createCapacity({
  places,
  queueSize,
  queue,
}: {
  places: number;
  queueSize: number;
  queue: Queue;
}): Capacity {
  let taken = 0;
  const isFull = () => taken >= places;

  function occupy(): Release {
    taken += 1;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      taken -= 1;
      if (!isFull()) queue.next();
    };
  }

  return {
    occupy,
    take: async (ticket) => {
      while (isFull()) {
        if (queue.length >= queueSize) throw ticket.refusal();
        await queue.wait({ ticket, reason: 'capacity' });
      }
      return occupy();
    },
    get free() {
      return Math.max(0, places - taken);
    },
  };
}
