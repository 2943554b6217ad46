// Tests what a function is sent, byte for byte, and how its answer is read.

import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { type FunctionRequest, send } from '../../../../src/executor/call/send.ts';
import { createRuntimePools } from '../../../../src/executor/runtimes/pools.ts';
import { createRuntime } from '../../../../src/executor/runtimes/state.ts';

const REQUEST: FunctionRequest = {
  method: 'GET',
  path: '/',
  headers: {},
  body: Buffer.alloc(0),
  timeout: 15,
  logging: true,
};

/** Sends to a function that answers with these bytes; returns what it was sent, and what was read of its answer. */
async function exchange({ request = {}, answer = 'HTTP/1.1 204 No Content\r\n\r\n' }) {
  const received: Buffer[] = [];
  await using server = createServer((socket) => {
    socket.on('data', (bytes) => {
      received.push(bytes);
      if (Buffer.concat(received).includes('\r\n\r\n')) socket.write(Buffer.from(answer, 'latin1'));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  const identity = { id: 'one', name: 'unit-one', image: 'some:1', version: 'v5', created: 1, concurrency: 0 };
  const instance = { hostname: 'h', secret: 's', address };
  const runtime = createRuntime({ ...identity, spec: undefined, instance, started: Promise.resolve() });
  const pools = createRuntimePools();
  const { signal } = new AbortController();
  try {
    const sent = await send({
      runtime,
      pool: pools.of(runtime),
      request: { ...REQUEST, ...request },
      logId: 'l',
      signal,
    });
    return { sent, received: Buffer.concat(received).toString(), address };
  } finally {
    pools.close(new Error('the test is over'));
  }
}

test('a host is named, unless the caller names one', async () => {
  const { received, address } = await exchange({});
  expect(received).toContain(`\r\nhost: ${address.host}:${address.port}\r\n`);
  const other = await exchange({ request: { headers: { host: 'example.org' } } });
  expect(other.received.match(/^host: .*$/gim)).toEqual(['host: example.org']);
});

test('values of headers are UTF-8', async () => {
  const { received } = await exchange({ request: { headers: { 'x-name': 'ü путь' } } });
  expect(received).toContain('\r\nx-name: ü путь\r\n');
});

test.each([
  ['UTF-8', Buffer.from('ü путь').toString('latin1'), 'ü путь'],
  ['Latin-1, where they are no UTF-8', 'gr\xfc\xdfe', 'grüße'],
])('values of an answer’s headers are read as %s', async (_what, bytes, expected) => {
  const { sent } = await exchange({ answer: `HTTP/1.1 204 No Content\r\nx-name: ${bytes}\r\n\r\n` });
  expect(sent.headers['x-name']).toBe(expected);
});

test('a path is escaped where it is no ASCII or would end the line', async () => {
  const { received } = await exchange({ request: { path: '/ü a?b=\r\nx: y%20' } });
  expect(received.split('\r\n')[0]).toBe('GET /%C3%BC%20a?b=%0D%0Ax:%20y%20 HTTP/1.1');
});
