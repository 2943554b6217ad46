// Tests that nobody reaches the system's own paths of a runtime from outside, whichever way they come.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IMAGE, type MemoryExecutor, memoryExecutor } from '../../../support/memory-executor.ts';
import { rawCaller, type RawExecutor, rawExecutor } from '../../../support/raw-function.ts';

const SPELLINGS = [
  '/__opr/health',
  '/__opr/logs/0123456789abcdef0123?a',
  '/__OPR/health',
  '//__opr/health',
  '/./__opr/health',
  '/a/../__opr/health',
  '/%2F__opr/health',
  '/__opr%2fhealth',
  '/%5f_opr/health',
  '/%255f_opr/health',
  String.raw`/\__opr\health`,
  '/__opr;x/health',
  '//host/__opr/health',
];
const NOT_FOUND = { type: 'general_route_not_found', message: 'Not Found', code: 404, version: '0.11.0' };

describe('through the gateway there is no', () => {
  const reached: string[] = [];
  let executor: RawExecutor;
  beforeAll(async () => {
    executor = await rawExecutor({
      answer: ({ socket, text }) => {
        reached.push(text);
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n{"a"}');
      },
    });
  });
  afterAll(() => executor[Symbol.asyncDispose]());

  test.each(SPELLINGS)('%s', async (path) => {
    using caller = await rawCaller(executor);
    caller.send(`GET /functions/one${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    const [head = '', body = ''] = (await caller.until(/}$/)).split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
    expect(JSON.parse(body)).toEqual(NOT_FOUND);
    expect(reached).toEqual([]);
  });

  test.each(['/functions%2fone/__opr/health', '/functions/one%2f__opr/health', '/functions//one/__opr/health'])(
    '%s of another name',
    async (target) => {
      using caller = await rawCaller(executor);
      caller.send(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`);
      expect(await caller.until(/}$/)).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
      expect(reached).toEqual([]);
    },
  );
});

describe('as an execution there is no', () => {
  let executor: MemoryExecutor;
  beforeAll(async () => {
    executor = await memoryExecutor();
  });
  afterAll(() => executor[Symbol.asyncDispose]());

  test.each([...SPELLINGS, '__opr/health'])('%s', async (path) => {
    const body = { image: IMAGE, source: 'code.tar.gz', path };
    const response = await executor.call({ method: 'POST', path: '/v1/runtimes/one/executions', body });
    expect([response.status, await response.json()]).toEqual([404, NOT_FOUND]);
    expect(executor.orchestrator.instances.size).toBe(0);
  });
});
