// The rules that keep instances apart from their host: set with the network, kept, and taken away with it; and the way
// out.

import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import type { Adapter } from '../../../src/adapters/adapter.ts';
import { openDockerAdapter, purgeDocker } from '../../../src/adapters/docker.ts';
import { createFirewall } from '../../../src/adapters/docker/firewall.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { openEngine } from '../../support/engine.ts';
import { makeBench } from '../contract/harness.ts';
import { CONTAINER_PROGRAM } from '../contract/program.ts';

const docker = openEngine();
const owner = `opr-test-${randomUUID().slice(0, 8)}`;
const network = `${owner}-one`;
const bench = makeBench({
  owner,
  harness: { open: () => open(), program: CONTAINER_PROGRAM, missingImage: '', confined: true, purge: purgeDocker },
});
const open = (options: { egress?: 'allow' | 'deny'; reach?: 'published' } = {}): Promise<Adapter> =>
  openDockerAdapter({ owner, networks: [network], ...options });

const canSetRules = process.platform === 'linux' && process.getuid?.() === 0;
const notHere = canSetRules ? '' : ' (left out: takes root on Linux)';

const found = async () => (await docker.listNetworks({ filters: { name: [network] } }))[0];
const run = async (command: string) => (await promisify(execFile)('sh', ['-c', command])).stdout;
const rulesOf = async (bridge: string) =>
  (await run('iptables -S; ip6tables -S')).split('\n').filter((rule) => rule.includes(`${bridge}-`));
const bridgeName = async () => (await found())?.Options?.['com.docker.network.bridge.name'] ?? '';

afterEach(() => purgeDocker({ owner }));

describe.skipIf(!canSetRules)(`the rules of a network${notHere}`, () => {
  test('are set once, however many open it, and go with it', async () => {
    await (await open())[Symbol.asyncDispose]();
    const bridge = await bridgeName();
    const before = await rulesOf(bridge);
    expect(before).toEqual(
      expect.arrayContaining([
        `-A INPUT -i ${bridge} -j ${bridge}-in`,
        `-A ${bridge}-in -m conntrack --ctstate NEW -j DROP`,
        `-A ${bridge}-out -d 169.254.0.0/16 -j DROP`,
      ]),
    );
    await (await open())[Symbol.asyncDispose]();
    expect(await rulesOf(bridge)).toEqual(before);
    await purgeDocker({ owner });
    expect(await rulesOf(bridge)).toEqual([]);
  });

  test('come back when somebody took them away', async () => {
    await (await open())[Symbol.asyncDispose]();
    const bridge = await bridgeName();
    const closing = new AbortController();
    await createFirewall({ log: silentLog, signal: closing.signal, lookAgainMs: 10 }).protect([bridge]);
    const before = await rulesOf(bridge);
    try {
      await run(`iptables -D INPUT -i ${bridge} -j ${bridge}-in && iptables -F ${bridge}-out`);
      await expect.poll(() => rulesOf(bridge)).toEqual(before);
    } finally {
      closing.abort();
    }
  });
});

describe('the way out', () => {
  test('is shut and opened again as it is asked for', async () => {
    const internal: unknown[] = [];
    for (const egress of ['allow', 'deny', 'allow'] as const) {
      await (await open({ egress }))[Symbol.asyncDispose]();
      internal.push((await found())?.Internal);
    }
    expect(internal).toEqual([false, true, false]);
  });

  test('stays as it is while somebody is on the network, and who asks otherwise is told', async () => {
    await using adapter = await open();
    await adapter.start(bench.spec());
    await expect(open({ egress: 'deny' })).rejects.toMatchObject({
      name: 'AdapterError',
      message: expect.stringMatching(/cannot be made anew.*Remove the containers/),
    });
  });

  test('cannot be shut where instances are reached at published ports', async () => {
    await expect(open({ egress: 'deny', reach: 'published' })).rejects.toMatchObject({
      name: 'AdapterError',
      message: expect.stringContaining('no published ports'),
    });
  });
});
