// Ten thousand requests whose parameters are right, wrong, or of another kind altogether, in every encoding: each is
// answered, and never with an error of the executor’s own making.

import { Agent, request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { IMAGE, type MemoryExecutor, memoryExecutor, SECRET } from '../support/memory-executor.ts';

const BATCHES = 100;
const AT_ONCE = 100;
// These say what became of a command, of a wait for logs, of a wait for room.
const EXPECTED = new Set(['command_failed', 'command_timeout', 'logs_timeout', 'runtime_capacity']);

let executor: MemoryExecutor;
const agent = new Agent({ keepAlive: true, maxSockets: 2 * AT_ONCE });

beforeAll(async () => {
  executor = await memoryExecutor({ development: true, queueTimeoutMs: 10, startTimeoutMs: 500 });
});
afterAll(async () => {
  agent.destroy();
  await executor[Symbol.asyncDispose]();
});

interface Sent {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | Uint8Array;
}

const id = fc.oneof(
  fc.constantFrom('a', 'b', 'c'),
  fc.string().map((value) => encodeURIComponent(value.toWellFormed())),
  fc.constantFrom('..', '%2e%2e', '%', '%00', '__proto__', 'constructor', '%ff'),
);

const path = fc.oneof(
  { weight: 6, arbitrary: fc.constant('/v1/runtimes') },
  {
    weight: 20,
    arbitrary: fc
      .tuple(id, fc.constantFrom('', '/executions', '/execution', '/commands'))
      .map(([name, rest]) => `/v1/runtimes/${name}${rest}`),
  },
  { weight: 3, arbitrary: fc.tuple(id, fc.webPath()).map(([name, rest]) => `/functions/${name}${rest}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('/v1/health', '/metrics', '/', '//', '/v1', '/?', '/v1/runtimes/?a[b]=c&a=d'),
  },
  { weight: 3, arbitrary: fc.webUrl().map((url) => new URL(url).pathname) },
);

// Without a runtime they take their time, so that they are asked for by themselves, all at once.
const pathOfLogs = fc
  .tuple(id, fc.constantFrom('', '?timeout=1', '?timeout=', '?timeout=x&timeout=1'))
  .map(([name, query]) => `/v1/runtimes/${name}/logs${query}`);

const right: Record<string, fc.Arbitrary<unknown>> = {
  runtimeId: fc.constantFrom('a', 'b', 'c'),
  image: fc.constantFrom(IMAGE, 'missing'),
  source: fc.constantFrom('code.tar.gz', 'missing.tar.gz', '../x', ''),
  entrypoint: fc.string(),
  destination: fc.constantFrom('', 'some/where', '../..', '/etc'),
  outputDirectory: fc.string(),
  variables: fc.dictionary(fc.string(), fc.jsonValue()),
  runtimeEntrypoint: fc.string(),
  command: fc.string(),
  cacheKey: fc.string(),
  timeout: fc.constantFrom(1, '1', 2),
  remove: fc.boolean(),
  cpus: fc.double({ min: 0, max: 4 }),
  memory: fc.integer({ min: 0, max: 1024 }),
  version: fc.constantFrom('v5', 'v4'),
  restartPolicy: fc.constantFrom('no', 'always'),
  body: fc.string(),
  path: fc.oneof(fc.webPath(), fc.string()),
  method: fc.constantFrom('GET', 'POST', 'HEAD', 'get', 'TRACE'),
  headers: fc.dictionary(fc.string(), fc.jsonValue()),
  logging: fc.boolean(),
};
const anyString = fc.string({ unit: 'binary' });
const parameters = fc.record(
  Object.fromEntries(
    Object.entries(right).map(([name, values]) => [
      name,
      fc.oneof({ weight: 8, arbitrary: values }, fc.jsonValue(), anyString),
    ]),
  ),
  { requiredKeys: [] },
);

const multipart = parameters.map((given) => {
  const parts = Object.entries(given).map(
    ([name, value]) =>
      `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n` +
      `${typeof value === 'string' ? value : JSON.stringify(value)}\r\n`,
  );
  return { type: 'multipart/form-data; boundary=x', body: `${parts.join('')}--x--\r\n` };
});
const content: fc.Arbitrary<{ type: string; body: string | Uint8Array }> = fc.oneof(
  { weight: 8, arbitrary: parameters.map((given) => ({ type: 'application/json', body: JSON.stringify(given) })) },
  { weight: 3, arbitrary: multipart },
  {
    weight: 2,
    arbitrary: parameters.map((given) => ({
      type: 'application/x-www-form-urlencoded',
      body: new URLSearchParams(
        Object.entries(given).map(([name, value]) => [name, JSON.stringify(value)] as [string, string]),
      ).toString(),
    })),
  },
  fc.record({
    type: fc.constantFrom(
      'application/json',
      'multipart/form-data',
      'multipart/form-data; boundary=',
      'text/plain',
      '',
    ),
    body: fc.oneof(
      fc.uint8Array(),
      fc.jsonValue().map((value) => JSON.stringify(value)),
      anyString,
    ),
  }),
);

const anyMethod = fc.oneof(
  { weight: 6, arbitrary: fc.constant('POST') },
  fc.constantFrom('GET', 'DELETE', 'PUT', 'PATCH', 'HEAD', 'OPTIONS', 'PROPFIND'),
);
const sentTo = (paths: fc.Arbitrary<string>, methods: fc.Arbitrary<string>): fc.Arbitrary<Sent> =>
  fc
    .record({
      method: methods,
      path: paths,
      content,
      authorization: fc.oneof(
        { weight: 20, arbitrary: fc.constant(`Bearer ${SECRET}`) },
        fc.constantFrom('', 'Bearer', SECRET, 'Bearer wrong'),
      ),
      accept: fc.constantFrom('application/json', '*/*', '', 'multipart/form-data', ',,;'),
      format: fc.constantFrom('', '0.11.0', '0.10.0', '1', 'x.y'),
    })
    .map(({ method, path: target, content: { type, body }, authorization, accept, format }) => ({
      method,
      path: target,
      headers: {
        'content-type': type,
        authorization,
        accept,
        'x-executor-response-format': format,
        'content-length': String(Buffer.from(body as string).length),
      },
      body,
    }));

function send({ method, path: target, headers, body }: Sent): Promise<{ status: number; answer: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; answer: string }>();
  const request = httpRequest(`${executor.url}/`, { method, path: target, headers, agent }, (response) => {
    text(response).then((answer) => resolve({ status: response.statusCode ?? 0, answer }), reject);
  });
  request.on('error', reject).end(body);
  return promise;
}

function isOfItsOwnMaking({ status, answer }: { status: number; answer: string }): boolean {
  if (status < 500 || answer === '') return status === 500;
  return !EXPECTED.has((JSON.parse(answer) as { type: string }).type);
}

function answered({ sent, batches }: { sent: fc.Arbitrary<Sent>; batches: number }): Promise<void> {
  const property = fc.asyncProperty(
    fc.array(sent, { minLength: AT_ONCE, maxLength: AT_ONCE, size: 'max' }),
    async (batch) => {
      const answers = await Promise.all(batch.map(async (one) => ({ one, ...(await send(one)) })));
      expect(answers.filter(isOfItsOwnMaking)).toEqual([]);
    },
  );
  return fc.assert(property, { numRuns: batches, endOnFailure: true });
}

test(`${BATCHES * AT_ONCE} random requests are answered without an error of the executor’s own`, async () => {
  await Promise.all([
    answered({ sent: sentTo(path, anyMethod), batches: BATCHES - 1 }),
    answered({ sent: sentTo(pathOfLogs, fc.constant('GET')), batches: 1 }),
  ]);
  const response = await executor.call({ path: '/v1/health' });
  expect([response.status, await response.json()]).toMatchObject([200, { status: 'pass' }]);
}, 90_000);
