// What a function must not be able to do, tried from inside one. Each probe first succeeds where nothing protects
// anybody, so that one which fails in the function does so because of the protection and not by itself.

import { execFile } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engineSocket } from '../support/engine-proxy.ts';
import { openEngine } from '../support/engine.ts';
import { type ExecutorProcess, executorProcess } from '../support/executor-process.ts';
import {
  canHaveSurroundings,
  ELSEWHERE,
  METADATA_BEHIND,
  METADATA_HERE,
  openSurroundings,
  PORT,
} from '../support/surroundings.ts';
import { left, pack, runInFunction } from '../support/tenant.ts';
import { openUnprotected, type Unprotected } from '../support/unprotected.ts';

const docker = openEngine();
const MARK = 'the-secret-of-another-function';
const NOT_HERE = canHaveSurroundings ? '' : ' (left out: interfaces can be made by root on Linux only)';

let surroundings: AsyncDisposable | undefined;
let executor: ExecutorProcess;
let unprotected: Unprotected;

beforeAll(async () => {
  surroundings = canHaveSurroundings ? await openSurroundings() : undefined;
  executor = await executorProcess({ OPR_EXECUTOR_MAX_DISK: '64' });
  await pack({ executor, fixture: 'shell' });
  unprotected = await openUnprotected({ image: executor.image, owner: executor.name, folder: executor.folder });
  await inVictim(`echo "${MARK}" | tee /tmp/own /mnt/logs/own`);
});

afterAll(async () => {
  await unprotected?.[Symbol.asyncDispose]();
  await executor?.[Symbol.asyncDispose]();
  await surroundings?.[Symbol.asyncDispose]();
});

const inFunction = (script: string) => runInFunction({ executor, id: 'one', memory: 128, script });
const inVictim = (script: string) => runInFunction({ executor, id: 'victim', variables: { MARK }, script });
const connecting = (...targets: string[]) =>
  `for target in ${targets.join(' ')}; do timeout 1 bash -c "exec 3<> /dev/tcp/$target" 2> /dev/null ` +
  `&& echo "REACHED $target" & done; wait`;

const KEPT_OUT = { whereNothingProtects: true, inFunction: false };

/** Where a script reaches what it is after. */
async function reach(script: string): Promise<typeof KEPT_OUT> {
  const outputs = [await unprotected.run(script), (await inFunction(script)).output];
  const [whereNothingProtects = false, inAFunction = false] = outputs.map((output) => output.includes('REACHED'));
  return { whereNothingProtects, inFunction: inAFunction };
}

describe('a function does not reach', () => {
  test('another function, by address or name', async () => {
    const { NetworkSettings } = await docker.getContainer(`${executor.name}-victim`).inspect();
    const addresses = Object.values(NetworkSettings.Networks).map(({ IPAddress }) => IPAddress);
    const script = connecting(...[...addresses, `${executor.name}-victim`].map((host) => `${host}/3000`));
    // On the same network its own address is open; what keeps others out is the network.
    expect((await inVictim(script)).output.match(/REACHED/g)).toHaveLength(2);
    expect((await inFunction(script)).output).not.toContain('REACHED');
  });

  test.skipIf(!canHaveSurroundings)(`the executor, at any address of this host${NOT_HERE}`, async () => {
    const [network] = await docker.listNetworks({ filters: { name: [executor.name] } });
    const gateway = network?.IPAM?.Config?.[0]?.['Gateway'] ?? '';
    const addresses = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal);
    const port = new URL(executor.url).port;
    expect(
      await reach(
        connecting(...new Set([gateway, ...addresses.map(({ address }) => address)].map((host) => `${host}/${port}`))),
      ),
    ).toEqual(KEPT_OUT);
  });

  test.skipIf(!canHaveSurroundings).each([
    { where: 'on this host', address: METADATA_HERE },
    { where: 'behind this host', address: METADATA_BEHIND },
  ])(`a cloud’s metadata $where${NOT_HERE}`, async ({ address }) => {
    expect(await reach(connecting(`${address}/${PORT}`))).toEqual(KEPT_OUT);
  });

  test('the socket of the engine', async () => {
    const socket = await engineSocket();
    expect(
      await reach(
        `for socket in ${socket} /var/run/docker.sock /run/docker.sock /run/containerd/containerd.sock; do [ ` +
          `-S $socket ] && echo REACHED; done`,
      ),
    ).toEqual(KEPT_OUT);
  });

  test('processes, environment, logs or artifacts of another', async () => {
    const script =
      `grep -rlsa '${MARK.slice(0, 5)}'${MARK.slice(5)} /proc/[0-9]*/environ /proc/[0-9]*/root/tmp/own ` +
      `/work /mnt /tmp | grep -q . && echo REACHED`;
    expect(await reach(script)).toEqual(KEPT_OUT);
  });
});

