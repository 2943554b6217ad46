// How instances end and who learns of it.

import { describe, expect, test } from 'vitest';
import { ask, end, watchInstances, type Bench } from './harness.ts';

/** Defines the tests of `stop` and `watch`. */
export function testEndings(bench: Bench): void {
  describe('stop', () => {
    test.each([
      { graceMs: 10_000, code: 143 },
      { graceMs: 0, code: 137 },
    ])('with a grace of $graceMs ms ends a willing instance with $code and removes it', async ({ graceMs, code }) => {
      const { next } = await watchInstances({ adapter: bench.adapter, signal: bench.signal });
      const instance = await bench.adapter.start(bench.spec());
      await ask({ instance, path: '/hostname' });
      await bench.adapter.stop({ name: instance.name, graceMs });
      expect(await next(instance.name)).toEqual({ name: instance.name, code, outOfMemory: false });
      expect(await bench.adapter.list()).toEqual([]);
      expect(await bench.adapter.inspect(instance)).toBeUndefined();
      await expect(bench.adapter.start(bench.spec({ name: instance.name }))).resolves.toMatchObject({
        state: 'running',
      });
    });

    test('kills an instance that ignores SIGTERM once its grace is over', async () => {
      const { next } = await watchInstances({ adapter: bench.adapter, signal: bench.signal });
      const instance = await bench.adapter.start(bench.spec());
      await ask({ instance, path: '/deaf' });
      await bench.adapter.stop({ name: instance.name, graceMs: 200 });
      expect(await next(instance.name)).toMatchObject({ code: 137 });
      expect(await bench.adapter.list()).toEqual([]);
    });

    test('ends an instance that would always start again', async () => {
      const { name } = await bench.adapter.start(bench.spec({ restartPolicy: 'always' }));
      await bench.adapter.stop({ name, graceMs: 1000 });
      expect(await bench.adapter.list()).toEqual([]);
    });

    test('removes an instance that has ended by itself', async () => {
      const { next } = await watchInstances({ adapter: bench.adapter, signal: bench.signal });
      const instance = await bench.adapter.start(bench.spec());
      await end({ instance, path: '/exit/0' });
      await next(instance.name);
      await bench.adapter.stop({ name: instance.name, graceMs: 1000 });
      expect(await bench.adapter.list()).toEqual([]);
    });

    test('may be looked at', async () => {
      const { next } = await watchInstances({ adapter: bench.adapter, signal: bench.signal });
      const instance = await bench.adapter.start(bench.spec());
      await end({ instance, path: '/complain/bitterly' });
      await next(instance.name);
      const states = new Set<string>();
      const look = async () => states.add((await bench.adapter.inspect(instance))?.state ?? 'gone');
      const removed = bench.adapter.stop({ name: instance.name, graceMs: 0 });
      const looking = Promise.all(Array.from({ length: 20 }, look));
      await removed;
      await looking;
      await look();
      expect([...states].filter((state) => state !== 'exited')).toEqual(['gone']);
    });

    test('may be asked for many times at once, and of what is gone', async () => {
      const { name } = await bench.adapter.start(bench.spec());
      await Promise.all(Array.from({ length: 5 }, (_, index) => bench.adapter.stop({ name, graceMs: index * 100 })));
      await bench.adapter.stop({ name, graceMs: 0 });
      expect(await bench.adapter.list()).toEqual([]);
    });
  });

  describe('watch', () => {
    test.each([
      { path: '/exit/0', exit: { code: 0, outOfMemory: false } },
      { path: '/exit/9', exit: { code: 9, outOfMemory: false } },
      { path: '/exhaust', exit: { code: 137, outOfMemory: true } },
    ])('reports the exit after $path', async ({ path, exit }) => {
      const { next } = await watchInstances({ adapter: bench.adapter, signal: bench.signal });
      const instance = await bench.adapter.start(bench.spec());
      await end({ instance, path });
      expect(await next(instance.name)).toEqual({ name: instance.name, ...exit });
    });

    test('leaves the exit message of an instance', async () => {
      const { next } = await watchInstances({ adapter: bench.adapter, signal: bench.signal });
      const instance = await bench.adapter.start(bench.spec());
      await end({ instance, path: '/complain/bitterly' });
      await next(instance.name);
      expect(await bench.adapter.inspect(instance)).toMatchObject({
        state: 'exited',
        exit: { outOfMemory: false, message: 'bitterly' },
      });
    });

    test('reports instances that were started earlier, and each exit once to each who watches', async () => {
      const instance = await bench.adapter.start(bench.spec());
      const first = await watchInstances({ adapter: bench.adapter, signal: bench.signal });
      const second = await watchInstances({ adapter: bench.adapter, signal: bench.signal });
      await end({ instance, path: '/exit/1' });
      await Promise.all([first.next(instance.name), second.next(instance.name)]);
      await bench.adapter.stop({ name: instance.name, graceMs: 0 });
      expect([...first.seen, ...second.seen]).toEqual([]);
    });

    test('is silent after its signal and about instances of others', async () => {
      await using other = await bench.harness.open({ owner: bench.stranger });
      const silenced = new AbortController();
      const before = await watchInstances({ adapter: bench.adapter, signal: silenced.signal });
      const theirs = await watchInstances({ adapter: other, signal: bench.signal });
      const { next } = await watchInstances({ adapter: bench.adapter, signal: bench.signal });
      silenced.abort();
      const { name } = await bench.adapter.start(bench.spec());
      await bench.adapter.stop({ name, graceMs: 0 });
      await next(name);
      expect([...before.seen, ...theirs.seen]).toEqual([]);
    });
  });
}
