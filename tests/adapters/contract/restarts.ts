// What restart policies do with an instance that ends by itself, and who learns of it.

import { describe, expect, test } from 'vitest';
import { ask, end, watchInstances, type Bench } from './harness.ts';

/** Defines the tests of restart policies. */
export function testRestarts(bench: Bench): void {
  describe('a restart policy', () => {
    test.each([
      { policy: 'no', code: 3 },
      { policy: 'on-failure', code: 0 },
    ] as const)('of $policy leaves an instance that exits with $code', async ({ policy, code }) => {
      const { next, restarts } = await watchInstances({ adapter: bench.adapter, signal: bench.signal });
      const instance = await bench.adapter.start(bench.spec({ restartPolicy: policy }));
      await end({ instance, path: `/exit/${code}` });
      await next(instance.name);
      expect(await bench.adapter.inspect(instance)).toMatchObject({ state: 'exited', exit: { code } });
      await bench.adapter.stop({ name: instance.name, graceMs: 0 });
      expect(restarts).toEqual([]);
    });

    test.each([
      { policy: 'on-failure', code: 3 },
      { policy: 'always', code: 0 },
      { policy: 'unless-stopped', code: 0 },
    ] as const)(
      'of $policy brings an instance that exits with $code back each time, and tells its address',
      async ({ policy, code }) => {
        const { next, restarted } = await watchInstances({ adapter: bench.adapter, signal: bench.signal });
        const { name } = await bench.adapter.start(bench.spec({ restartPolicy: policy }));
        for (let time = 1; time <= 2; time += 1) {
          const instance = await bench.adapter.inspect({ name });
          if (!instance) throw new Error(`There is no instance ${name}.`);
          await end({ instance, path: `/exit/${code}` });
          expect(await next(name)).toEqual({ name, code, outOfMemory: false });
          const again = await restarted(name);
          expect(again).toMatchObject({ name, state: 'running', labels: instance.labels });
          expect(await ask({ instance: again, path: '/hostname' })).toBe('some-host');
          expect(await bench.adapter.inspect({ name })).toEqual(again);
        }
      },
    );

    test('tells of restarts to those who began to watch later, and of no first start', async () => {
      const early = await watchInstances({ adapter: bench.adapter, signal: bench.signal });
      const instance = await bench.adapter.start(bench.spec({ restartPolicy: 'always' }));
      const late = await watchInstances({ adapter: bench.adapter, signal: bench.signal });
      await end({ instance, path: '/exit/1' });
      const told = await Promise.all([early.restarted(instance.name), late.restarted(instance.name)]);
      expect(told[0]).toEqual(told[1]);
      await bench.adapter.stop({ name: instance.name, graceMs: 0 });
      await early.next(instance.name);
      expect([early.restarts, late.restarts]).toEqual([[], []]);
    });

    test('never shows an address of one that does not run', async () => {
      const { next, restarted } = await watchInstances({ adapter: bench.adapter, signal: bench.signal });
      const instance = await bench.adapter.start(bench.spec({ restartPolicy: 'always' }));
      // From the second time on there is a pause before the restart.
      for (let time = 1; time <= 2; time += 1) {
        await end({ instance: (await bench.adapter.inspect(instance)) ?? instance, path: '/exit/1' });
        await next(instance.name);
        const now = await bench.adapter.inspect(instance);
        expect(now?.address === undefined).toBe(now?.state !== 'running');
        await restarted(instance.name);
      }
    });
  });
}
