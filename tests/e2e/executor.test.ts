// Drives a real executor on a real engine with a real image, both ways in which containers are reached.

import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEngine } from '../support/engine.ts';
import { type ExecutorProcess, executorProcess } from '../support/executor-process.ts';

const docker = openEngine();
let executor: ExecutorProcess;
let artifact: string;

describe.each(['address', 'published'])('with runtimes reached at their %s', (reach) => {
  beforeAll(async () => {
    executor = await executorProcess({ OPR_EXECUTOR_REACH: reach });
    artifact = await executor.build('function');
  });
  afterAll(() => executor[Symbol.asyncDispose]());

  test('a function is started by its first call, and its logs come with the answer', async () => {
    const result = await execute({
      steps: [
        ['log', 'hello'],
        ['error', 'oh'],
        ['reply', { kind: 'json', body: { a: 1 } }],
      ],
    });
    expect(result).toMatchObject({ statusCode: 200, body: '{"a":1}', logs: 'hello\n', errors: 'oh\n' });
  });

  test('20 MiB of random bytes come back as they went, in multipart', async () => {
    const bytes = randomBytes(20 * 1024 * 1024);
    const form = new FormData();
    form.set('body', new Blob([bytes]));
    form.set('method', 'POST');
    form.set('timeout', '60');
    form.set('headers', JSON.stringify({ 'x-conformance-steps': JSON.stringify([['echo', 'bodyBinary']]) }));
    const response = await fetch(`${executor.url}/v1/runtimes/one/executions`, {
      method: 'POST',
      headers: { authorization: 'Bearer e2e-secret' },
      body: form,
    });
    const answer = Buffer.from(await response.arrayBuffer());
    expect(answer.includes(bytes)).toBe(true);
  });

  test('the gateway passes a stream on while it is being made', async () => {
    const response = await fetch(`${executor.url}/functions/one/any/path`, {
      headers: { 'x-conformance-steps': JSON.stringify([['stream', 300, 'a', 'b', 'c']]) },
    });
    const pieces: string[] = [];
    for await (const piece of response.body ?? []) pieces.push(Buffer.from(piece as Uint8Array).toString());
    expect(pieces).toEqual(['a', 'b', 'c']);
  });

  test('a function that blocks is ended at its deadline, and the next call finds a fresh process', async () => {
    const blocked = await request({ timeout: 1, steps: [['block', 60_000]] });
    expect(await blocked.json()).toMatchObject({ statusCode: 500, errors: 'Execution timed out.\n' });
    expect(await execute({ steps: [['count']] })).toMatchObject({ statusCode: 200, body: '1' });
  });

  test('a function that ends its process is told apart from one that answers', async () => {
    expect(
      await execute({
        steps: [
          ['log', 'before'],
          ['exit', 3],
        ],
      }),
    ).toMatchObject({ statusCode: 500, errors: expect.stringContaining('exit code 3'), logs: 'before\n' });
    expect(await execute({ steps: [['count']] })).toMatchObject({ statusCode: 200, body: '1' });
  });

  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'after %s a new executor serves the same runtime without starting it anew',
    async (signal) => {
      const before = Number((await execute({ steps: [['count']] })).body);
      await executor.restart(signal);
      expect(await execute({ steps: [['count']] })).toMatchObject({ statusCode: 200, body: String(before + 1) });
    },
  );

  test('containers are confined', async () => {
    const { Config, HostConfig } = await docker.getContainer(`${executor.name}-one`).inspect();
    expect([Config.User, HostConfig.ReadonlyRootfs, HostConfig.CapDrop, HostConfig.SecurityOpt]).toEqual([
      '10001:10001',
      true,
      ['ALL'],
      ['no-new-privileges'],
    ]);
    expect([HostConfig.Memory, HostConfig.PidsLimit, HostConfig.CpuQuota]).toEqual([
      512 * 1024 * 1024,
      expect.any(Number),
      100_000,
    ]);
  });

  test('a build that fails ends with its exit code and leaves nothing', async () => {
    const body = { runtimeId: 'bad', image: executor.image, command: 'echo "some output"; exit 7' };
    const response = await executor.call({ method: 'POST', path: '/v1/runtimes', body });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { type: 'build_failed', message: 'some output\nBuild command exited with code 7.' },
    ]);
    expect(await left('bad')).toEqual({ containers: [], folders: [] });
  });

  test('a command reaches the shell as it was sent, expanded once', async () => {
    const body = {
      runtimeId: 'quote',
      image: executor.image,
      variables: { MINE: 'a  $b' },
      command: `echo "$MINE" '$MINE' \\$MINE "\`echo 1\`"`,
      remove: true,
    };
    const response = await executor.call({ method: 'POST', path: '/v1/runtimes', body });
    const { output } = (await response.json()) as { output: { content: string }[] };
    expect(output.map(({ content }) => content).join('')).toBe('a  $b $MINE $MINE 1\r\n');
  });

  test('the output of a build can be followed while it is written', async () => {
    const body = {
      runtimeId: 'live',
      image: executor.image,
      command: 'for i in 1 2 3; do echo line $i; sleep 0.3; done',
      remove: true,
    };
    const build = executor.call({ method: 'POST', path: '/v1/runtimes', body });
    const logs = await executor.call({ path: '/v1/runtimes/live/logs' });
    expect(logs.headers.get('content-type')).toBe('text/event-stream');
    const pieces: string[] = [];
    for await (const piece of logs.body ?? []) pieces.push(Buffer.from(piece as Uint8Array).toString());
    const stamp = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00`;
    expect(pieces.join('')).toMatch(new RegExp(`^${[1, 2, 3].map((n) => `${stamp} line ${n}\\r\\\\n\\n`).join('')}$`));
    expect(pieces.length).toBeGreaterThan(1);
    expect((await build).status).toBe(201);
  });

  test('commands run in a runtime', async () => {
    const response = await executor.call({
      method: 'POST',
      path: '/v1/runtimes/one/commands',
      body: { command: 'id -u; touch /x' },
    });
    expect([response.status, await response.json()]).toMatchObject([500, { type: 'command_failed' }]);
    const right = await executor.call({
      method: 'POST',
      path: '/v1/runtimes/one/commands',
      body: { command: 'id -u' },
    });
    expect(await right.json()).toEqual({ output: '10001\n' });
  });

  test('deleting leaves nothing', async () => {
    await executor.call({ method: 'DELETE', path: '/v1/runtimes/one' });
    expect(await left('one')).toEqual({ containers: [], folders: [] });
  });
});

function request({ steps, ...parameters }: { steps: unknown[]; timeout?: number }): Promise<Response> {
  const body = {
    image: executor.image,
    source: artifact,
    entrypoint: executor.entrypoint,
    headers: { 'x-conformance-steps': JSON.stringify(steps) },
    ...parameters,
  };
  return executor.call({ method: 'POST', path: '/v1/runtimes/one/executions', body });
}

async function execute(parameters: {
  steps: unknown[];
}): Promise<{ statusCode: number; body: string; logs: string; errors: string }> {
  return (await (await request(parameters)).json()) as {
    statusCode: number;
    body: string;
    logs: string;
    errors: string;
  };
}

async function left(id: string): Promise<{ containers: string[]; folders: string[] }> {
  const containers = await docker.listContainers({ all: true, filters: { name: [`${executor.name}-${id}`] } });
  const folders = await readdir(`${executor.folder}/work`);
  return { containers: containers.map(({ Id }) => Id), folders: folders.filter((name) => name.endsWith(`-${id}`)) };
}
