// Tickets and queues for tests of what waits.

import { createQueue, type Queue, type Ticket, type WaitCounts } from '../../../../src/executor/admission/queue.ts';
import { ExecutorError } from '../../../../src/executor/errors.ts';

const NEVER = new AbortController().signal;

export function noWaits(): WaitCounts {
  return { function: 0, replica: 0, 'cold-start': 0, capacity: 0, engine: 0 };
}

export function newQueue(counts: WaitCounts = noWaits()): Queue {
  return createQueue({ counts });
}

let order = 0;

/** Each is later than those before it. */
export function newTicket({ patienceMs = 10_000, ...given }: Partial<Ticket> & { patienceMs?: number } = {}): Ticket {
  order += 1;
  return { order, deadline: Date.now() + patienceMs, signal: NEVER, refusal, ...given };
}

function refusal(): ExecutorError {
  return new ExecutorError({ type: 'runtime_capacity', retryAfter: 10 });
}
