// Tests what may become of standbys.

import { expect, test } from 'vitest';
import { memoryExecutor, WARM_IMAGE } from '../../../support/memory-executor.ts';

const SERVE = 'bash helpers/start.sh "bash helpers/server.sh"';
const create = { image: WARM_IMAGE, source: 'code.tar.gz', runtimeEntrypoint: SERVE };

test.each([
  ['a build', { command: 'true' }],
  ['a runtime with a build cache', { cacheKey: 'some' }],
])('%s starts from scratch', async (_what, changes) => {
  await using executor = await memoryExecutor({ standbyMax: 1 });
  await executor.call({ method: 'POST', path: '/v1/runtimes', body: { ...create, runtimeId: 'first' } });
  await expect.poll(() => executor.waiting()).toBe(1);
  const body = { ...create, ...changes, runtimeId: 'second' };
  await executor.call({ method: 'POST', path: '/v1/runtimes', body });
  expect(executor.waiting()).toBe(1);
});
