// Tests what callers see of functions that do not speak HTTP as they should: always an answer, and never somebody
// else's.

import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type RawExecutor, rawCaller, rawExecutor, type RawFunction } from '../../../support/raw-function.ts';

let executor: RawExecutor;
afterEach(() => executor[Symbol.asyncDispose]());

const GET = 'GET /functions/one/ HTTP/1.1\r\nHost: a\r\n\r\n';
const SOUND = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nsound';

/** A function that gives these answers one after the other, whatever it is asked. */
function answering(...answers: string[]): RawFunction {
  return ({ socket }) => void socket.write(answers.shift() ?? SOUND, 'latin1');
}

async function call({
  answer,
  request = GET,
}: {
  answer: RawFunction;
  request?: string;
}): Promise<{ first: string; second: string }> {
  executor = await rawExecutor({ answer, changes: { gatewayTimeoutMs: 300 } });
  using caller = await rawCaller(executor);
  caller.send(request);
  const first = await caller.until(/\r\n\r\n[^]*[}d]$/);
  caller.send(GET);
  return { first, second: (await caller.until(/sound$/)).slice(first.length) };
}

describe('without a valid head the caller is told what is wrong, and the next call is answered:', () => {
  test.each([
    ['garbage', 'garbage\r\n\r\n', 'the status line is not one of HTTP/1.1'],
    ['another protocol', '\x16\x03\x01\x02\r\n\r\n', 'the status line is not one of HTTP/1.1'],
    [
      'two lengths',
      'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 5\r\n\r\nabcde',
      'it has more than one Content-Length',
    ],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      'it has both',
    ],
    ['a folded header', 'HTTP/1.1 200 OK\r\na: b\r\n c\r\n\r\n', 'a header is not of the form'],
    ['10,000 headers', `HTTP/1.1 200 OK\r\n${'a:b\r\n'.repeat(10_000)}\r\n`, 'it has more than 1000 headers'],
    ['a head without an end', `HTTP/1.1 200 OK\r\na: ${'b'.repeat(70_000)}`, 'its head is larger than 65536 bytes'],
    [
      'another protocol to change to',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n',
      'it changes the protocol',
    ],
  ])('%s', async (_what, text, message) => {
    const { first, second } = await call({ answer: answering(text) });
    expect(first).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n/);
    expect(first).toMatch(/"type":"execution_failed"/);
    expect(first).toContain(message);
    expect(second).toMatch(/^HTTP\/1\.1 200 OK[^]*sound$/);
  });
});

test.each<[string, (socket: Socket) => void]>([
  ['closes the socket', (socket) => socket.end()],
  ['resets it', (socket) => socket.resetAndDestroy()],
  ['closes it within the head', (socket) => socket.end('HTTP/1.1 200 OK\r\na: b')],
])('a function that %s is told apart from one that answers', async (_what, act) => {
  let first = true;
  const answer: RawFunction = ({ socket }) => {
    if (first) act(socket);
    else socket.write(SOUND);
    first = false;
  };
  const seen = await call({ answer });
  expect(seen.first).toMatch(/^HTTP\/1\.1 502 [^]*"The runtime closed the connection without an answer/);
  expect(seen.second).toMatch(/200 OK/);
});

test('one that never answers is ended a quarter of a second after its time, and the caller told so', async () => {
  executor = await rawExecutor({ answer: () => {}, changes: { gatewayTimeoutMs: 100 } });
  using caller = await rawCaller(executor);
  const began = performance.now();
  caller.send(GET);
  expect(await caller.until(/}$/)).toMatch(
    /^HTTP\/1\.1 400 [^]*"execution_timeout","message":"Timed out waiting for execution\."/,
  );
  expect(performance.now() - began).toBeGreaterThanOrEqual(340);
  expect(executor.ended).toEqual(['unit-one']);
});

describe('an answer that breaks after its head is cut off, so that nobody takes it for a whole one:', () => {
  const HEAD = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n';
  test.each<[string, string]>([
    ['garbage between chunks', `${HEAD}garbage`],
    ['a chunk longer than its size', `${HEAD}2\r\nabc\r\n`],
  ])('%s', async (_what, text) => {
    executor = await rawExecutor({ answer: answering(text) });
    using caller = await rawCaller(executor);
    caller.send(GET);
    const seen = await caller.end();
    expect(seen).toContain('hello\r\n');
    expect(seen).not.toContain('0\r\n\r\n');
  });

  test.each([
    ['chunks', HEAD],
    ['a length', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhello\r\n'],
  ])('the end of the connection within %s', async (_what, text) => {
    executor = await rawExecutor({ answer: ({ socket }) => void socket.end(text) });
    using caller = await rawCaller(executor);
    caller.send(GET);
    expect(await caller.end()).toMatch(/hello\r\n$/);
  });
});

test('what a function sends beyond its answer reaches nobody', async () => {
  const { first, second } = await call({
    answer: answering(
      `HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nfirstHTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged`.replace(
        'first',
        'fir}d',
      ),
    ),
  });
  expect([first, second].join()).not.toContain('forged');
});

test('what a function sends before it is asked reaches nobody', async () => {
  executor = await rawExecutor({ answer: answering() });
  using caller = await rawCaller(executor);
  caller.send(GET);
  await caller.until(/sound$/);
  const [kept] = executor.connections;
  kept?.write('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged');
  await expect.poll(() => executor.connections.size).toBe(0);
  caller.send(GET);
  expect(await caller.until(/sound[^]*sound$/)).not.toContain('forged');
});

test('an answer that ends with its connection comes in chunks, and the caller keeps its own', async () => {
  executor = await rawExecutor({ answer: ({ socket }) => void socket.end('HTTP/1.1 200 OK\r\nx-a: b\r\n\r\nhello') });
  using caller = await rawCaller(executor);
  caller.send(GET);
  await caller.until(/0\r\n\r\n$/);
  caller.send(GET);
  expect(await caller.until(/0\r\n\r\n[^]*0\r\n\r\n$/)).toMatch(
    /^(HTTP\/1\.1 200 OK\r\nx-a: b\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n){2}$/,
  );
});

test('heads that announce another one are read over', async () => {
  const { first } = await call({
    answer: answering(`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${SOUND}`),
  });
  expect(first).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*sound$/);
});

test('an answer that comes before the body is through is the answer; the rest of the body goes nowhere', async () => {
  executor = await rawExecutor({ answer: answering() });
  using caller = await rawCaller(executor);
  caller.send('POST /functions/one/ HTTP/1.1\r\nHost: a\r\ncontent-length: 10\r\n\r\n12345');
  await caller.until(/sound$/);
  caller.send(`67890${GET}`);
  expect(await caller.until(/sound[^]*sound$/)).toMatch(/^(HTTP\/1\.1 200 OK\r\ncontent-length: 5\r\n\r\nsound){2}$/);
});
