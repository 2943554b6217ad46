// Tests the gateway from both of its sides: what functions get of a request, what callers get of an answer, and who
// waits for whom.

import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request as send } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { IMAGE, type MemoryExecutor, memoryExecutor, SECRET } from '../../../support/memory-executor.ts';
import { rawCaller, rawExecutor, type RawFunction } from '../../../support/raw-function.ts';

const GET = 'GET /functions/one/ HTTP/1.1\r\nHost: a\r\n\r\n';
const SOUND = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nsound';

const sound: RawFunction = ({ socket }) => void socket.write(SOUND);
const asked = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${SECRET}\r\n\r\n`;

/** The request as it reaches the function; its answer has no body. */
async function reaching(head: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let all = '';
  await using executor = await rawExecutor({
    answer: ({ socket, text }) => {
      all += text;
      if (!/\r\n\r\n/.test(all)) return;
      socket.write('HTTP/1.1 204 No Content\r\n\r\n');
      resolve(all);
    },
  });
  using caller = await rawCaller(executor);
  caller.send(head);
  await caller.until(/204/);
  return promise;
}

describe('what a function sees', () => {
  test.each([
    ['/functions/one', '/'],
    ['/functions/one/', '/'],
    ['/functions/one?a=b', '/?a=b'],
    ['/functions/%6fne/a/../b%2f?c=%20d&?', '/a/../b%2f?c=%20d&?'],
  ])('%s reaches it as %s', async (target, path) => {
    expect(await reaching(`PATCH ${target} HTTP/1.1\r\nHost: a\r\n\r\n`)).toMatch(
      new RegExp(`^PATCH ${path.replaceAll(/[.?]/g, String.raw`\$&`)} HTTP/1\\.1\r\n`),
    );
  });

  test('headers as they were sent, but those of the connection and those that only we may send', async () => {
    const own = [
      'X-Open-Runtimes-Secret: forged',
      'x-open-runtimes-log-id: ../x',
      'X-OPEN-RUNTIMES-NEW: 1',
      'Connection: x-hop, host',
      'X-Hop: 1',
      'TE: trailers',
      'Keep-Alive: 5',
      'Upgrade: x',
    ];
    const text = await reaching(
      [
        'GET /functions/one/ HTTP/1.1',
        'HOST: a.example',
        'Cookie: a=b; c',
        'x-double: 1',
        'x-double: 2',
        'Authorization: Bearer mine',
        'X-Forwarded-For: 1.2.3.4',
        'X-Forwarded-Proto: https',
        ...own,
        '',
        '',
      ].join('\r\n'),
    );
    expect(text.split('\r\n').slice(1)).toEqual([
      'HOST: a.example',
      'Cookie: a=b; c',
      'x-double: 1',
      'x-double: 2',
      'Authorization: Bearer mine',
      'X-Forwarded-Proto: https',
      'x-forwarded-for: 1.2.3.4, 127.0.0.1',
      expect.stringMatching(/^x-request-id: [0-9a-f]{20}$/),
      expect.stringMatching(/^x-open-runtimes-secret: [0-9a-f]{64}$/),
      'x-open-runtimes-timeout: 10',
      'x-open-runtimes-logging: enabled',
      expect.stringMatching(/^x-open-runtimes-log-id: [0-9a-f]{20}$/),
      '',
      '',
    ]);
  });

  test('without an Authorization of the caller, ours', async () => {
    expect(await reaching(GET)).toMatch(
      /\r\nauthorization: Basic b3By[^]*\r\nx-forwarded-proto: http\r\nx-forwarded-for: 127\.0\.0\.1\r\n/,
    );
  });

  test.each([
    ['the id of the request', 'mine-1', /\r\nx-request-id: mine-1\r\n/],
    ['another one for an endless one', 'a'.repeat(300), /\r\nx-request-id: [0-9a-f]{20}\r\n/],
  ])('%s', async (_what, id, expected) => {
    expect(await reaching(`GET /functions/one/ HTTP/1.1\r\nHost: a\r\nX-Request-Id: ${id}\r\n\r\n`)).toMatch(expected);
  });

  test('chunks are framed anew, and what else was in them ends here', async () => {
    const body = '3;extension=1\r\nabc\r\n0\r\nx-open-runtimes-secret: trailer\r\n\r\n';
    expect(
      await reaching(`POST /functions/one/ HTTP/1.1\r\nHost: a\r\ntransfer-encoding: chunked\r\n\r\n${body}`),
    ).toMatch(/\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n$/);
  });
});

describe('callers', () => {
  test.each([
    ['no HTTP', 'garbage\r\n\r\n'],
    ['two lengths', 'POST /functions/one/ HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    [
      'a length and chunks',
      'POST /functions/one/ HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['chunks that are none', 'POST /functions/one/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n'],
    ['a head without an end', `GET /functions/one/ HTTP/1.1\r\nHost: ${'a'.repeat(70_000)}`],
  ])('%s is answered with what is wrong, and the connection closed', async (_what, request) => {
    await using executor = await rawExecutor({ answer: () => {} });
    using caller = await rawCaller(executor);
    caller.send(`${request}${GET}`);
    const text = await caller.until(/}/);
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n[^]*connection: close\r\n/);
    expect(text).toContain('"type":"execution_bad_request","message":"The request cannot be read: ');
    expect(text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });

  test('several requests at once are answered in their order', async () => {
    await using executor = await rawExecutor({
      answer: ({ socket, text }) =>
        void socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n${text.slice(5, 8)}`),
    });
    using caller = await rawCaller(executor);
    caller.send(
      ['aaa', 'bbb', 'ccc'].map((path) => `GET /functions/one/${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join('\r\n'),
    );
    expect((await caller.until(/ccc$/)).match(/aaa|bbb|ccc/g)).toEqual(['aaa', 'bbb', 'ccc']);
  });

  test('who waits to be told to go on is told so once the function is there', async () => {
    await using executor = await rawExecutor({
      answer: ({ socket, text }) => void (text.endsWith('body') && socket.write(SOUND)),
    });
    using caller = await rawCaller(executor);
    caller.send('PUT /functions/one/ HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n');
    await caller.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    caller.send('body');
    expect(await caller.until(/sound$/)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
  });

  test('an older caller gets no chunks', async () => {
    await using executor = await rawExecutor({
      answer: ({ socket }) =>
        void socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'),
    });
    using caller = await rawCaller(executor);
    caller.send('GET /functions/one/ HTTP/1.0\r\n\r\n');
    expect(await caller.end()).toMatch(/^HTTP\/1\.1 200 OK\r\nconnection: close\r\n\r\nhello$/);
  });

  test('HEAD is answered with the length and without the body', async () => {
    await using executor = await rawExecutor({
      answer: ({ socket }) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n'),
    });
    using caller = await rawCaller(executor);
    caller.send(`HEAD /functions/one/ HTTP/1.1\r\nHost: a\r\n\r\n${GET.replace('GET', 'HEAD')}`);
    expect(await caller.until(/(.*\r\n\r\n){2}/s)).toMatch(/^(HTTP\/1\.1 200 OK\r\ncontent-length: 5\r\n\r\n){2}$/);
  });

  test('when one leaves, the function loses its connection and the place is free', async () => {
    await using executor = await rawExecutor({ answer: () => {}, changes: { maxFunctionCalls: 1, queueSize: 0 } });
    const gone = await rawCaller(executor);
    gone.send(GET);
    await expect.poll(() => executor.connections.size).toBe(1);
    gone.socket.resetAndDestroy();
    await expect.poll(() => executor.connections.size).toBe(0);
    using next = await rawCaller(executor);
    next.send(GET);
    await expect.poll(() => executor.connections.size).toBe(1);
  });

  test('beyond the limits a call is refused at once, and the connection kept', async () => {
    await using executor = await rawExecutor({
      answer: ({ socket, text }) => void (text.includes('/quick') && socket.write(SOUND)),
      changes: { maxFunctionCalls: 1, queueSize: 0 },
    });
    using slow = await rawCaller(executor);
    slow.send(GET);
    await expect.poll(() => executor.connections.size).toBe(1);
    using refused = await rawCaller(executor);
    refused.send(`POST /functions/one/quick HTTP/1.1\r\nHost: a\r\ncontent-length: 4\r\n\r\nbody`);
    expect(await refused.until(/}$/)).toMatch(
      /^HTTP\/1\.1 503 Service Unavailable\r\n[^]*retry-after: 10\r\n[^]*"runtime_capacity"/,
    );
    slow.socket.resetAndDestroy();
    await expect.poll(() => executor.connections.size).toBe(0);
    refused.send('GET /functions/one/quick HTTP/1.1\r\nHost: a\r\n\r\n');
    await refused.until(/sound$/);
  });

  test('one that does not read holds up the function, and nothing is piled up', async () => {
    let written = 0;
    const piece = Buffer.alloc(256 * 1024);
    await using executor = await rawExecutor({
      answer: ({ socket }) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        const more = (): void => {
          while (written < 512 * 1024 * 1024 && socket.write(piece)) written += piece.length;
        };
        socket.on('drain', more);
        more();
      },
    });
    using caller = await rawCaller(executor);
    caller.socket.pause();
    caller.send(GET);
    await expect
      .poll(async () => {
        const before = written;
        await pause(200);
        return before > 0 && written === before;
      })
      .toBe(true);
    expect(written).toBeLessThan(64 * 1024 * 1024);
  });

  test.each(['content-length: 33554432', 'transfer-encoding: chunked'])(
    'a large body comes back as it went, however slowly it is read: %s',
    async (framing) => {
      await using executor = await memoryExecutor();
      await executor.call({
        method: 'POST',
        path: '/v1/runtimes',
        body: { runtimeId: 'one', image: IMAGE, source: 'code.tar.gz', runtimeEntrypoint: 'start' },
      });
      const bytes = randomBytes(32 * 1024 * 1024);
      const outgoing = send(`${executor.url}/functions/one/mirror`, {
        method: 'PUT',
        headers: Object.fromEntries([framing.split(': ')]),
      });
      outgoing.end(bytes);
      const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
      const seen = createHash('sha256');
      let pieces = 0;
      for await (const piece of answer) {
        seen.update(piece as Buffer);
        pieces += 1;
        if (pieces % 50 === 0) await pause(10);
      }
      expect(seen.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
    },
  );

  test('a slow one is not charged to the function', async () => {
    await using executor = await rawExecutor({
      answer: ({ socket, text }) => void (text.endsWith('end') && socket.write(SOUND)),
      changes: { gatewayTimeoutMs: 50 },
    });
    using caller = await rawCaller(executor);
    caller.send('POST /functions/one/ HTTP/1.1\r\nHost: a\r\ncontent-length: 4\r\n\r\n1');
    await pause(400);
    caller.send('end');
    await caller.until(/sound$/);
    expect(executor.ended).toEqual([]);
  });

  test('a call whose connection to the function was never made is tried again', async () => {
    await using executor = await rawExecutor({ answer: sound });
    using caller = await rawCaller(executor);
    caller.send(GET);
    await caller.until(/sound$/);
    // The connection that is kept goes as the function lets it go, before anything is sent on it.
    for (const socket of executor.connections) socket.end();
    await expect.poll(() => executor.connections.size).toBe(0);
    caller.send(GET);
    await caller.until(/sound[^]*sound$/);
  });
});

describe('the executor’s own interface behind the same port', () => {
  let executor: MemoryExecutor;
  beforeEach(async () => {
    executor = await memoryExecutor();
  });
  afterEach(() => executor[Symbol.asyncDispose]());

  test('is reached on the same connections as functions, in any order', async () => {
    await executor.call({
      method: 'POST',
      path: '/v1/runtimes',
      body: { runtimeId: 'one', image: IMAGE, source: 'code.tar.gz', runtimeEntrypoint: 'start' },
    });
    using caller = await rawCaller({ port: Number(new URL(executor.url).port) });
    caller.send(
      `${asked('/v1/health')}${asked('/functions/one/x')}${asked('/v1/runtimes')}${asked('/functions/none/')}`,
    );
    const text = await caller.until(/runtime_not_found[^]*}$/);
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 404']);
  });

  test('the id of a request reaches the function that it executes', async () => {
    const body = { image: IMAGE, source: 'code.tar.gz' };
    const response = await executor.call({
      method: 'POST',
      path: '/v1/runtimes/one/executions',
      body,
      headers: { 'x-request-id': 'mine-2' },
    });
    const { body: echoed } = (await response.json()) as { body: string };
    expect(JSON.parse(echoed)).toMatchObject({ headers: { 'x-request-id': 'mine-2' } });
  });
});
