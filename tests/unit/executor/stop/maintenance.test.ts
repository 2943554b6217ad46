// Tests that what the executor knows and what there is stay in step, also across executors.

import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { IMAGE, memoryExecutor, type MemoryExecutor } from '../../../support/memory-executor.ts';

const COLD = { image: IMAGE, source: 'code.tar.gz' };
const execute = (executor: MemoryExecutor, { id = 'one', ...body }: Record<string, unknown> = {}) =>
  executor.call({ method: 'POST', path: `/v1/runtimes/${id as string}/executions`, body: { ...COLD, ...body } });
const names = async (executor: MemoryExecutor) =>
  ((await (await executor.call({ path: '/v1/runtimes' })).json()) as { name: string }[]).map(({ name }) => name);

test('an idle runtime is removed with all that is its own', async () => {
  await using executor = await memoryExecutor({ inactiveThresholdMs: 100 });
  await execute(executor);
  await expect.poll(() => names(executor)).toEqual([]);
  await expect.poll(() => executor.orchestrator.instances.size).toBe(0);
  await expect.poll(() => readdir(`${executor.folder}/work`)).toEqual([]);
});

test('a runtime with work in flight is never idle', async () => {
  await using executor = await memoryExecutor({ inactiveThresholdMs: 100 });
  const response = await execute(executor, { path: '/wait/600' });
  expect(await response.json()).toMatchObject({ statusCode: 200 });
});

test('a runtime that ends by itself is forgotten', async () => {
  await using executor = await memoryExecutor();
  await execute(executor);
  void execute(executor, { path: '/exit/1' });
  await expect.poll(() => names(executor)).toEqual([]);
});

test('a call that meets a runtime which has just ended, and nobody knows, finds a fresh one', async () => {
  await using executor = await memoryExecutor();
  await execute(executor);
  const { orchestrator } = executor;
  const before = orchestrator.instances.get('unit-one');
  orchestrator.events.removeAllListeners();
  await before?.stop({ graceMs: 0 });
  const response = await execute(executor);
  expect(await response.json()).toMatchObject({ statusCode: 200, errors: '' });
  expect(orchestrator.instances.get('unit-one')).not.toBe(before);
});

test('a request to an instance that has just ended reaches another one of the function', async () => {
  await using executor = await memoryExecutor();
  const { orchestrator, url } = executor;
  await Promise.all(['/wait/50', '/wait/50'].map((path) => execute(executor, { concurrency: 1, path })));
  const first = orchestrator.instances.get('unit-one');
  orchestrator.events.removeAllListeners();
  await first?.stop({ graceMs: 0 });
  const answer = fetch(`${url}/functions/one/`);
  expect((await answer).status).toBe(200);
});

test('beyond the limit calls wait for room, and get it', async () => {
  await using executor = await memoryExecutor({ maxRuntimes: 1, inactiveThresholdMs: 100 });
  const responses = await Promise.all([
    execute(executor, { id: 'one' }),
    execute(executor, { id: 'two' }),
    execute(executor, { id: 'three' }),
  ]);
  expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
});

test('when the wait is over the answer is 503 with the time to try again', async () => {
  await using executor = await memoryExecutor({ maxRuntimes: 1, queueTimeoutMs: 20 });
  await execute(executor, { id: 'one' });
  const response = await execute(executor, { id: 'two' });
  expect([response.status, response.headers.get('retry-after'), await response.json()]).toMatchObject([
    503,
    '1',
    { type: 'runtime_capacity' },
  ]);
});

test('a new executor serves the runtimes of an earlier one without starting them anew', async () => {
  await using executor = await memoryExecutor();
  await execute(executor);
  const [before] = executor.orchestrator.instances.values();
  await executor.replace();
  expect(await names(executor)).toEqual(['unit-one']);
  const response = await executor.call({ method: 'POST', path: '/v1/runtimes/one/executions', body: {} });
  expect(await response.json()).toMatchObject({ statusCode: 200 });
  expect([...executor.orchestrator.instances.values()]).toEqual([before]);
});

test('a new executor removes builds that nobody waits for any more, and folders without a runtime', async () => {
  await using executor = await memoryExecutor();
  await executor.call({
    method: 'POST',
    path: '/v1/runtimes',
    body: { runtimeId: 'built', image: IMAGE, command: 'true' },
  });
  await executor.replace();
  expect([await names(executor), await readdir(`${executor.folder}/work`)]).toEqual([[], []]);
});
