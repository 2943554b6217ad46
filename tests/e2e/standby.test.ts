// Cold starts from standbys on a real engine with a real image: what they become, and that none is left behind.

import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEngine } from '../support/engine.ts';
import { type ExecutorProcess, executorProcess } from '../support/executor-process.ts';
import { freePorts } from '../../src/lib/ports.ts';

interface Answer {
  status: number;
  statusCode?: number;
  body?: string;
  logs?: string;
  errors?: string;
  type?: string;
}

const docker = openEngine();
const LIMIT = { timeout: 30_000 };
let executor: ExecutorProcess;
let metrics: string;
let artifact: string;

beforeAll(async () => {
  const [port = 0] = await freePorts(1);
  metrics = `http://127.0.0.1:${port}/metrics`;
  executor = await executorProcess({ OPR_EXECUTOR_METRICS: String(port), OPR_EXECUTOR_STANDBY_MAX: '2' });
  artifact = await executor.build('function');
});
afterAll(() => executor[Symbol.asyncDispose]());

test('a second function becomes what waited for it, with its own environment, secret and logs', async () => {
  await execute({ id: 'first', steps: [['count']] });
  const [waiting] = await waitingStandbys();
  expect(
    await execute({
      id: 'second',
      variables: { MINE: 'a=b\n"c"' },
      steps: [
        ['log', 'hello'],
        ['env', 'MINE'],
      ],
    }),
  ).toMatchObject({ body: 'a=b\n"c"', logs: 'hello\n', errors: '' });
  await expect.poll(async () => (await containerNamed('second'))?.Id, LIMIT).toBe(waiting?.Id);
  expect(await execute({ id: 'second', steps: [['count']] })).toMatchObject({ body: '2' });
});

test('variables that count only when a process starts are there from its start', async () => {
  await waitingStandbys();
  expect(await execute({ id: 'zoned', variables: { TZ: 'Pacific/Auckland' }, steps: [['env', 'TZ']] })).toMatchObject({
    body: 'Pacific/Auckland',
  });
});

test('an artifact that cannot be unpacked is an error, and nothing of the standby is left', async () => {
  await waitingStandbys();
  await writeFile(path.join(executor.folder, 'storage/bad.tar.gz'), 'no archive');
  expect(await execute({ id: 'bad', source: 'bad.tar.gz', steps: [] })).toMatchObject({
    status: 400,
    type: 'runtime_failed',
    message: expect.stringContaining('exit code 1 and the exit message: '),
  });
  await expect.poll(() => containerNamed('bad'), LIMIT).toBeUndefined();
  expect((await folders()).filter((name) => name.endsWith('-bad'))).toEqual([]);
});

test('an artifact that is not there is an error, and nothing of the standby is left', async () => {
  await waitingStandbys();
  expect(await execute({ id: 'none', source: 'none.tar.gz', steps: [] })).toMatchObject({
    status: 400,
    type: 'runtime_failed',
  });
  expect(await containerNamed('none')).toBeUndefined();
  expect((await folders()).filter((name) => name.endsWith('-none'))).toEqual([]);
});

test.each(['SIGKILL', 'SIGTERM'] as const)(
  '%s of the executor ends those that wait and none that has become a function',
  async (signal) => {
    const waiting = await waitingStandbys();
    const before = Number((await execute({ id: 'second', steps: [['count']] })).body);
    await executor.restart(signal);
    const left = await standbys();
    expect(left.filter(({ Id }) => waiting.some((one) => one.Id === Id))).toEqual([]);
    expect(await execute({ id: 'second', steps: [['count']] })).toMatchObject({ body: String(before + 1) });
    const containers = await docker.listContainers({
      all: true,
      filters: { label: [`open-runtimes.owner=${executor.name}`] },
    });
    expect((await folders()).toSorted()).toEqual(containers.map(({ Names }) => Names[0]?.slice(1)).toSorted());
    // Others wait again as soon as somebody has asked.
    await execute({ id: `after-${signal.toLowerCase()}`, steps: [['count']] });
  },
);

test('deleting a function that was a standby leaves nothing', async () => {
  await executor.call({ method: 'DELETE', path: '/v1/runtimes/second' });
  expect(await containerNamed('second')).toBeUndefined();
  expect((await folders()).filter((name) => name.endsWith('-second'))).toEqual([]);
});

async function execute({
  id,
  steps,
  ...parameters
}: { id: string; steps: unknown[] } & Record<string, unknown>): Promise<Answer> {
  const body = {
    image: executor.image,
    source: artifact,
    entrypoint: executor.entrypoint,
    headers: { 'x-conformance-steps': JSON.stringify(steps) },
    ...parameters,
  };
  const response = await executor.call({ method: 'POST', path: `/v1/runtimes/${id}/executions`, body });
  return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) };
}

/** Containers that wait at their gates, once there are some. */
async function waitingStandbys() {
  await expect
    .poll(
      async () => /^opr_executor_instances\{state="standby"\} [1-9]/m.test(await (await fetch(metrics)).text()),
      LIMIT,
    )
    .toBe(true);
  return standbys();
}

async function standbys() {
  return docker.listContainers({ all: true, filters: { name: [`${executor.name}.standby.`] } });
}

async function containerNamed(id: string) {
  const [container] = await docker.listContainers({ all: true, filters: { name: [`^/${executor.name}-${id}$`] } });
  return container;
}

async function folders(): Promise<string[]> {
  return readdir(path.join(executor.folder, 'work'));
}
