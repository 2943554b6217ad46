// Tests cold starts with standbys: that they are used, replaced, bounded, and that nothing of them is ever left.

import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import {
  COLD_IMAGE,
  IMAGE,
  memoryExecutor,
  type MemoryExecutor,
  WARM_IMAGE,
} from '../../../support/memory-executor.ts';

const STANDBY = { standbyMax: 4 };
const execute = async (executor: MemoryExecutor, { id = 'one', ...body }: Record<string, unknown> = {}) => {
  const response = await executor.call({
    method: 'POST',
    path: `/v1/runtimes/${String(id)}/executions`,
    body: { image: WARM_IMAGE, source: 'code.tar.gz', ...body },
  });
  return {
    status: response.status,
    ...((await response.json()) as { statusCode?: number; body?: string; type?: string }),
  };
};
const standbys = ({ orchestrator }: MemoryExecutor) =>
  [...orchestrator.instances.keys()].filter((name) => name.startsWith('unit.standby.'));
const ready = async (executor: MemoryExecutor, count = 1) => {
  await expect.poll(() => executor.waiting()).toBe(count);
  return standbys(executor);
};

describe.each([WARM_IMAGE, COLD_IMAGE])('of %s', (image) => {
  test('the second cold start is a standby that the first one made wanted', async () => {
    await using executor = await memoryExecutor(STANDBY);
    await execute(executor, { image });
    const [waiting = ''] = await ready(executor);
    const instance = executor.orchestrator.instances.get(waiting);
    expect(await execute(executor, { image, id: 'two', variables: { MINE: 'a=b\nc' }, memory: 512 })).toMatchObject({
      status: 200,
      statusCode: 200,
    });
    await expect.poll(() => instance?.spec.name).toBe('unit-two');
    expect(instance?.spec.environment).toMatchObject({
      MINE: 'a=b\nc',
      OPEN_RUNTIMES_SECRET: expect.stringMatching(/^[0-9a-f]{64}$/),
      OPEN_RUNTIMES_HOSTNAME: instance?.spec.hostname,
    });
    await ready(executor, 2);
    expect((await readdir(`${executor.folder}/work`)).toSorted()).toEqual(
      [...executor.orchestrator.instances.keys()].toSorted(),
    );
    expect(await readdir(`${executor.folder}/work/unit-two/builds`)).toEqual(['code.tar.gz']);
  });
});

test('none is made of an image that nobody has asked for, nor of one whose starts are special', async () => {
  await using executor = await memoryExecutor({ ...STANDBY, images: [] });
  await execute(executor, { runtimeEntrypoint: 'own command' });
  expect(standbys(executor)).toEqual([]);
});

test('images that are listed have theirs before they are asked for', async () => {
  await using executor = await memoryExecutor({ ...STANDBY, images: [WARM_IMAGE], standbyMin: 2 });
  expect(await ready(executor, 2)).toHaveLength(2);
});

test('there are never more than the limits allow', async () => {
  await using executor = await memoryExecutor({ ...STANDBY, standbyMemory: 1500, maxRuntimes: 20 });
  await Promise.all(Array.from({ length: 8 }, (_, index) => execute(executor, { id: `f${index}` })));
  expect(await ready(executor, 2)).toHaveLength(2);
});

test('they go when nobody asks for the image any more', async () => {
  await using executor = await memoryExecutor({ ...STANDBY, standbyIdleMs: 1_000 });
  await execute(executor);
  await ready(executor, 1);
  await ready(executor, 0);
  await expect.poll(() => standbys(executor)).toEqual([]);
  await expect.poll(() => readdir(`${executor.folder}/work`)).toEqual(['unit-one']);
});

test('one that has ended meanwhile is replaced, and no call notices', async () => {
  await using executor = await memoryExecutor(STANDBY);
  await execute(executor);
  const [first = ''] = await ready(executor);
  await executor.orchestrator.instances.get(first)?.stop({ graceMs: 0 });
  expect(await execute(executor, { id: 'two' })).toMatchObject({ status: 200 });
  await ready(executor);
  expect(standbys(executor)).not.toContain(first);
});

test('an image that does not know of gates serves all the same', async () => {
  await using executor = await memoryExecutor({ ...STANDBY, startTimeoutMs: 300 });
  await execute(executor, { image: IMAGE });
  await expect.poll(() => standbys(executor).length).toBe(1);
  await expect.poll(() => standbys(executor).length).toBe(0);
  expect(await execute(executor, { image: IMAGE, id: 'two' })).toMatchObject({ status: 200 });
});

test('a source that cannot be had leaves nothing of the standby', async () => {
  await using executor = await memoryExecutor(STANDBY);
  await execute(executor);
  const [waiting = ''] = await ready(executor);
  expect(await execute(executor, { id: 'two', source: 'none.tar.gz' })).toMatchObject({
    status: 400,
    type: 'runtime_failed',
  });
  await expect.poll(() => executor.orchestrator.instances.has(waiting)).toBe(false);
  await ready(executor);
  expect((await readdir(`${executor.folder}/work`)).filter((name) => !name.startsWith('unit.standby.'))).toEqual([
    'unit-one',
  ]);
});

test('an executor that ends takes its standbys along, and leaves what they have become', async () => {
  await using executor = await memoryExecutor(STANDBY);
  await execute(executor);
  await ready(executor);
  await execute(executor, { id: 'two' });
  await executor.replace();
  expect(standbys(executor)).toEqual([]);
  const list = (await (await executor.call({ path: '/v1/runtimes' })).json()) as { name: string }[];
  expect(list.map(({ name }) => name).toSorted()).toEqual(['unit-one', 'unit-two']);
  expect(await execute(executor, { id: 'two', image: '' })).toMatchObject({ status: 200, statusCode: 200 });
});

test('a runtime that was a standby is removed like any other', async () => {
  await using executor = await memoryExecutor(STANDBY);
  await execute(executor);
  await ready(executor);
  await execute(executor, { id: 'two' });
  await executor.call({ method: 'DELETE', path: '/v1/runtimes/two' });
  await executor.call({ method: 'DELETE', path: '/v1/runtimes/one' });
  await ready(executor, 2);
  expect([...executor.orchestrator.instances.keys()]).toEqual(standbys(executor));
  expect((await readdir(`${executor.folder}/work`)).toSorted()).toEqual(standbys(executor).toSorted());
});
