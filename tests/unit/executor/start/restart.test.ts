// Tests that a runtime which its restart policy brings back answers again, and that the call under which it exited is
// told why.

import { expect, test } from 'vitest';
import { IMAGE, memoryExecutor } from '../../../support/memory-executor.ts';

test.each(['always', 'on-failure', 'unless-stopped'])(
  'after its process has ended, the same runtime answers the next call: %s',
  async (restartPolicy) => {
    await using executor = await memoryExecutor();
    const execute = async (path: string) => {
      const body = { image: IMAGE, source: 'code.tar.gz', restartPolicy, path };
      const response = await executor.call({ method: 'POST', path: '/v1/runtimes/one/executions', body });
      return (await response.json()) as object;
    };
    await execute('/');
    const before = executor.orchestrator.instances.get('unit-one');
    expect(await execute('/exit/3')).toMatchObject({
      statusCode: 500,
      errors: 'The runtime has ended with exit code 3.\n',
    });
    expect(await execute('/')).toMatchObject({ statusCode: 200, errors: '' });
    expect(executor.orchestrator.instances.get('unit-one')).toBe(before);
  },
);
