// Tests connections that never leave the process.

import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { request } from '../../../src/proxy/client.ts';
import { inProcessPool } from '../../../src/proxy/in-process.ts';

test('requests reach a server that listens nowhere, one connection for one after the other', async () => {
  const sockets = new Set<unknown>();
  const pool = inProcessPool((incoming, response) => {
    sockets.add(incoming.socket);
    void text(incoming).then((body) => response.end(`${incoming.method} ${incoming.url} ${body}`));
  });
  const { signal } = new AbortController();
  for (let count = 0; count < 3; count += 1) {
    const head = 'PUT /a?b HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\n';
    const asked = { pool, method: 'PUT', head, body: Buffer.from('hello'), signal, maxBytes: 100 };
    expect((await request(asked)).body.toString()).toBe('PUT /a?b hello');
  }
  expect(sockets.size).toBe(1);
});
