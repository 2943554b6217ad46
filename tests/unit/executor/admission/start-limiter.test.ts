// Tests in which order instances start, and how many at once.

import { expect, test } from 'vitest';
import { createStartLimiter, type StartLimiter } from '../../../../src/executor/admission/start-limiter.ts';
import { newQueue, newTicket } from './tickets.ts';

function newLimiter(limits: { most: number; mostIdle: number }) {
  const starts = createStartLimiter({ ...limits, queue: newQueue() });
  const urgent = <T>(action: () => Promise<T>) => starts.urgent(newTicket(), action);
  return { ...starts, urgent } satisfies Record<keyof StartLimiter, unknown>;
}

function recorder() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const action = (name: string) => () => {
    begun.push(name);
    return new Promise<void>((resolve) => void ends.set(name, resolve));
  };
  const end = async (name: string) => {
    ends.get(name)?.();
    await new Promise((resolve) => void setImmediate(resolve));
  };
  return { begun, action, end };
}

test('no more start at once than may, in the order in which they were asked for', async () => {
  const { begun, action, end } = recorder();
  const starts = newLimiter({ most: 2, mostIdle: 1 });
  for (const name of ['a', 'b', 'c', 'd']) void starts.urgent(action(name));
  await end('');
  expect(begun).toEqual(['a', 'b']);
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c']);
});

test('what nobody waits for begins when nothing else is under way', async () => {
  const { begun, action, end } = recorder();
  const starts = newLimiter({ most: 2, mostIdle: 1 });
  void starts.urgent(action('urgent'));
  void starts.idle(action('idle'));
  void starts.idle(action('another'));
  await end('');
  expect(begun).toEqual(['urgent']);
  await end('urgent');
  expect(begun).toEqual(['urgent', 'idle']);
  void starts.urgent(action('late'));
  await end('idle');
  expect(begun).toEqual(['urgent', 'idle', 'late']);
  await end('late');
  expect(begun).toEqual(['urgent', 'idle', 'late', 'another']);
});

test('one that fails makes room, and says why', async () => {
  const starts = newLimiter({ most: 1, mostIdle: 1 });
  await expect(starts.urgent(() => Promise.reject(new Error('no image')))).rejects.toThrow('no image');
  expect(await starts.idle(async () => 'done')).toBe('done');
});
