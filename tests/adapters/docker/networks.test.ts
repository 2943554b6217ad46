// Which networks the Docker adapter makes, uses and takes away, and how it finds out whether it reaches their
// addresses.

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openDockerAdapter, purgeDocker } from '../../../src/adapters/docker.ts';
import { collectOutput } from '../../../src/adapters/output.ts';
import { engineSocket } from '../../support/engine-proxy.ts';
import { openEngine } from '../../support/engine.ts';
import { ask, makeBench } from '../contract/harness.ts';
import { CONTAINER_PROGRAM } from '../contract/program.ts';

const owner = `opr-test-${randomUUID().slice(0, 8)}`;
const networks: [string, string] = [`${owner}-one`, `${owner}-two`];
const docker = openEngine();
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
const existing = async () =>
  (await docker.listNetworks()).map(({ Name }) => Name).filter((name) => name.startsWith(owner));

beforeAll(bench.open);
beforeEach(bench.renew);
afterEach(bench.clear);
afterAll(bench.close);

test('an instance is on all networks and is reached on the first', async () => {
  const instance = await bench.adapter.start(bench.spec());
  const { NetworkSettings } = await docker.getContainer(instance.name).inspect();
  expect(Object.keys(NetworkSettings.Networks).toSorted()).toEqual(networks);
  expect(instance.address).toEqual({ host: NetworkSettings.Networks[networks[0]]?.IPAddress, port: 3000 });
  expect(await ask({ instance, path: '/hostname' })).toBe('some-host');
});

test('a network that went away is made again', async () => {
  await docker.getNetwork(networks[1]).remove();
  const instance = await bench.adapter.start(bench.spec());
  expect(await ask({ instance, path: '/hostname' })).toBe('some-host');
});

test('adapters that open at once make one network each', async () => {
  const owners = [`${owner}-a`, `${owner}-b`, `${owner}-c`];
  const shared = `${owner}-shared`;
  const adapters = await Promise.all(owners.map((name) => openDockerAdapter({ owner: name, networks: [shared] })));
  try {
    expect((await existing()).filter((name) => name === shared)).toHaveLength(1);
  } finally {
    for (const adapter of adapters) await adapter[Symbol.asyncDispose]();
    for (const name of owners) await purgeDocker({ owner: name });
  }
  expect(await existing()).not.toContain(shared);
});

test('purging spares the networks and the instances of others', async () => {
  const mine = `${owner}-mine`;
  const theirs = await docker.createNetwork({ Name: `${owner}-theirs` });
  try {
    await using guest = await openDockerAdapter({ owner: mine, networks: [`${owner}-theirs`, networks[0]] });
    const { name } = await guest.start(bench.spec());
    const instance = await bench.adapter.start(bench.spec());
    await purgeDocker({ owner: mine });
    expect(await guest.inspect({ name })).toBeUndefined();
    expect(await bench.adapter.inspect(instance)).toMatchObject({ state: 'running' });
    expect(await existing()).toEqual(expect.arrayContaining([`${owner}-theirs`, ...networks]));
  } finally {
    await theirs.remove();
  }
});

test('an adapter that runs in a container joins the network and reaches instances at their addresses', async () => {
  const repository = join(import.meta.dirname, '../../..');
  const socket = await engineSocket();
  const inner = `${owner}-inner`;
  const script = `
    import { openDockerAdapter } from '${repository}/src/adapters/docker.ts';
    const adapter = await openDockerAdapter({ owner: '${inner}', networks: ['${inner}'] });
    const instance = await adapter.start(${JSON.stringify(bench.spec())});
    for (;;) {
      const origin = 'http://' + instance.address.host + ':' + instance.address.port;
      const answer = await fetch(origin + '/hostname').catch(() => undefined);
      if (!answer) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        continue;
      }
      console.log(instance.address.port + ' ' + (await answer.text()));
      break;
    }
    await adapter.stop({ name: instance.name, graceMs: 0 });
    await adapter[Symbol.asyncDispose]();`;
  const { sink, taken } = collectOutput({ maxBytes: 10_000 });
  const options = {
    Labels: { 'open-runtimes.owner': inner },
    HostConfig: { Binds: [`${repository}:${repository}:ro`, `${socket}:/var/run/docker.sock`] },
  };
  try {
    await docker.run(
      'debian:bookworm-slim',
      [join(repository, 'node_modules/node/bin/node'), '--input-type=module', '-e', script],
      sink,
      options,
    );
    expect(taken().output.toString().trim()).toBe('3000 some-host');
  } finally {
    await purgeDocker({ owner: inner });
  }
  expect(await existing()).not.toContain(inner);
});
