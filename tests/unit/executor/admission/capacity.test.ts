// Tests the places for runtimes and the queue before them.

import { expect, test } from 'vitest';
import { createCapacity } from '../../../../src/executor/admission/capacity.ts';

const never = new AbortController().signal;

test('who finds no place gets the next one that is given back', async () => {
  const capacity = createCapacity({ places: 1, queueSize: 1, queueTimeoutMs: 10_000 });
  const leave = await capacity.enter({ signal: never });
  const second = capacity.enter({ signal: never });
  expect(capacity.queued).toBe(1);
  leave();
  await second;
  expect(capacity.queued).toBe(0);
});

test('a place that is given back twice is one place', async () => {
  const capacity = createCapacity({ places: 1, queueSize: 0, queueTimeoutMs: 10_000 });
  const leave = await capacity.enter({ signal: never });
  leave();
  leave();
  await capacity.enter({ signal: never });
  await expect(capacity.enter({ signal: never })).rejects.toMatchObject({
    type: 'runtime_capacity',
    status: 503,
    retryAfter: 10,
  });
});

test('a full queue refuses at once', async () => {
  const capacity = createCapacity({ places: 1, queueSize: 0, queueTimeoutMs: 10_000 });
  await capacity.enter({ signal: never });
  await expect(capacity.enter({ signal: never })).rejects.toMatchObject({ type: 'runtime_capacity' });
});

test('a wait that is over is refused, and its place in the queue is free again', async () => {
  const capacity = createCapacity({ places: 1, queueSize: 1, queueTimeoutMs: 1 });
  await capacity.enter({ signal: never });
  await expect(capacity.enter({ signal: never })).rejects.toMatchObject({ type: 'runtime_capacity' });
  expect(capacity.queued).toBe(0);
});

test('who leaves the queue takes no place', async () => {
  const capacity = createCapacity({ places: 1, queueSize: 2, queueTimeoutMs: 10_000 });
  const leave = await capacity.enter({ signal: never });
  const impatient = new AbortController();
  const gone = capacity.enter({ signal: impatient.signal });
  const patient = capacity.enter({ signal: never });
  impatient.abort(new Error('left'));
  await expect(gone).rejects.toThrow('left');
  leave();
  await patient;
});
