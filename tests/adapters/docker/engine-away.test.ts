// What the Docker adapter does while the engine cannot be reached, and afterwards.

import { randomUUID } from 'node:crypto';
import Docker from 'dockerode';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Adapter } from '../../../src/adapters/adapter.ts';
import { openDockerAdapter, purgeDocker } from '../../../src/adapters/docker.ts';
import { openEngineProxy, type EngineProxy } from '../../support/engine-proxy.ts';
import { end, makeBench, watchInstances } from '../contract/harness.ts';
import { CONTAINER_PROGRAM } from '../contract/program.ts';

const owner = `opr-test-${randomUUID().slice(0, 8)}`;
const networks: [string] = [owner];
const bench = makeBench({
  owner,
  harness: {
    open: () => openDockerAdapter({ owner, networks }),
    program: CONTAINER_PROGRAM,
    missingImage: '',
    confined: true,
    purge: purgeDocker,
  },
});
const docker = new Docker();
let proxy: EngineProxy;
let adapter: Adapter;

beforeAll(async () => {
  await bench.open();
  proxy = await openEngineProxy();
  vi.stubEnv('DOCKER_HOST', proxy.address);
  adapter = await openDockerAdapter({ owner, networks, timeLimits: { askMs: 3000, changeMs: 4000 } });
  vi.unstubAllEnvs();
});
beforeEach(bench.renew);
afterEach(bench.clear);
afterAll(async () => {
  await adapter[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await bench.close();
});

test('exits that happen meanwhile are reported afterwards, and later ones as ever', async () => {
  const { next, seen } = await watchInstances({ adapter, signal: bench.signal });
  const [ended, removed, lasting] = await Promise.all([
    adapter.start(bench.spec()),
    adapter.start(bench.spec()),
    adapter.start(bench.spec()),
  ]);
  await proxy.takeAway();
  await end({ instance: ended, path: '/exit/5' });
  await expect.poll(async () => (await bench.adapter.inspect(ended))?.state).toBe('exited');
  await bench.adapter.stop({ name: removed.name, graceMs: 0 });
  await proxy.giveBack();
  expect(await next(ended.name)).toEqual({ name: ended.name, code: 5, outOfMemory: false });
  expect(await next(removed.name)).toEqual({ name: removed.name, code: -1, outOfMemory: false });
  await end({ instance: lasting, path: '/exit/6' });
  expect(await next(lasting.name)).toEqual({ name: lasting.name, code: 6, outOfMemory: false });
  expect(seen).toEqual([]);
});

test('restarts that happen meanwhile are reported afterwards, after the exits before them', async () => {
  const told: string[] = [];
  await adapter.watch({
    onExit: ({ name, code }) => void told.push(`${name} exited with ${code}`),
    onRestart: ({ name, state, address }) => void told.push(`${name} is ${state} at ${address?.host}`),
    signal: bench.signal,
  });
  const instance = await adapter.start(bench.spec({ restartPolicy: 'always' }));
  const { name } = instance;
  const startOf = async () => (await docker.getContainer(name).inspect()).State.StartedAt;
  const before = await startOf();
  await proxy.takeAway();
  await end({ instance, path: '/exit/5' });
  await expect.poll(startOf, { timeout: 20_000 }).not.toBe(before);
  await expect.poll(async () => (await bench.adapter.inspect(instance))?.state, { timeout: 20_000 }).toBe('running');
  await proxy.giveBack();
  const host = (await bench.adapter.inspect(instance))?.address?.host;
  await expect
    .poll(() => told, { timeout: 20_000 })
    .toEqual([`${name} exited with -1`, `${name} is running at ${host}`]);
});

test.each([
  { what: 'cannot be reached', leave: () => proxy.takeAway(), words: /^unavailable: .*Start it/ },
  {
    what: 'is stuck',
    leave: async () => proxy.silence(),
    words: /^unavailable: Docker did not answer (?:GET|POST) \/.* within [34] s: .*restart it/,
  },
])('every call says that the engine $what and what to do', async ({ leave, words }) => {
  const { name } = await bench.adapter.start(bench.spec());
  await leave();
  const calls = [
    adapter.ping(),
    adapter.list(),
    adapter.inspect({ name }),
    adapter.usage(),
    adapter.start(bench.spec()),
    adapter.adopt?.({ name, as: `${name}-adopted`, cpus: 1, memory: 64 }),
    adapter.pull({ image: 'some:image' }),
    adapter.stop({ name, graceMs: 0 }),
    adapter.watch({ onExit: () => {}, onRestart: () => {}, signal: bench.signal }),
    adapter.run({ name, command: ['true'], maxOutputBytes: 0, signal: bench.signal }),
  ];
  try {
    const messages = (await Promise.allSettled(calls)).map((outcome) =>
      outcome.status === 'rejected' ? `${outcome.reason.code}: ${outcome.reason.message}` : 'none',
    );
    expect(messages).toEqual(calls.map(() => expect.stringMatching(words)));
  } finally {
    await proxy.giveBack();
  }
  await expect(adapter.ping()).resolves.toBeUndefined();
});

test.each([
  { address: 'unix:///nowhere/docker.sock', code: 'unavailable' },
  { address: 'tcp://127.0.0.1:1', code: 'unavailable' },
  { address: 'tcp://not an address', code: 'failed' },
])('opening an engine at $address is $code and speaks of DOCKER_HOST', async ({ address, code }) => {
  vi.stubEnv('DOCKER_HOST', address);
  const opening = openDockerAdapter({ owner, networks });
  vi.unstubAllEnvs();
  await expect(opening).rejects.toMatchObject({
    name: 'AdapterError',
    code,
    message: expect.stringContaining('DOCKER_HOST'),
  });
});
