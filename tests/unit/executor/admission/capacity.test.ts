// Tests the places for runtimes and the queue before them.

import { expect, test } from 'vitest';
import { createCapacity } from '../../../../src/executor/admission/capacity.ts';
import { newQueue, newTicket } from './tickets.ts';

test('who finds no place gets the next one that is given back', async () => {
  const queue = newQueue();
  const capacity = createCapacity({ places: 1, queueSize: 1, queue });
  const leave = await capacity.take(newTicket());
  const second = capacity.take(newTicket());
  expect(queue.length).toBe(1);
  leave();
  await second;
  expect([queue.length, capacity.free]).toEqual([0, 0]);
});

test('a place that is given back twice is one place', async () => {
  const capacity = createCapacity({ places: 1, queueSize: 0, queue: newQueue() });
  const leave = await capacity.take(newTicket());
  leave();
  leave();
  await capacity.take(newTicket());
  await expect(capacity.take(newTicket())).rejects.toMatchObject({ type: 'runtime_capacity' });
});

test('a full queue refuses at once', async () => {
  const capacity = createCapacity({ places: 1, queueSize: 0, queue: newQueue() });
  await capacity.take(newTicket());
  await expect(capacity.take(newTicket())).rejects.toMatchObject({ type: 'runtime_capacity', status: 503 });
});

test('who leaves the queue takes no place', async () => {
  const capacity = createCapacity({ places: 1, queueSize: 2, queue: newQueue() });
  const leave = await capacity.take(newTicket());
  const impatient = new AbortController();
  const gone = capacity.take(newTicket({ signal: impatient.signal }));
  const patient = capacity.take(newTicket());
  impatient.abort(new Error('left'));
  await expect(gone).rejects.toThrow('left');
  leave();
  await patient;
});

test('a runtime that is there already has its place, also beyond the limit', async () => {
  const capacity = createCapacity({ places: 1, queueSize: 1, queue: newQueue() });
  const [first, second] = [capacity.occupy(), capacity.occupy()];
  expect(capacity.free).toBe(0);
  const waiting = capacity.take(newTicket());
  first();
  expect(capacity.free).toBe(0);
  second();
  await waiting;
});
