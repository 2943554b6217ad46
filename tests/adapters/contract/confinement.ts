// The part of the shared suite that looks from inside an instance at what it must not be able to do.

import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { InstanceSpec } from '../../../src/adapters/adapter.ts';
import { ask, shell, type Bench } from './harness.ts';

/** Defines the tests of what an instance may not do. */
export function testConfinement(bench: Bench): void {
  const startIdle = (changes: Partial<InstanceSpec> = {}) =>
    bench.adapter.start(bench.spec({ command: [], ...changes }));
  const inside = (name: string, script: string) => shell({ adapter: bench.adapter, name, script });

  describe('an instance', () => {
    test.each([
      { what: 'is no root', script: 'id -u; id -g', output: '10001\n10001' },
      { what: 'has no capability', script: 'grep -c "^Cap.*:[[:space:]]0*$" /proc/self/status', output: '5' },
      { what: 'cannot gain privileges', script: 'grep NoNewPrivs /proc/self/status', output: 'NoNewPrivs:\t1' },
      { what: 'has its system calls filtered', script: 'grep "^Seccomp:" /proc/self/status', output: 'Seccomp:\t2' },
      { what: 'dumps no core', script: 'ulimit -c; ulimit -Hc', output: '0\n0' },
      {
        what: 'cannot write to its root file system',
        script:
          'for folder in / /etc /usr/local /var/tmp /dev; do touch $folder/new 2>/dev/null && echo $folder; done; true',
        output: '',
      },
      {
        what: 'can write to its work folders and run what it wrote',
        script:
          'for folder in /tmp /usr/local/build /usr/local/server/src/function /mnt/logs /mnt/telemetry; do cp ' +
          '/bin/true $folder/new && $folder/new || echo $folder; done',
        output: '',
      },
      {
        what: 'cannot fill the memory through a work folder',
        script: 'head -c 60M /dev/zero 2>&1 > /tmp/new | grep -o "No space left"; true',
        output: 'No space left',
      },
    ])('$what', async ({ script, output }) => {
      const { name } = await startIdle();
      expect(await inside(name, script)).toEqual({ exitCode: 0, output });
    });

    test('sees the folders that are mounted, and can write where it may', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'adapter-'));
      try {
        await chmod(folder, 0o777);
        await writeFile(join(folder, 'in'), 'from the host');
        const { name } = await startIdle({
          mounts: [
            { source: folder, target: '/mnt/code' },
            { source: folder, target: '/mnt/logs', readOnly: true },
          ],
        });
        const script = 'cat /mnt/logs/in; echo -n back > /mnt/code/out; echo no > /mnt/logs/new';
        expect(await inside(name, script)).toMatchObject({
          exitCode: 1,
          output: expect.stringMatching(/^from the host.*Read-only file system$/s),
        });
        expect(await readFile(join(folder, 'out'), 'utf8')).toBe('back');
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    test('has the memory and the cores of its spec', async () => {
      const { name } = await startIdle({ memory: 96, cpus: 0.5 });
      const script = `cd /sys/fs/cgroup
        cat memory/memory.limit_in_bytes memory.max 2>/dev/null
        cat cpu/cpu.cfs_quota_us cpu.max 2>/dev/null | cut -d' ' -f1`;
      expect((await inside(name, script)).output).toBe(`${96 * 1024 * 1024}\n50000`);
    });

    test('cannot reach another instance', async () => {
      const [one, two] = await Promise.all([bench.adapter.start(bench.spec()), bench.adapter.start(bench.spec())]);
      await Promise.all([one, two].map((instance) => ask({ instance, path: '/hostname' })));
      const { output: addresses } = await inside(two.name, 'hostname -I');
      const connect = `for address in ${addresses}; do
        perl -MIO::Socket::INET -e '
          print IO::Socket::INET->new(PeerAddr => "$ARGV[0]:3000", Timeout => 2) ? "open " : "closed "
        ' $address
      done`;
      expect((await inside(two.name, connect)).output).toMatch(/^(open ?)+$/);
      expect((await inside(one.name, connect)).output).toMatch(/^(closed ?)+$/);
    });
  });

  describe('an aborted command', () => {
    test('takes along the children that left its session', async () => {
      const { name } = await startIdle();
      const abort = new AbortController();
      const running = bench.adapter.run({
        name,
        command: ['bash', '-c', 'setsid sleep 98765 & sleep 12345'],
        maxOutputBytes: 0,
        signal: abort.signal,
      });
      running.catch(() => undefined);
      await expect.poll(() => bench.processes(name)).toMatch(/sleep 98765.*sleep 12345|sleep 12345.*sleep 98765/);
      abort.abort();
      await expect(running).rejects.toThrow('aborted');
      expect(await bench.processes(name)).not.toMatch(/98765|12345/);
      expect(await bench.adapter.inspect({ name })).toMatchObject({ state: 'running' });
    });

    test('is ended even when it has taken all processes', async () => {
      const { name } = await startIdle({ memory: 256 });
      const signal = AbortSignal.timeout(2000);
      const bomb = 'bomb() { while :; do sleep 1000 & done; }; bomb';
      await expect(
        bench.adapter.run({ name, command: ['bash', '-c', bomb], maxOutputBytes: 0, signal }),
      ).rejects.toThrow('timeout');
      const instance = await bench.adapter.inspect({ name });
      const left = instance?.state === 'running' ? await bench.processes(name) : '';
      expect(left).not.toContain('1000');
    });
  });
}
