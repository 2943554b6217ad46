// Tests that a function has as many instances as its calls need, and no more than there is room for.

import { expect, test } from 'vitest';
import { IMAGE, memoryExecutor, type MemoryExecutor, WARM_IMAGE } from '../../../support/memory-executor.ts';

const execute = async (executor: MemoryExecutor, { id = 'one', ...body }: Record<string, unknown> = {}) => {
  const response = await executor.call({
    method: 'POST',
    path: `/v1/runtimes/${String(id)}/executions`,
    body: { image: IMAGE, source: 'code.tar.gz', path: '/wait/100', ...body },
  });
  return response.status;
};
const callsAtOnce = (executor: MemoryExecutor, { count, ...body }: { count: number } & Record<string, unknown>) =>
  Promise.all(Array.from({ length: count }, () => execute(executor, body)));
const instances = ({ orchestrator }: MemoryExecutor) => [...orchestrator.instances.keys()].toSorted();
const all = (count: number) => Array.from({ length: count }, () => 200);

test.each([
  { concurrency: 0, instancesNeeded: 1 },
  { concurrency: 10, instancesNeeded: 10 },
  { concurrency: 40, instancesNeeded: 3 },
  { concurrency: 1_000, instancesNeeded: 1 },
])(
  '100 first calls at once of a function that takes $concurrency at once make $instancesNeeded instances',
  async ({ concurrency, instancesNeeded }) => {
    await using executor = await memoryExecutor({ maxRuntimes: 200, queueSize: 200 });
    // Longer than it takes them all to come.
    expect(await callsAtOnce(executor, { count: 100, concurrency, path: '/wait/1500' })).toEqual(all(100));
    expect(instances(executor)).toHaveLength(instancesNeeded);
  },
);

test('more are started when calls come that find no room, and each has a name of its own', async () => {
  await using executor = await memoryExecutor();
  await execute(executor, { concurrency: 1 });
  expect(await callsAtOnce(executor, { count: 3, concurrency: 1 })).toEqual(all(3));
  expect(instances(executor)).toEqual(['unit-one', 'unit.2-one', 'unit.3-one']);
});

test('without a free place calls wait for each other', async () => {
  await using executor = await memoryExecutor({ maxRuntimes: 2, queueSize: 50 });
  expect(await callsAtOnce(executor, { count: 20, concurrency: 1, path: '/wait/5' })).toEqual(all(20));
  expect(instances(executor)).toHaveLength(2);
});

test('a call that waits for room too long is refused', async () => {
  await using executor = await memoryExecutor({ maxRuntimes: 1, queueTimeoutMs: 50 });
  await execute(executor, { concurrency: 1, path: '/' });
  expect((await callsAtOnce(executor, { count: 2, concurrency: 1, path: '/wait/500' })).toSorted()).toEqual([200, 503]);
});

test('those that are idle go, and the function stays as long as it has one', async () => {
  await using executor = await memoryExecutor({ inactiveThresholdMs: 300 });
  await callsAtOnce(executor, { count: 3, concurrency: 1 });
  const busy = execute(executor, { concurrency: 1, path: '/wait/1500' });
  await expect.poll(() => instances(executor)).toHaveLength(1);
  expect(await busy).toBe(200);
  await expect.poll(() => instances(executor)).toEqual([]);
});

test('a start that fails is told to all who wait for it, and is tried once for each call at most', async () => {
  await using executor = await memoryExecutor();
  expect(await callsAtOnce(executor, { count: 10, concurrency: 1, image: 'none' })).toEqual(
    Array.from({ length: 10 }, () => 400),
  );
  expect(instances(executor)).toEqual([]);
});

test('an instance that dies takes only its own calls along', async () => {
  await using executor = await memoryExecutor();
  const calls = [
    execute(executor, { concurrency: 1 }),
    execute(executor, { concurrency: 1, path: '/exit/1' }),
    execute(executor, { concurrency: 1 }),
    execute(executor, { concurrency: 1 }),
  ];
  expect(await Promise.all(calls)).toEqual(all(4));
});

test('further ones come from standbys too, and deleting takes all of them', async () => {
  await using executor = await memoryExecutor({ standbyMax: 4 });
  await execute(executor, { image: WARM_IMAGE, concurrency: 1 });
  await expect.poll(() => executor.waiting()).toBe(1);
  const waiting = executor.orchestrator.instances.get(
    instances(executor).find((name) => name.includes('standby')) ?? '',
  );
  await callsAtOnce(executor, { count: 2, image: WARM_IMAGE, concurrency: 1 });
  expect(waiting?.spec.name).toBe('unit.2-one');
  await executor.call({ method: 'DELETE', path: '/v1/runtimes/one' });
  expect(instances(executor).filter((name) => !name.includes('standby'))).toEqual([]);
});

test('calls through the gateway have more started as well', async () => {
  await using executor = await memoryExecutor();
  await execute(executor, { concurrency: 1 });
  const answers = await Promise.all(Array.from({ length: 3 }, () => fetch(`${executor.url}/functions/one/wait/300`)));
  expect(answers.map(({ status }) => status)).toEqual(all(3));
  expect(instances(executor)).toHaveLength(3);
});

test('a new executor knows all instances of a function', async () => {
  await using executor = await memoryExecutor();
  await callsAtOnce(executor, { count: 3, concurrency: 1 });
  const before = instances(executor);
  await executor.replace();
  expect(await callsAtOnce(executor, { count: 3, image: '', concurrency: 0 })).toEqual(all(3));
  expect(instances(executor)).toEqual(before);
});
