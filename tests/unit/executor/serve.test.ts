// Tests how an executor ends: what is under way is finished, and whoever keeps a connection is told to let it go.

import { once } from 'node:events';
import { expect, test } from 'vitest';
import { rawCaller, type RawExecutor, rawExecutor } from '../../support/raw-function.ts';

const GET = 'GET /functions/one/ HTTP/1.1\r\nHost: a\r\n\r\n';

test('a call that is under way is answered, with word that the connection ends', async () => {
  const ending = Promise.withResolvers<void>();
  await using executor = await rawExecutor({
    answer: async ({ socket }) => {
      await ending.promise;
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nsound');
    },
  });
  using caller = await rawCaller(executor);
  caller.send(GET);
  await expect.poll(() => executor.connections.size).toBe(1);
  const ended = executor.served[Symbol.asyncDispose]();
  await untilClosed(executor);
  ending.resolve();
  expect(await caller.end()).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*connection: close\r\n[^]*sound$/);
  await ended;
});

test('an answer that has begun goes on to its end', async () => {
  const ending = Promise.withResolvers<void>();
  await using executor = await rawExecutor({
    answer: async ({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nfirst');
      await ending.promise;
      socket.write('after');
    },
  });
  using caller = await rawCaller(executor);
  caller.send(GET);
  await caller.until(/first$/);
  const ended = executor.served[Symbol.asyncDispose]();
  await untilClosed(executor);
  ending.resolve();
  expect(await caller.end()).toMatch(/firstafter$/);
  await ended;
});

test('a connection that is not used is closed, and no new one accepted', async () => {
  await using executor = await rawExecutor({
    answer: ({ socket }) => void socket.write('HTTP/1.1 204 No Content\r\n\r\n'),
  });
  using caller = await rawCaller(executor);
  caller.send(GET);
  await caller.until(/204/);
  const ended = executor.served[Symbol.asyncDispose]();
  await caller.end();
  await ended;
  await expect(rawCaller(executor)).rejects.toThrow('ECONNREFUSED');
});

test('connections to functions do not outlive it', async () => {
  await using executor = await rawExecutor({
    answer: ({ socket }) => void socket.write('HTTP/1.1 204 No Content\r\n\r\n'),
  });
  using caller = await rawCaller(executor);
  caller.send(GET);
  await caller.until(/204/);
  const [connection] = executor.connections;
  const closed = once(connection as object as NodeJS.EventEmitter, 'close');
  await executor.served[Symbol.asyncDispose]();
  await closed;
  expect(executor.connections.size).toBe(0);
});

/** Resolves when it accepts no connection any more. */
async function untilClosed(executor: RawExecutor): Promise<void> {
  const refuses = () =>
    rawCaller(executor).then(
      (caller) => caller[Symbol.dispose](),
      () => 'refused',
    );
  await expect.poll(refuses).toBe('refused');
}
