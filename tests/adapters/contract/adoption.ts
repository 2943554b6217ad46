// How an instance that runs gets another name and other limits, where an adapter can do that.

import { describe, expect, test } from 'vitest';
import type { Adapter } from '../../../src/adapters/adapter.ts';
import { ask, end, shell, watchInstances, type Bench } from './harness.ts';

const LIMITS = { cpus: 1, memory: 64 };

/** Defines the tests of `adopt`. */
export function testAdoption(bench: Bench): void {
  const adopt: NonNullable<Adapter['adopt']> = async (request) => bench.adapter.adopt?.(request);

  describe('adopt', () => {
    test('leaves nothing of the old name, and all but the name as it was', async () => {
      const wanted = bench.spec({ labels: { colour: 'green' } });
      const before = await bench.adapter.start(wanted);
      const as = `${wanted.name}-adopted`;
      await adopt({ ...LIMITS, name: wanted.name, as });
      expect(await bench.adapter.inspect(wanted)).toBeUndefined();
      const after = await bench.adapter.inspect({ name: as });
      expect(after).toEqual({ ...before, name: as });
      expect(await bench.adapter.list()).toEqual([after]);
      expect(await ask({ instance: after, path: '/hostname' })).toBe('some-host');
      await expect(bench.adapter.start(wanted)).resolves.toMatchObject({ name: wanted.name });
      await bench.adapter.stop({ name: as, graceMs: 0 });
      expect((await bench.adapter.list()).map(({ name }) => name)).toEqual([wanted.name]);
    });

    test('is known to those who watch', async () => {
      const { next, seen } = await watchInstances({ adapter: bench.adapter, signal: bench.signal });
      const instance = await bench.adapter.start(bench.spec());
      const as = `${instance.name}-adopted`;
      await adopt({ ...LIMITS, name: instance.name, as });
      await end({ instance, path: '/exit/4' });
      expect(await next(as)).toEqual({ name: as, code: 4, outOfMemory: false });
      expect(seen).toEqual([]);
    });

    test('refuses a name that is taken, and an instance that is not there', async () => {
      const [one, other] = await Promise.all([bench.adapter.start(bench.spec()), bench.adapter.start(bench.spec())]);
      await expect(adopt({ ...LIMITS, name: one.name, as: other.name })).rejects.toMatchObject({
        name: 'AdapterError',
        code: 'name_taken',
      });
      expect(await bench.adapter.inspect(one)).toMatchObject({ state: 'running' });
      await expect(adopt({ ...LIMITS, name: 'opr-test-none', as: 'opr-test-some' })).rejects.toMatchObject({
        name: 'AdapterError',
        code: 'not_found',
      });
    });

    test.runIf(bench.harness.confined)('sets the limits', async () => {
      const { name } = await bench.adapter.start(bench.spec({ memory: 128 }));
      const as = `${name}-adopted`;
      await adopt({ name, as, cpus: 0.5, memory: 64 });
      const script = 'cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null';
      expect((await shell({ adapter: bench.adapter, name: as, script })).output).toBe(String(64 * 1024 * 1024));
    });
  });
}
