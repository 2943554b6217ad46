// What an instance is when it starts, and what an adapter knows of it.

import { describe, expect, test } from 'vitest';
import { AdapterError } from '../../../src/adapters/adapter.ts';
import { ask, end, shell, watchInstances, type Bench } from './harness.ts';

/** Defines the tests of `start`, `list` and `inspect`. */
export function testInstances(bench: Bench): void {
  describe('start', () => {
    test('returns an instance that runs as its spec says', async () => {
      const wanted = bench.spec({
        hostname: 'a-host',
        labels: { colour: 'green' },
        environment: { GREETING: 'good day = 1' },
      });
      const instance = await bench.adapter.start(wanted);
      expect(instance).toMatchObject({
        name: wanted.name,
        image: wanted.image,
        hostname: 'a-host',
        labels: { colour: 'green' },
        state: 'running',
      });
      expect(await ask({ instance, path: '/hostname' })).toBe('a-host');
      expect(await ask({ instance, path: '/environment/GREETING' })).toBe('good day = 1');
    });

    test('waits for what must be done before, and leaves nothing behind if that fails', async () => {
      const before = Promise.withResolvers<void>();
      const [late, failing] = [
        bench.spec({ prepared: before.promise }),
        bench.spec({ prepared: before.promise.then(() => Promise.reject(new Error('not prepared'))) }),
      ];
      const starts = Promise.allSettled([bench.adapter.start(late), bench.adapter.start(failing)]);
      expect((await bench.adapter.list()).filter(({ state }) => state === 'running' && bench.harness.confined)).toEqual(
        [],
      );
      before.resolve();
      expect(await starts).toMatchObject([
        { status: 'fulfilled' },
        { status: 'rejected', reason: { name: 'AdapterError', code: 'failed' } },
      ]);
      expect((await bench.adapter.list()).map(({ name }) => name)).toEqual([late.name]);
    });

    test('without a command makes an instance that idles until it is stopped', async () => {
      const { name } = await bench.adapter.start(bench.spec({ command: [] }));
      expect(await shell({ adapter: bench.adapter, name, script: 'echo here' })).toEqual({
        exitCode: 0,
        output: 'here',
      });
      expect(await bench.adapter.inspect({ name })).toMatchObject({ state: 'running' });
    });

    test.each([
      { why: 'an image that is missing', code: 'image_missing', changes: { image: bench.harness.missingImage } },
      { why: 'a name that is taken', code: 'name_taken', changes: { name: `opr-test-${bench.owner}` } },
    ])('refuses $why and leaves nothing behind', async ({ code, changes }) => {
      await bench.adapter.start(bench.spec({ name: `opr-test-${bench.owner}` }));
      const before = await bench.adapter.list();
      const error = await bench.adapter.start(bench.spec(changes)).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(AdapterError);
      expect(error).toMatchObject({ code });
      expect(await bench.adapter.list()).toEqual(before);
    });
  });

  describe('list and inspect', () => {
    test('in a new adapter know what an earlier one started', async () => {
      const wanted = bench.spec({ labels: { id: 'seven' } });
      const earlier = await bench.harness.open({ owner: bench.owner });
      await earlier.start(wanted);
      await earlier[Symbol.asyncDispose]();
      const [found] = await bench.adapter.list();
      expect(found).toMatchObject({ name: wanted.name, labels: { id: 'seven' }, state: 'running' });
      expect(await bench.adapter.inspect(wanted)).toEqual(found);
      expect(await ask({ instance: found, path: '/hostname' })).toBe('some-host');
    });

    test('know nothing of another owner, who can neither use nor stop what is not theirs', async () => {
      await using other = await bench.harness.open({ owner: bench.stranger });
      const { name } = await bench.adapter.start(bench.spec());
      expect(await other.list()).toEqual([]);
      expect(await other.inspect({ name })).toBeUndefined();
      await expect(shell({ adapter: other, name, script: 'true' })).rejects.toMatchObject({ code: 'not_found' });
      await other.stop({ name, graceMs: 0 });
      expect(await bench.adapter.inspect({ name })).toMatchObject({ state: 'running' });
      await expect(other.start(bench.spec({ name }))).rejects.toMatchObject({ code: 'name_taken' });
    });

    test('tell how an instance ended', async () => {
      const { next } = await watchInstances({ adapter: bench.adapter, signal: bench.signal });
      const instance = await bench.adapter.start(bench.spec());
      await end({ instance, path: '/exit/7' });
      await next(instance.name);
      const found = await bench.adapter.inspect(instance);
      expect(found).toMatchObject({ state: 'exited', exit: { code: 7, outOfMemory: false } });
      expect(found).not.toHaveProperty('address');
      expect(await bench.adapter.list()).toEqual([found]);
    });

    test('know nothing of an instance that never was', async () => {
      expect(await bench.adapter.inspect({ name: 'opr-test-none' })).toBeUndefined();
    });
  });
}
