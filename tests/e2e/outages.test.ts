// What happens while the engine or the storage is away, and that all is well when it is back; and callers that are
// slow.

import { once } from 'node:events';
import { readFile, rename } from 'node:fs/promises';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EngineProxy, openEngineProxy } from '../support/engine-proxy.ts';
import { openEngine } from '../support/engine.ts';
import { type ExecutorProcess, executorProcess } from '../support/executor-process.ts';
import { left, leftAtLast, ODD, pack, request } from '../support/tenant.ts';

const docker = openEngine();
let engine: EngineProxy;
let executor: ExecutorProcess;

beforeAll(async () => {
  engine = await openEngineProxy();
  executor = await executorProcess({ DOCKER_HOST: engine.address, OPR_EXECUTOR_MAINTENANCE_INTERVAL: '1' });
  await pack({ executor, fixture: 'odd' });
});
afterAll(async () => {
  await executor?.[Symbol.asyncDispose]();
  await engine?.[Symbol.asyncDispose]();
});

const call = async (id: string, path = '/') => {
  const response = await request({ executor, id, ...ODD, path });
  return [response.status, (await response.json()) as Record<string, unknown>] as const;
};
const OK = [200, { statusCode: 200, body: 'ok' }] as const;
const remove = (id: string) => executor.call({ method: 'DELETE', path: `/v1/runtimes/${id}` });

async function whileAway(action: () => Promise<void>): Promise<void> {
  await engine.takeAway();
  try {
    await action();
  } finally {
    await engine.giveBack();
  }
}

describe('while the engine is away', () => {
  test('what runs is served, what does not is refused with the reason, and both are well afterwards', async () => {
    expect(await call('warm')).toMatchObject(OK);
    await whileAway(async () => {
      expect(await call('warm')).toMatchObject(OK);
      expect(await call('cold')).toMatchObject([
        400,
        { type: 'runtime_failed', message: expect.stringContaining('Docker does not answer') },
      ]);
    });
    expect(await call('warm')).toMatchObject(OK);
    expect(await call('cold')).toMatchObject(OK);
  });

  test('a runtime that ends is noticed when it is back', async () => {
    expect(await call('ending')).toMatchObject(OK);
    await whileAway(() => docker.getContainer(`${executor.name}-ending`).kill());
    expect(await leftAtLast({ executor, id: 'ending' })).toEqual([]);
    expect(await call('ending')).toMatchObject(OK);
  });

  test('a runtime that cannot be removed is removed when it is back', async () => {
    expect(await call('removed')).toMatchObject(OK);
    await whileAway(async () => {
      const response = await remove('removed');
      expect([response.status, await response.json()]).toMatchObject([
        500,
        { message: expect.stringContaining('Docker does not answer') },
      ]);
    });
    expect(await leftAtLast({ executor, id: 'removed' })).toEqual([]);
  });

  test('a runtime that could not be removed does not stand in the way of the next one', async () => {
    expect(await call('again')).toMatchObject(OK);
    await whileAway(async () => void (await remove('again')));
    expect(await call('again')).toMatchObject(OK);
  });
});

test('while the storage is away, what runs is served, and all is well afterwards', async () => {
  expect(await call('stored')).toMatchObject(OK);
  const storage = `${executor.folder}/storage`;
  await rename(storage, `${storage}-away`);
  expect(await call('stored')).toMatchObject(OK);
  expect(await call('unstored')).toMatchObject([
    400,
    { type: 'runtime_failed', message: expect.stringContaining('Its source could not be fetched') },
  ]);
  expect(await left({ executor, id: 'unstored' })).toEqual([]);
  await rename(`${storage}-away`, storage);
  expect(await call('unstored')).toMatchObject(OK);
});

describe('a caller who', () => {
  test('reads slowly does not make the executor hold the answer for it, and may leave', async () => {
    await call('slow');
    const before = await memory();
    const sockets = await Promise.all(
      Array.from({ length: 10 }, () => callGateway('GET /functions/slow/endless HTTP/1.1\r\nhost: x\r\n\r\n')),
    );
    await Promise.all(sockets.map((socket) => once(socket, 'readable')));
    // As long as these take, the function could have sent many times what is allowed.
    for (let calls = 0; calls < 50; calls += 1) expect(await call('slow')).toMatchObject(OK);
    expect((await memory()) - before).toBeLessThan(256);
    for (const socket of sockets) socket.destroy();
    expect((await remove('slow')).status).toBe(200);
    expect(await left({ executor, id: 'slow' })).toEqual([]);
  });

  test('writes slowly keeps nobody waiting', async () => {
    await call('slow');
    const body = JSON.stringify({ ...ODD, image: executor.image, path: '/' });
    const head =
      `POST /v1/runtimes/slow/executions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer e2e-secret\r\n` +
      `accept: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n`;
    const sockets = await Promise.all(Array.from({ length: 50 }, () => callGateway(head + body.slice(0, -1))));
    expect(await call('slow')).toMatchObject(OK);
    const [first, ...others] = sockets;
    for (const socket of others) socket.destroy();
    first?.write(body.slice(-1));
    expect(await text(first as NonNullable<typeof first>)).toContain('"body":"ok"');
  });
});

async function callGateway(bytes: string) {
  const socket = connect(Number(new URL(executor.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(bytes);
  return socket;
}

/** What the executor's process takes of this host's memory, in MB. */
async function memory(): Promise<number> {
  const status = await readFile(`/proc/${executor.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}
