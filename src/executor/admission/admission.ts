// The executor's door: gives each request its place in the order and its deadline, and knows what may be under way.

import { availableParallelism } from 'node:os';
import { ExecutorError } from '../errors.ts';
import type { ExecutorSettings } from '../settings.ts';
import { type CallQueues, createCallQueues } from './call-queues.ts';
import { type Capacity, createCapacity } from './capacity.ts';
import { createQueue, type Ticket, type WaitCounts } from './queue.ts';
import { createStartLimiter, type StartLimiter } from './start-limiter.ts';

const NEVER = new AbortController().signal;

export interface Admission {
  /** A ticket for a request that is no call of a function. Its patience begins now. */
  ticket(signal?: AbortSignal): Ticket;
  /** A ticket for a call, which counts until `leave`. Throws `runtime_capacity` if there are too many already. */
  enter(signal?: AbortSignal): Ticket;
  leave(): void;
  /** Calls that wait for a replica of their function. */
  readonly calls: CallQueues;
  /** Limits how many runtimes there are. */
  readonly capacity: Capacity;
  /** Limits how many instances start at once. */
  readonly startLimiter: StartLimiter;
  /** How many requests wait, by what they wait for. */
  readonly waiting: Readonly<WaitCounts>;
}

type Limits = Pick<ExecutorSettings, 'maxRuntimes' | 'maxCalls' | 'queueSize' | 'queueTimeoutMs'>;

export function createAdmission({ maxRuntimes, maxCalls, queueSize, queueTimeoutMs }: Limits): Admission {
  const counts: WaitCounts = { function: 0, replica: 0, 'cold-start': 0, capacity: 0, engine: 0 };
  const retryAfter = Math.max(1, Math.ceil(queueTimeoutMs / 1000));
  const refusal = () => new ExecutorError({ type: 'runtime_capacity', retryAfter });
  let order = 0;
  let entered = 0;

  function ticket(signal = NEVER): Ticket {
    order += 1;
    return { order, deadline: Date.now() + queueTimeoutMs, signal, refusal };
  }

  return {
    ticket,
    enter: (signal) => {
      if (entered >= maxCalls) throw tooManyCalls();
      entered += 1;
      return ticket(signal);
    },
    leave: () => {
      entered -= 1;
    },
    calls: createCallQueues({ counts }),
    capacity: createCapacity({ places: maxRuntimes, queueSize, queue: createQueue({ counts }) }),
    // An engine gets no further by starting more at once than this, and each of them takes longer.
    startLimiter: createStartLimiter({
      most: 2 * availableParallelism(),
      mostIdle: Math.ceil(availableParallelism() / 2),
      queue: createQueue({ counts }),
    }),
    waiting: counts,
  };
}

function tooManyCalls(): ExecutorError {
  const message = 'More calls are under way than may be. Try again later.';
  return new ExecutorError({ type: 'runtime_capacity', message, retryAfter: 1 });
}
