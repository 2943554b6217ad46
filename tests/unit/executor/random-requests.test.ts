// Sends ten thousand requests that are sound, nearly so or not at all: whatever comes, the executor has an answer that
// blames the right side.

import { connect } from 'node:net';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { IMAGE, memoryExecutor, SECRET } from '../../support/memory-executor.ts';

const QUIET_MS = 40;

const id = fc.constantFrom('one', 'none', '', '..', '%2e', 'a b', 'ü', '%', 'x'.repeat(80));
const path = fc.oneof(
  id.map((one) => `/functions/${one}/echo`),
  fc
    .tuple(id, fc.constantFrom('', '/executions', '/execution', '/commands', '/other'))
    .map(([one, rest]) => `/v1/runtimes/${one}${rest}`),
  fc.constantFrom(
    '/',
    '*',
    '/v1/health',
    '/v1/runtimes',
    '/functions',
    '/functions/',
    'http://a/functions/one/',
    '/functions/one?a=%zz&b',
  ),
  fc.string({ maxLength: 20 }),
);
const header = fc.oneof(
  { weight: 4, arbitrary: fc.constant(`authorization: Bearer ${SECRET}`) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'connection: close',
      'connection: upgrade, x',
      'upgrade: websocket',
      'expect: 100-continue',
      'transfer-encoding: chunked',
      'content-length: 0',
      'content-length: 4',
      'te: trailers',
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'content-type: application/json',
      'content-type: multipart/form-data; boundary=b',
      'content-type: multipart/form-data',
      'content-type: application/x-www-form-urlencoded',
      'content-encoding: gzip',
      'accept: multipart/form-data',
      'accept: application/json',
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.string({ maxLength: 10 }), fc.string({ maxLength: 10 }))
      .map(([name, value]) => `${name}: ${value}`),
  },
);
const parameter = fc.constantFrom(
  'runtimeId',
  'image',
  'source',
  'timeout',
  'headers',
  'variables',
  'body',
  'path',
  'method',
  'cpus',
  'memory',
  'version',
  'entrypoint',
  'runtimeEntrypoint',
  'logging',
  'cacheKey',
  'restartPolicy',
  'destination',
);
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom('one', 'GET', '/a?b', '1', 'v5', '../..', 'code.tar.gz', null, '\0'),
);
const json = fc.dictionary(parameter, value, { maxKeys: 5 }).map((object) => JSON.stringify(object));
const body = fc.oneof(
  json,
  fc.string({ maxLength: 30 }),
  fc.constantFrom(
    '',
    '[]',
    '{',
    '--b\r\n\r\n',
    '4\r\nabcd\r\n0\r\n\r\n',
    'x\r\n',
    '--b\r\ncontent-disposition: form-data; name="runtimeId"\r\n\r\none\r\n--b--\r\n',
  ),
);
const request = fc
  .record({
    method: fc.oneof(
      fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'CONNECT', 'PURGE'),
      fc.string({ maxLength: 4 }),
    ),
    path,
    headers: fc.array(header, { maxLength: 6 }),
    body,
    counted: fc.boolean(),
  })
  .map((one) =>
    [
      `${one.method} ${one.path} HTTP/1.1`,
      'host: a',
      ...one.headers,
      ...(one.counted ? [`content-length: ${Buffer.byteLength(one.body)}`] : []),
      '',
      one.body,
    ].join('\r\n'),
  );

test('no request makes the executor fail', { timeout: 300_000 }, async () => {
  await using executor = await memoryExecutor({ queueTimeoutMs: 10, startTimeoutMs: 1_000 });
  const create = () =>
    executor.call({
      method: 'POST',
      path: '/v1/runtimes',
      body: { runtimeId: 'one', image: IMAGE, source: 'code.tar.gz', runtimeEntrypoint: 'start' },
    });
  await create();
  const port = Number(new URL(executor.url).port);
  const batch = fc.array(request, { minLength: 50, maxLength: 50 });
  await fc.assert(
    fc.asyncProperty(batch, async (requests) => {
      const answers = await Promise.all(requests.map((text) => firstOf({ port, text })));
      // What a command ends with is the command's, and reported so (docs/errors.md).
      const failures = answers
        .map((answer, index) => ({ answer, request: requests[index] }))
        .filter(
          ({ answer }) => answer.startsWith('HTTP/1.1 5') && !/"type":"command_|"type":"runtime_capacity"/.test(answer),
        );
      expect(failures).toEqual([]);
    }),
    { numRuns: 200, interruptAfterTimeLimit: 240_000, markInterruptAsFailure: true },
  );
  expect((await fetch(`${executor.url}/v1/health`)).status).toBe(200);
});

/** What comes first, or nothing if nothing comes: a request may ask to wait for more of it. */
function firstOf({ port, text }: { port: number; text: string }): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect({ port, host: '127.0.0.1' });
  const timer = setTimeout(() => finish(''), QUIET_MS);
  const finish = (answer: string) => {
    clearTimeout(timer);
    socket.destroy();
    resolve(answer);
  };
  socket
    .on('error', () => finish(''))
    .on('close', () => finish(''))
    .on('data', (bytes) => finish(bytes.toString('latin1')));
  socket.write(text);
  return promise;
}
