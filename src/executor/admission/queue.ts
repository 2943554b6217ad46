// Requests that wait, in the order in which they arrived at the executor's door, each until its own deadline.

import { ExecutorError } from '../errors.ts';

/** What a request is given at the door and keeps: whatever it waits for, it has waited since then. */
export interface Ticket {
  /** Lower ones have arrived earlier. */
  readonly order: number;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** Aborts when the request is given up. */
  readonly signal: AbortSignal;
  /** What it is told when it can wait no longer, or nowhere. */
  refusal(): ExecutorError;
}

/**
 * `function`: as many calls of it are under way as may be; `replica`: all replicas are busy; `cold-start`: one is being
 * started; `capacity`: there are as many runtimes as may be; `engine`: as many start at once as may.
 */
export type WaitReason = (typeof WAIT_REASONS)[number];
export const WAIT_REASONS = ['function', 'replica', 'cold-start', 'capacity', 'engine'] as const;

/** How many wait, for each reason. */
export type WaitCounts = Record<WaitReason, number>;

interface Waiting {
  readonly ticket: Ticket;
  wake(): void;
  fail(error: unknown): void;
}

export interface WaitRequest {
  ticket: Ticket;
  reason: WaitReason;
  /** For what has a limit of its own. */
  beyondDeadline?: boolean;
}

export interface Queue {
  /**
   * Resolves when it may be this request's turn; who finds that it is not waits again, at its old place. Throws the
   * ticket's refusal at its deadline, its signal's reason, and what it is sent away with.
   */
  wait(request: WaitRequest): Promise<void>;
  /** Lets the first one look again. */
  next(): void;
  /** Lets all of them look again. */
  all(): void;
  /** Takes all of them out, to be sent away with an error later; who comes from now on is not among them. */
  withdraw(): (error: unknown) => void;
  readonly length: number;
}

export function createQueue({ counts }: { counts: WaitCounts }): Queue {
  let queue: Waiting[] = [];

  function insert(waiting: Waiting): void {
    const later = queue.findIndex(({ ticket }) => ticket.order > waiting.ticket.order);
    if (later === -1) queue.push(waiting);
    else queue.splice(later, 0, waiting);
  }

  function wait({ ticket, reason, beyondDeadline = false }: WaitRequest): Promise<void> {
    const { signal, deadline } = ticket;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let settled = false;
    const settle = (action: () => void) => {
      if (settled) return;
      settled = true;
      counts[reason] -= 1;
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      const index = queue.indexOf(waiting);
      if (index !== -1) queue.splice(index, 1);
      action();
    };
    const waiting: Waiting = {
      ticket,
      wake: () => settle(resolve),
      fail: (error) => settle(() => reject(error as Error)),
    };
    const abort = () => waiting.fail(signal.reason);
    const limit = Math.max(0, deadline - Date.now());
    const timer = beyondDeadline ? undefined : setTimeout(() => waiting.fail(ticket.refusal()), limit);
    counts[reason] += 1;
    signal.addEventListener('abort', abort);
    insert(waiting);
    if (signal.aborted) abort();
    return promise;
  }

  return {
    wait,
    next: () => queue[0]?.wake(),
    all: () => [...queue].forEach((waiting) => waiting.wake()),
    withdraw: () => {
      const withdrawn = queue;
      queue = [];
      return (error) => withdrawn.forEach((waiting) => waiting.fail(error));
    },
    get length() {
      return queue.length;
    },
  };
}
