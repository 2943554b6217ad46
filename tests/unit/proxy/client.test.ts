// Tests one-shot requests: what is sent, which answers are taken, and what becomes of the connection.

import { getEventListeners, once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Answer, type ClientRequest, request, TooLargeError, UnreachedError } from '../../../src/proxy/client.ts';
import { MalformedError } from '../../../src/proxy/head.ts';
import { Pool } from '../../../src/proxy/pool.ts';

const HEAD = 'GET / HTTP/1.1\r\nhost: a\r\n\r\n';
const SOUND = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nsound';

interface Peer {
  socket: Duplex;
  received: string;
}

/** A pool whose connections lead to `answer`, which is called whenever something has come. */
function poolTo(answer: (peer: Peer) => void): { pool: Pool; peers: Peer[] } {
  const peers: Peer[] = [];
  const pool = new Pool({
    connect: () => {
      const [ours, theirs] = duplexPair();
      const peer: Peer = { socket: theirs, received: '' };
      peers.push(peer);
      theirs.on('error', () => {});
      // The two ends of a pair do not break together, as those of a connection do.
      ours.on('close', () => theirs.destroy());
      theirs.on('data', (bytes: Buffer) => {
        peer.received += bytes.toString('latin1');
        answer(peer);
      });
      return ours;
    },
  });
  return { pool, peers };
}

const saying = (...answers: string[]) =>
  poolTo(({ socket }) => void socket.write(Buffer.from(answers.shift() ?? SOUND, 'latin1')));

function ask({ pool, ...changes }: Partial<ClientRequest> & { pool: Pool }): Promise<Answer> {
  const { signal } = new AbortController();
  return request({ pool, method: 'GET', head: HEAD, body: Buffer.alloc(0), signal, maxBytes: 1_000_000, ...changes });
}

test('what is sent is the head and the body, and nothing else', async () => {
  const body = 'x'.repeat(100_000);
  const head = `POST /a HTTP/1.1\r\nhost: a\r\ncontent-length: ${body.length}\r\n\r\n`;
  const { pool, peers } = poolTo(
    ({ socket, received }) => void (received.length === head.length + body.length && socket.write(SOUND)),
  );
  await ask({ pool, method: 'POST', head, body: Buffer.from(body) });
  expect(peers.map(({ received }) => received)).toEqual([head + body]);
});

test('requests one after the other share a connection', async () => {
  const { pool, peers } = saying();
  for (let count = 0; count < 3; count += 1) expect((await ask({ pool })).body.toString()).toBe('sound');
  expect(peers).toHaveLength(1);
});

