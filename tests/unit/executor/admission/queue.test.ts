// Tests in which order requests have their turn, and when they wait no longer.

import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { newQueue, newTicket, noWaits } from './tickets.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('who arrived first has the first turn, whenever it began to wait', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(), { minLength: 1, maxLength: 20 }), async (orders) => {
      const queue = newQueue();
      const turns: number[] = [];
      const waits = orders.map(async (order) => {
        await queue.wait({ ticket: newTicket({ order }), reason: 'replica' });
        turns.push(order);
      });
      while (queue.length > 0) queue.next();
      await Promise.all(waits);
      expect(turns).toEqual(orders.toSorted((a, b) => a - b));
    }),
  );
});

test('a deadline counts from the arrival, however often a request waits', async () => {
  const queue = newQueue();
  const ticket = newTicket({ patienceMs: 1_000 });
  const first = queue.wait({ ticket, reason: 'capacity' });
  vi.advanceTimersByTime(900);
  queue.next();
  await first;
  const second = queue.wait({ ticket, reason: 'engine' });
  const refused = second.catch((error: unknown) => error);
  vi.advanceTimersByTime(99);
  expect(queue.length).toBe(1);
  vi.advanceTimersByTime(1);
  expect(await refused).toMatchObject({ type: 'runtime_capacity', status: 503, retryAfter: 10 });
  expect(queue.length).toBe(0);
});

test('what has a limit of its own may outlast the deadline', async () => {
  const queue = newQueue();
  const waiting = queue.wait({ ticket: newTicket({ patienceMs: 1 }), reason: 'cold-start', beyondDeadline: true });
  vi.advanceTimersByTime(100_000);
  expect(queue.length).toBe(1);
  queue.next();
  await waiting;
});

test('who gives up is passed over, with its own reason', async () => {
  const queue = newQueue();
  const leaving = new AbortController();
  const gone = queue.wait({ ticket: newTicket({ signal: leaving.signal }), reason: 'replica' });
  const next = queue.wait({ ticket: newTicket(), reason: 'replica' });
  leaving.abort(new Error('left'));
  await expect(gone).rejects.toThrow('left');
  queue.next();
  await next;
});

test('who has given up already does not wait at all', async () => {
  const queue = newQueue();
  const signal = AbortSignal.abort(new Error('left'));
  await expect(queue.wait({ ticket: newTicket({ signal }), reason: 'replica' })).rejects.toThrow('left');
  expect(queue.length).toBe(0);
});

test('those who were withdrawn are sent away, and not who came later', async () => {
  const queue = newQueue();
  const sent = queue.wait({ ticket: newTicket(), reason: 'cold-start' });
  const sendAway = queue.withdraw();
  const later = queue.wait({ ticket: newTicket(), reason: 'cold-start' });
  sendAway(new Error('it does not start'));
  await expect(sent).rejects.toThrow('it does not start');
  expect(queue.length).toBe(1);
  queue.all();
  await later;
});

test('how many wait is counted by what they wait for', async () => {
  const counts = noWaits();
  const queue = newQueue(counts);
  const waits = (['replica', 'replica', 'function'] as const).map((reason) =>
    queue.wait({ ticket: newTicket(), reason }),
  );
  expect(counts).toEqual({ ...noWaits(), replica: 2, function: 1 });
  queue.all();
  await Promise.all(waits);
  expect(counts).toEqual(noWaits());
});
