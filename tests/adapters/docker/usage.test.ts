// The CPU time of a container is the same whether the kernel's files or the engine tell it.

import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openDockerAdapter, purgeDocker } from '../../../src/adapters/docker.ts';
import { cpuTime } from '../../../src/adapters/docker/usage.ts';
import { openEngine } from '../../support/engine.ts';
import { makeBench, shell } from '../contract/harness.ts';
import { CONTAINER_PROGRAM } from '../contract/program.ts';

const owner = `opr-test-${randomUUID().slice(0, 8)}`;
const bench = makeBench({
  owner,
  harness: {
    open: () => openDockerAdapter({ owner, networks: [owner] }),
    program: CONTAINER_PROGRAM,
    missingImage: '',
    confined: true,
    purge: purgeDocker,
  },
});

beforeAll(bench.open);
beforeEach(bench.renew);
afterEach(bench.clear);
afterAll(bench.close);

test('both count the nanoseconds that a container computed', async () => {
  const docker = openEngine();
  const { name } = await bench.adapter.start(bench.spec({ command: [] }));
  const container = await docker.getContainer(name).inspect();
  const before = await cpuTime({ docker, container });
  await shell({ adapter: bench.adapter, name, script: 'for ((i = 0; i < 300000; i++)); do :; done' });
  const after = await cpuTime({ docker, container });
  // No process has the number 0, so the kernel's files are not found.
  const told = await cpuTime({ docker, container: { ...container, State: { ...container.State, Pid: 0 } } });
  expect(after - before).toBeGreaterThan(50_000_000);
  expect(told).toBeGreaterThanOrEqual(after);
  // The engine may have counted a little more since; another unit would be a thousand times as much.
  expect(told).toBeLessThan(after * 100);
});

test('a busy instance uses more of a core than an idle one', async () => {
  const [busy, idle] = await Promise.all([
    bench.adapter.start(bench.spec({ command: ['bash', '-c', 'while :; do :; done'] })),
    bench.adapter.start(bench.spec({ command: [] })),
  ]);
  await bench.adapter.usage();
  await shell({ adapter: bench.adapter, name: idle.name, script: 'sleep 0.3' });
  const usage = await bench.adapter.usage();
  // How much of a core it gets is up to whoever else computes here.
  expect(usage.get(busy.name)).toBeGreaterThan(usage.get(idle.name) ?? Infinity);
});