test('a signal that lives longer keeps nothing of a request that is over', async () => {
  const { signal } = new AbortController();
  await ask({ pool: saying().pool, signal });
  await ask({ pool: saying('garbage\r\n\r\n').pool, signal }).catch(() => {});
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

const ANSWERS: [string, string, string, string][] = [
  ['a length', 'GET', SOUND, 'sound'],
  [
    'chunks',
    'GET',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3;x\r\nsou\r\n2\r\nnd\r\n0\r\na: b\r\n\r\n',
    'sound',
  ],
  ['no body', 'GET', 'HTTP/1.1 204 No Content\r\n\r\n', ''],
  ['one to HEAD', 'HEAD', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n', ''],
  [
    'another head before it',
    'GET',
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nlink: x\r\n\r\n${SOUND}`,
    'sound',
  ],
];

describe('an answer cut at any byte is the same, and its connection is kept:', () => {
  test.each(ANSWERS)('%s', async (_what, method, text, body) => {
    for (let at = 1; at < text.length; at += 1) {
      const { pool, peers } = poolTo(({ socket }) => {
        socket.write(text.slice(0, at));
        socket.write(text.slice(at));
      });
      expect(String((await ask({ pool, method })).body)).toBe(body);
      await ask({ pool, method });
      expect(peers).toHaveLength(1);
    }
  });

  test('in any number of pieces', async () => {
    const pieces = fc.uniqueArray(fc.nat({ max: 90 }), { maxLength: 10 });
    const property = fc.asyncProperty(fc.constantFrom(...ANSWERS), pieces, async ([, method, text, body], cuts) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), text.length];
      const { pool } = poolTo(({ socket }) => {
        for (let index = 1; index < at.length; index += 1) socket.write(text.slice(at[index - 1], at[index]));
      });
      expect(String((await ask({ pool, method })).body)).toBe(body);
    });
    await fc.assert(property);
  });
});

test('an answer that ends with its connection is whole then', async () => {
  const { pool } = poolTo(({ socket }) => void socket.end('HTTP/1.1 200 OK\r\nx-a: ä\r\n\r\nsound', 'latin1'));
  const { head, body } = await ask({ pool });
  expect([head.status, head.fields, body.toString()]).toEqual([200, ['x-a', 'x-a', 'ä'], 'sound']);
});

describe('what is no answer is told apart from a connection that breaks:', () => {
  test.each([
    ['garbage', 'garbage\r\n\r\n', 'the status line is not one of HTTP/1.1'],
    ['another protocol', 'HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n', 'it changes the protocol'],
    ['an endless head', `HTTP/1.1 200 OK\r\na: ${'b'.repeat(70_000)}`, 'its head is larger than 65536 bytes'],
    ['chunks that are none', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nx', 'a chunk has no size'],
  ])('%s', async (_what, text, message) => {
    const { pool, peers } = saying(text);
    const error = await ask({ pool }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MalformedError);
    expect((error as Error).message).toContain(message);
    await ask({ pool });
    expect(peers).toHaveLength(2);
  });

  test.each([
    ['before its answer', ''],
    ['within the head', 'HTTP/1.1 200 OK\r\na'],
    ['within a length', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nsound'],
    ['within chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nsound\r\n'],
  ])('an end %s', async (_what, text) => {
    const { pool } = poolTo(({ socket }) => void socket.end(text));
    await expect(ask({ pool })).rejects.toThrow(/^it closed the connection$/);
  });
});

test.each([
  ['a length', 'HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n'],
  ['chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n6\r\nsounds'],
  ['neither', 'HTTP/1.1 200 OK\r\n\r\nsounds'],
])('an answer larger than it may be is refused, told by %s', async (_what, text) => {
  await expect(ask({ pool: saying(text).pool, maxBytes: 5 })).rejects.toBeInstanceOf(TooLargeError);
  expect((await ask({ pool: saying().pool, maxBytes: 5 })).body.toString()).toBe('sound');
});

test.each([
  ['says more than its answer', `${SOUND}HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged`],
  ['says that it closes', 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'],
])('a server that %s is asked on another connection next', async (_what, text) => {
  const { pool, peers } = saying(text);
  await ask({ pool });
  expect((await ask({ pool })).body.toString()).toBe('sound');
  expect(peers).toHaveLength(2);
});

test('one that answers before it has read the request is asked on another connection next', async () => {
  const { pool, peers } = poolTo(({ socket }) => void socket.pause().write(SOUND));
  await ask({ pool, body: Buffer.alloc(1_000_000) });
  await ask({ pool });
  expect(peers).toHaveLength(2);
});

describe('an aborted request says why', () => {
  const reason = new Error('enough');
  // Nothing was sent, so that it may be sent elsewhere.
  const UNSENT = { constructor: UnreachedError, cause: reason };

  test('and is not sent if it was aborted before', async () => {
    const { pool, peers } = saying();
    await expect(ask({ pool, signal: AbortSignal.abort(reason) })).rejects.toMatchObject(UNSENT);
    expect(peers).toEqual([]);
  });

  test.each([
    ['before the answer', ''],
    ['within the answer', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nsound'],
  ])('and loses its connection %s', async (_what, text) => {
    const controller = new AbortController();
    const { pool, peers } = poolTo(({ socket }) => {
      socket.write(text);
      setImmediate(() => controller.abort(reason));
    });
    await expect(ask({ pool, signal: controller.signal })).rejects.toBe(reason);
    await expect.poll(() => peers[0]?.socket.destroyed).toBe(true);
  });

  test('while it connects, and the connection serves the next one', async () => {
    await using server = createServer((socket) => void socket.on('data', () => socket.write(SOUND)));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const sockets: Socket[] = [];
    const connected = Promise.withResolvers<void>();
    const pool = new Pool({
      connect: () => {
        const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
        sockets.push(socket);
        return socket.once('connect', () => setImmediate(connected.resolve));
      },
    });
    const controller = new AbortController();
    const first = ask({ pool, signal: controller.signal });
    controller.abort(reason);
    await expect(first).rejects.toMatchObject(UNSENT);
    await connected.promise;
    expect((await ask({ pool })).body.toString()).toBe('sound');
    expect(sockets).toHaveLength(1);
    pool.close(reason);
  });
});

describe('what has not been sent is told apart:', () => {
  test('a connection that is refused', async () => {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => void server.close(resolve));
    const error = await ask({ pool: new Pool({ connect: () => connect(port, '127.0.0.1') }) }).catch((one) => one);
    expect(error).toBeInstanceOf(UnreachedError);
    expect(error.cause.code).toBe('ECONNREFUSED');
  });

  test('a pool that has been closed', async () => {
    const { pool } = saying();
    pool.close(new Error('over'));
    await expect(ask({ pool })).rejects.toBeInstanceOf(UnreachedError);
  });

  test('not a connection that closes on the request', async () => {
    const { pool } = poolTo(({ socket }) => void socket.destroy());
    const error = await ask({ pool }).catch((one) => one);
    expect(error).not.toBeInstanceOf(UnreachedError);
  });
});