describe.skipIf(!canHaveSurroundings)(`the way out${NOT_HERE}`, () => {
  test('is open as long as nothing else is said, and names of the network are known', async () => {
    const { output } = await inFunction(
      `${connecting(`${ELSEWHERE}/${PORT}`)}; getent hosts ${executor.name}-victim && echo KNOWN`,
    );
    expect(output).toMatch(/REACHED[^]*KNOWN/);
  });

  test('is shut where egress is denied, and functions are called and answer all the same', async () => {
    await using strict = await executorProcess({ OPR_EXECUTOR_EGRESS: 'deny' });
    await pack({ executor: strict, fixture: 'shell' });
    const script = connecting(...[ELSEWHERE, METADATA_HERE, METADATA_BEHIND].map((host) => `${host}/${PORT}`));
    expect((await runInFunction({ executor: strict, id: 'one', script })).output).toBe('');
  });
});

describe('a function cannot', () => {
  test.each([
    {
      what: 'write outside its own folders',
      script:
        'for folder in / /etc /usr/local/server /usr/local/bin /var/tmp /mnt /root; do touch $folder/new && ' +
        'echo REACHED; done',
    },
    {
      what: 'mount anything',
      script: 'mkdir -p /tmp/mounted; mount -t tmpfs none /tmp/mounted && echo REACHED && umount /tmp/mounted',
    },
    {
      what: 'enter namespaces of its own',
      script: 'unshare --user --map-root-user true && echo REACHED; unshare --mount true && echo REACHED',
    },
    {
      what: 'become somebody else',
      script: 'setpriv --reuid=0 --clear-groups true && setpriv --reuid=1 --clear-groups true && echo REACHED',
    },
    { what: 'make devices', script: 'mknod /tmp/device b 8 0 && echo REACHED; rm -f /tmp/device' },
    {
      what: 'change the kernel',
      script: '[ -w /proc/sys/kernel/core_pattern ] && echo REACHED; [ -w /proc/sysrq-trigger ] && echo REACHED',
    },
    {
      what: 'look into processes that are not its own',
      script: 'for maps in /proc/[0-9]*/mem; do [ -r $maps ] && grep -qs dockerd ${maps%mem}comm && echo REACHED; done',
    },
    {
      what: 'take all memory',
      script: 'head -c 300M /dev/zero | tail -c 299M | wc -c | grep -q 313524224 && echo REACHED',
    },
    {
      what: 'fill the disk with one file',
      script: 'head -c 80M /dev/zero > /tmp/large && echo REACHED; rm -f /tmp/large',
    },
  ])('$what', async ({ script }) => {
    expect(await reach(script)).toEqual(KEPT_OUT);
  });

  test('gain by a program that runs as its owner', async () => {
    const program = `/work/${executor.name}-one/src/as-owner`;
    const whoAmI = "-p -c 'id -u'";
    expect(
      await unprotected.run(
        `install -m 4755 /bin/bash ${program} && setpriv --reuid=10001 --clear-groups ${program} ${whoAmI}`,
      ),
    ).toBe('0\n');
    expect(await inFunction(`stat -c %u:%a /tmp/as-owner && /tmp/as-owner ${whoAmI}`)).toEqual({
      code: 0,
      output: '0:4755\n10001\n',
    });
  });

  test('take all processes', async () => {
    const script =
      `perl -e 'for (1..1100) { my $child = fork; exit 1 if !defined $child; if (!$child) { sleep 9; exit ` +
      `} push @children, $child } print "REACHED"; END { kill 9, @children }'`;
    expect(await unprotected.run(script)).toBe('REACHED');
    expect((await runInFunction({ executor, id: 'processes', memory: 1024, script })).output).toBe('');
  });

  test('fill the disk with many files', async () => {
    const script = 'for i in {1..4}; do head -c 40M /dev/zero > /tmp/large-$i; done; sleep 30; echo REACHED';
    await expect(runInFunction({ executor, id: 'many', timeout: 40, script })).rejects.toThrow(
      'its files took more than 64 MB',
    );
    expect(await left({ executor, id: 'many' })).toEqual([]);
  });
});

test.skipIf(!canHaveSurroundings)(
  `neither networks nor rules of a firewall are left of an executor${NOT_HERE}`,
  async () => {
    const passing = await executorProcess();
    const networks = () => docker.listNetworks({ filters: { name: [passing.name] } });
    const bridge = (await networks())[0]?.Options?.['com.docker.network.bridge.name'] ?? '';
    const rules = async () =>
      (await promisify(execFile)('sh', ['-c', 'iptables -S; ip6tables -S'])).stdout
        .split('\n')
        .filter((rule) => rule.includes(`${bridge}-`));
    expect(await rules()).not.toEqual([]);
    await passing[Symbol.asyncDispose]();
    expect([await networks(), await rules()]).toEqual([[], []]);
  },
);
