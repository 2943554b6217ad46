// What a caller sees when a function goes wrong in any way it can, and that nothing of it is left: no container, no
// folder, no open file; and that others notice nothing.

import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openEngine } from '../support/engine.ts';
import { type ExecutorProcess, executorProcess } from '../support/executor-process.ts';
import { canHaveSmallDisk, smallDisk } from '../support/small-disk.ts';
import { execute, left, leftAtLast, ODD, pack, request, runInFunction } from '../support/tenant.ts';

const docker = openEngine();
const NOT_HERE = canHaveSmallDisk ? '' : ' (left out: file systems can be mounted by root on Linux only)';
let executor: ExecutorProcess;

beforeAll(async () => {
  executor = await executorProcess();
  await pack({ executor, fixture: 'odd' });
  await pack({ executor, fixture: 'shell' });
});
afterEach(async () => {
  await executor.call({ method: 'DELETE', path: '/v1/runtimes/odd' });
  const found = await left({ executor, id: 'odd' });
  if (found.length > 0) throw new Error(`Of the function of this test there is left: ${found.join(', ')}`);
});
afterAll(() => executor?.[Symbol.asyncDispose]());

const odd = (path: string, parameters: object = {}) => request({ executor, id: 'odd', ...ODD, path, ...parameters });
const container = (id: string) => docker.getContainer(`${executor.name}-${id}`);
const answer = async (response: Promise<Response>) =>
  [(await response).status, (await (await response).json()) as Record<string, unknown>] as const;

describe('a runtime that is killed', () => {
  test('before a call is replaced, and the call is answered', async () => {
    await odd('/');
    const { Id } = await container('odd').inspect();
    await container('odd').kill();
    expect(await answer(odd('/'))).toMatchObject([200, { statusCode: 200, body: 'ok', errors: '' }]);
    expect((await container('odd').inspect()).Id).not.toBe(Id);
  });

  test('during a call ends it with the reason, and the next call is answered', async () => {
    const calling = answer(odd(`/log/${encodeURIComponent('touch /tmp/started; exec sleep 60')}`, { timeout: 60 }));
    await expect
      .poll(() => stat(`${executor.folder}/work/${executor.name}-odd/src/started`).catch(() => undefined), {
        interval: 10,
        timeout: 10_000,
      })
      .toBeDefined();
    await container('odd').kill();
    expect(await calling).toMatchObject([
      200,
      { statusCode: 500, body: '', errors: 'The runtime has ended with exit code 137.\n' },
    ]);
    expect(await answer(odd('/'))).toMatchObject([200, { statusCode: 200, body: 'ok' }]);
  });

  test('after a call leaves nothing', async () => {
    await odd('/');
    await container('odd').kill();
    expect(await leftAtLast({ executor, id: 'odd' })).toEqual([]);
  });
});

