// Sends two thousand requests that are sound, nearly so or not at all: whatever comes, the executor has an answer that
// blames the right side.

import { once } from 'node:events';
import { connect } from 'node:net';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { IMAGE, memoryExecutor, SECRET } from '../../support/memory-executor.ts';

const PROBES = 3;
const BATCHES = 20;
const BATCH = 100;

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
  const batch = fc.array(request, { minLength: BATCH, maxLength: BATCH });
  const count = { sent: 0, answered: 0 };
  await fc.assert(
    fc.asyncProperty(batch, async (requests) => {
      const answers = await answersOf({ url: executor.url, requests });
      count.sent += answers.length;
      count.answered += answers.filter((answer) => answer.startsWith('HTTP/1.1 ')).length;
      // What a command ends with is the command's, and reported so (docs/errors.md).
      const failures = answers
        .map((answer, index) => ({ answer, request: requests[index] }))
        .filter(
          ({ answer }) => answer.startsWith('HTTP/1.1 5') && !/"type":"command_|"type":"runtime_capacity"/.test(answer),
        );
      expect(failures).toEqual([]);
    }),
    { numRuns: BATCHES, interruptAfterTimeLimit: 240_000, markInterruptAsFailure: true },
  );
  expect((await fetch(`${executor.url}/v1/health`)).status).toBe(200);
  expect(count.sent).toBe(BATCHES * BATCH);
  // Some ask to wait for more of them; most are answered at once, or nothing has been tested.
  expect(count.answered).toBeGreaterThan(count.sent / 2);
});

interface Asked extends Disposable {
  /** What has come first. */
  readonly answer: string | undefined;
}

async function ask({ port, text }: { port: number; text: string }): Promise<Asked> {
  const socket = connect({ port, host: '127.0.0.1' });
  await once(socket, 'connect');
  let answer: string | undefined;
  // A connection may be reset in the middle of what is not HTTP.
  socket.on('error', () => {}).on('data', (bytes) => (answer ??= bytes.toString('latin1')));
  await new Promise<void>((resolve) => void socket.write(text, () => resolve()));
  return {
    get answer() {
      return answer;
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

/**
 * The answers, once no more come: that is when several requests that came after them have been answered and none of
 * these. Some get none, since they ask to wait for more of them.
 */
async function answersOf({ url, requests }: { url: string; requests: readonly string[] }): Promise<string[]> {
  const port = Number(new URL(url).port);
  using all = new DisposableStack();
  const asked: Asked[] = [];
  for (const one of await Promise.all(requests.map((text) => ask({ port, text })))) asked.push(all.use(one));
  const count = () => asked.filter(({ answer }) => answer !== undefined).length;
  for (let before = -1; before < count();) {
    before = count();
    for (let probe = 0; probe < PROBES; probe += 1) await (await fetch(`${url}/v1/health`)).text();
  }
  return asked.map(({ answer }) => answer ?? '');
}
