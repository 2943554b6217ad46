// The suite that every adapter passes: the promises of the port, one by one.

import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testAdoption } from './contract/adoption.ts';
import { testCommands } from './contract/commands.ts';
import { testConfinement } from './contract/confinement.ts';
import { testEndings } from './contract/endings.ts';
import { makeBench, watchInstances, type Harness } from './contract/harness.ts';
import { testInstances } from './contract/instances.ts';
import { testRestarts } from './contract/restarts.ts';

/** Defines the tests of an adapter. */
export function testAdapter({ title, harness }: { title: string; harness: Harness }): void {
  describe(`adapter ${title}`, () => {
    const bench = makeBench({ harness, owner: `opr-test-${randomUUID().slice(0, 8)}` });
    beforeAll(bench.open);
    beforeEach(bench.renew);
    afterEach(bench.clear);
    afterAll(bench.close);

    testInstances(bench);
    testCommands(bench);
    testEndings(bench);
    testRestarts(bench);
    testAdoption(bench);

    test('usage tells the percentage of a core for whatever runs', async () => {
      const running = await bench.adapter.start(bench.spec());
      expect([...(await bench.adapter.usage()).keys()]).toEqual([running.name]);
      const percent = (await bench.adapter.usage()).get(running.name);
      expect(percent).toBeGreaterThanOrEqual(0);
      expect(percent).toBeLessThan(1000);
    });

    test('pull accepts an image that is there and refuses one that cannot be had', async () => {
      await bench.adapter.pull({ image: bench.harness.program.image });
      await expect(bench.adapter.pull({ image: bench.harness.missingImage })).rejects.toMatchObject({
        name: 'AdapterError',
        code: 'image_missing',
      });
    });

    test('ping succeeds while the orchestrator answers', async () => {
      await expect(bench.adapter.ping()).resolves.toBeUndefined();
    });

    test('disposing ends the watching and leaves instances running', async () => {
      const passing = await bench.harness.open({ owner: bench.owner });
      const { seen } = await watchInstances({ adapter: passing, signal: bench.signal });
      const { next } = await watchInstances({ adapter: bench.adapter, signal: bench.signal });
      const { name } = await passing.start(bench.spec());
      await passing[Symbol.asyncDispose]();
      expect(await bench.adapter.inspect({ name })).toMatchObject({ state: 'running' });
      await bench.adapter.stop({ name, graceMs: 0 });
      await next(name);
      expect(seen).toEqual([]);
    });

    describe.runIf(harness.confined)('where instances are containers', () => {
      testConfinement(bench);
    });
  });
}
