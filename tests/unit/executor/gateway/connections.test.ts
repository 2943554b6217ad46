// Tests what becomes of callers who end their connection, and of those who speak something else than HTTP/1.1.

import { afterEach, describe, expect, test } from 'vitest';
import { type RawExecutor, rawCaller, rawExecutor, type RawFunction } from '../../../support/raw-function.ts';

let executor: RawExecutor;
afterEach(() => executor[Symbol.asyncDispose]());

const GET = 'GET /functions/one/ HTTP/1.1\r\nHost: a\r\n\r\n';
const SOUND = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nsound';
const sound: RawFunction = ({ socket }) => void socket.write(SOUND);

/** All that comes back to someone who sends this and nothing more, and still reads. */
async function sendLast({ bytes, answer = sound }: { bytes: string | Buffer; answer?: RawFunction }): Promise<string> {
  executor = await rawExecutor({ answer });
  using caller = await rawCaller(executor);
  caller.socket.end(bytes);
  return await caller.end();
}

describe('a caller who says that no more will come is answered, and the connection closed:', () => {
  test('after one request', async () => {
    expect(await sendLast({ bytes: GET })).toBe(SOUND);
  });

  test('after several', async () => {
    expect(await sendLast({ bytes: GET.repeat(3) })).toBe(SOUND.repeat(3));
  });

  test('after one with a body', async () => {
    const bytes = 'POST /functions/one/ HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody';
    const answer: RawFunction = ({ socket, text }) => void (text.endsWith('body') && socket.write(SOUND));
    expect(await sendLast({ bytes, answer })).toBe(SOUND);
  });

  test('after one whose answer is large', async () => {
    const body = 'x'.repeat(8 * 1024 * 1024);
    const head = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`;
    const answer: RawFunction = ({ socket }) => void socket.write(head + body);
    expect(await sendLast({ bytes: GET, answer })).toBe(head + body);
  });

  test('by the executor’s interface too', async () => {
    const text = await sendLast({ bytes: 'GET /v1/health HTTP/1.1\r\nHost: a\r\n\r\n' });
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*"status":"pass"/);
  });

  test('after none', async () => {
    expect(await sendLast({ bytes: '' })).toBe('');
  });
});

test.each([
  ['a head', GET.slice(0, -2), 'its head has not come whole'],
  ['a body', 'POST /functions/one/ HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbod', 'its body has not come whole'],
])('%s that ends too early is an error', async (_what, bytes, message) => {
  const text = await sendLast({ bytes, answer: () => {} });
  expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(text).toContain(`The request cannot be read: ${message}.`);
  await expect.poll(() => executor.connections.size).toBe(0);
});

test('a caller who closes while a stream runs is noticed', async () => {
  executor = await rawExecutor({
    answer: async ({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const timer = setInterval(() => socket.write('more'), 5);
      socket.on('close', () => clearInterval(timer));
    },
  });
  const caller = await rawCaller(executor);
  caller.send(GET);
  await caller.until(/more/);
  caller.socket.destroy();
  await expect.poll(() => executor.connections.size).toBe(0);
});

test('a caller who leaves the connection alone is closed when it is closed', async () => {
  const text = await sendLast({ bytes: '\r\n' });
  expect(text).toBe('');
});

describe('what is no HTTP/1.1 is answered at once, though its end has not come:', () => {
  test.each<[string, string | Buffer]>([
    ['lines that end in a line feed alone', 'GET /functions/one/ HTTP/1.1\nHost: a\n\n'],
    ['one such line', 'GET /functions/one/ HTTP/1.1\r\nHost: a\nA: b'],
    ['a carriage return alone', 'GET /functions/one/ HTTP/1.1\r\nHost: a\rA: b'],
    ['a greeting of TLS', Buffer.from('16030100a5010000a10303', 'hex')],
    ['the first byte of one', Buffer.from('16', 'hex')],
    ['a zero byte', 'GET /functions/one/ HTTP/1.1\r\nHost: a\0'],
    ['a request line of HTTP/0.9', 'GET /functions/one/\r\n'],
    ['a greeting of SSH', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['an invalid Host', 'GET /functions/one/ HTTP/1.1\r\nHost: a b\r\n\r\n'],
    ['a Host with a name of a user', 'GET /functions/one/ HTTP/1.1\r\nHost: a@b\r\n\r\n'],
    ['a Host with a path', 'GET /functions/one/ HTTP/1.1\r\nHost: a/b\r\n\r\n'],
    ['two Hosts', 'GET /functions/one/ HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n'],
    ['no Host', 'GET /functions/one/ HTTP/1.1\r\n\r\n'],
  ])('%s', async (_what, bytes) => {
    executor = await rawExecutor({ answer: sound });
    using caller = await rawCaller(executor);
    for (const byte of Buffer.from(bytes)) {
      caller.send(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    expect(await caller.until(/}$/)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n[^]*connection: close\r\n/);
    caller.socket.end();
    expect((await caller.end()).match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
  });
});