describe('a function', () => {
  test.each([
    { what: 'that runs out of memory', path: '/memory', errors: 'The runtime ran out of memory and was ended.\n' },
    { what: 'that ends its process', path: '/exit/3', errors: 'The runtime has ended with exit code 3.\n' },
  ])('$what is told apart, and the next call is answered', async ({ path, errors }) => {
    expect(await answer(odd(path, { memory: 128 }))).toMatchObject([200, { statusCode: 500, body: '', errors }]);
    expect(await answer(odd('/', { memory: 128 }))).toMatchObject([200, { statusCode: 200, body: 'ok' }]);
  });

  test('that never answers is ended at its deadline, and the next call is answered', async () => {
    expect(await answer(odd('/never', { timeout: 1 }))).toMatchObject([400, { type: 'execution_timeout' }]);
    expect(await answer(odd('/'))).toMatchObject([200, { statusCode: 200, body: 'ok' }]);
  });

  test('that never ends its answer is cut off, and goes on to answer others', async () => {
    expect(await answer(odd('/endless'))).toMatchObject([
      500,
      { message: expect.stringContaining('more than 67108864 bytes') },
    ]);
    expect(await answer(odd('/'))).toMatchObject([200, { statusCode: 200, body: 'ok' }]);
  });

  test('that writes to its standard output without end fills no disk', async () => {
    await odd(`/log/${encodeURIComponent('timeout 1 yes > /proc/1/fd/1; true')}`);
    const { LogPath } = await container('odd').inspect();
    // A file that is just being exchanged for a new one takes nothing.
    const files = (await readdir(dirname(LogPath))).filter((name) => name.startsWith(basename(LogPath)));
    const sizes = await Promise.all(
      files.map((name) =>
        stat(join(dirname(LogPath), name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(2_000_000);
  });

  test('that starts processes without end is ended at its deadline, while others are served', async () => {
    const bomb = request({
      executor,
      id: 'bomb',
      source: 'shell.tar.gz',
      cpus: 0.5,
      memory: 256,
      timeout: 2,
      method: 'POST',
      body: 'bomb() { bomb | bomb & }; bomb',
    });
    expect(await answer(odd('/'))).toMatchObject([200, { body: 'ok' }]);
    const [, { type, errors }] = await answer(bomb);
    // Its server may still be able to say so itself; or the kernel ends it for want of memory.
    expect(String(type ?? errors)).toMatch(/^execution_timeout$|^Execution timed out\.|out of memory|exit code/);
    await executor.call({ method: 'DELETE', path: '/v1/runtimes/bomb' });
    expect(await leftAtLast({ executor, id: 'bomb' })).toEqual([]);
  });

  test('whose start command opens no port is told apart from one that is slow', async () => {
    const ending = await answer(odd('/', { runtimeEntrypoint: 'exit 4' }));
    expect(ending).toMatchObject([400, { type: 'runtime_failed', message: expect.stringContaining('exit code 4') }]);
  });
});

describe('a build', () => {
  test('that writes without end is ended at its deadline, and its output is cut', async () => {
    const response = await executor.call({
      method: 'POST',
      path: '/v1/runtimes',
      body: { runtimeId: 'build', image: executor.image, command: 'yes', timeout: 1 },
    });
    const { type, message } = (await response.json()) as { type: string; message: string };
    expect([response.status, type, message.slice(-72)]).toEqual([
      400,
      'build_failed',
      expect.stringContaining('it took longer than 1 seconds.'),
    ]);
    expect(message.length).toBeLessThan(1_001_000);
    expect(await left({ executor, id: 'build' })).toEqual([]);
  });

  test('that is killed says so', async () => {
    const building = executor.call({
      method: 'POST',
      path: '/v1/runtimes',
      body: { runtimeId: 'build', image: executor.image, command: 'touch /tmp/started; sleep 60' },
    });
    await expect
      .poll(() => stat(`${executor.folder}/work/${executor.name}-build/src/started`).catch(() => undefined), {
        interval: 10,
        timeout: 10_000,
      })
      .toBeDefined();
    await container('build').kill();
    expect(await answer(building)).toMatchObject([
      400,
      { type: expect.stringMatching(/build_failed|runtime_failed/), message: expect.stringContaining('137') },
    ]);
    expect(await leftAtLast({ executor, id: 'build' })).toEqual([]);
  });
});

test.skipIf(!canHaveSmallDisk)(`a full disk fails what needs it, says so, and is survived${NOT_HERE}`, async () => {
  await using disk = await smallDisk({ megabytes: 48 });
  await using small = await executorProcess({ OPR_EXECUTOR_WORK_FOLDER: disk.path });
  for (const fixture of ['shell', 'odd']) await pack({ executor: small, fixture });
  const fill = { executor: small, id: 'filling', source: 'shell.tar.gz' };
  await execute({ executor: small, id: 'other', ...ODD });
  expect(await runInFunction({ ...fill, script: 'head -c 100M /dev/zero > /tmp/large' })).toMatchObject({
    code: 1,
    output: expect.stringContaining('No space left'),
  });
  expect(await execute({ executor: small, id: 'other', ...ODD, path: '/' })).toMatchObject({
    statusCode: 200,
    body: 'ok',
  });
  expect(await answer(request({ executor: small, id: 'fresh', ...ODD, path: '/' }))).toMatchObject([
    400,
    { type: 'runtime_failed', message: expect.stringMatching(/ENOSPC|no space left/i) },
  ]);
  await runInFunction({ ...fill, script: 'rm /tmp/large' });
  expect(await answer(request({ executor: small, id: 'fresh', ...ODD, path: '/' }))).toMatchObject([
    200,
    { statusCode: 200, body: 'ok' },
  ]);
});
