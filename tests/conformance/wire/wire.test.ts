// What goes over the wire and how answers are parsed, against a socket that says what it is told.

import { execFile } from 'node:child_process';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { promisify } from 'node:util';
import { test } from 'vitest';
import type { RequestData } from '../case.ts';
import { openConnection } from './connection.ts';
import { encodeRequest } from './request.ts';
import type { WireResponse } from './response.ts';

const execute = promisify(execFile);

/** Answers whatever comes with these bytes, and ends. */
async function exchangeWith(answer: string, send: RequestData = {}): Promise<WireResponse> {
  await using server = await listen((_heard, say) => say(answer));
  using connection = await openConnection(server);
  return await connection.exchange(encodeRequest({ request: send, server: { ...server, secret: '' }, logId: null }));
}

interface Listening extends AsyncDisposable {
  host: string;
  port: number;
}

async function listen(onData: (heard: string, say: (answer: string) => void) => void): Promise<Listening> {
  const server: Server = createServer((socket) => {
    let heard = '';
    socket
      .on('error', () => {})
      .on('data', (bytes) => onData((heard += bytes.toString('latin1')), (answer) => socket.end(answer, 'latin1')));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

test.for([
  { name: 'a body with a length', answer: 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc', body: 'abc' },
  {
    name: 'a body in chunks',
    answer:
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n' +
      'x-trailer: 1\r\n\r\n',
    body: 'abc0123456789',
  },
  { name: 'a body until the end', answer: 'HTTP/1.0 200 OK\r\n\r\nabc', body: 'abc' },
  {
    name: 'an answer after another of the series 100',
    answer: 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200\r\ncontent-length: 0\r\n\r\n',
    body: '',
  },
])('$name is read', async ({ answer, body }, { expect }) => {
  const response = await exchangeWith(answer);
  expect([response.status, response.body.toString()]).toEqual([200, body]);
});

test('headers keep their case, order and repetition', async ({ expect }) => {
  const response = await exchangeWith('HTTP/1.1 204 No Content\r\nX-b: 1\r\nx-A:2\r\nX-b:  3 \r\n\r\n');
  expect(response.headers).toEqual([
    ['X-b', '1'],
    ['x-A', '2'],
    ['X-b', '3'],
  ]);
});

test.for([
  { name: 'no answer', answer: '', reason: 'closed without an answer' },
  { name: 'something else than HTTP', answer: 'hello\r\n\r\n', reason: 'not a status line' },
  {
    name: 'a body that is too short',
    answer: 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabc',
    reason: '2 bytes early',
  },
  {
    name: 'two lengths',
    answer: 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 3\r\n\r\nabc',
    reason: 'bad content-length',
  },
  {
    name: 'chunks that do not end',
    answer: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n',
    reason: 'before its last chunk',
  },
  {
    name: 'a status of the series 100 with a content type',
    answer: 'HTTP/1.1 199 Odd\r\ncontent-type: text/plain\r\ncontent-length: 1\r\n\r\nx',
    reason: 'an answer with the status 199',
  },
  {
    name: 'both framings',
    answer: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n',
    reason: 'both transfer-encoding and content-length',
  },
])('$name is no answer', async ({ answer, reason }, { expect }) => {
  await expect(exchangeWith(answer)).rejects.toThrow(reason);
});

async function isMissing(program: string): Promise<boolean> {
  return execute(program, ['--version']).then(
    () => false,
    () => true,
  );
}

const requests: { name: string; request: RequestData }[] = [
  {
    name: 'headers and steps',
    request: {
      target: "/a%20b/../c?x='1'&y",
      headers: [
        ['x-empty', ''],
        ['x-quote', `it's "so"`],
      ],
      steps: [['log', 'ä\n']],
    },
  },
  { name: 'text', request: { method: 'POST', body: 'it\'s 100 % "ä" \\n\n' } },
  { name: 'bytes', request: { method: 'PUT', body: Uint8Array.of(0, 10, 37, 92, 128, 255) } },
  { name: 'no Host header', request: { host: null } },
];

test.for(requests)('the curl line of a request with $name sends the same', async ({ request }, { expect, skip }) => {
  skip(await isMissing('curl'), 'there is no curl on this machine');
  const heard: string[] = [];
  const end = new RegExp(`\r\n\r\n[^]{${Buffer.from((request.body ?? '') as string).length}}$`);
  await using server = await listen((text, say) => {
    if (!end.test(text)) return;
    heard.push(text);
    say('HTTP/1.1 204 No Content\r\n\r\n');
  });
  const encoded = encodeRequest({ request, server: { ...server, secret: 'secret' }, logId: 'id' });
  using connection = await openConnection(server);
  await connection.exchange(encoded);
  await execute('sh', ['-c', encoded.curl]);
  const sorted = heard.map((text) =>
    text
      .split('\r\n')
      .map((line) => line.trimEnd().replace(/^[^:]+(?=:)/, (name) => name.toLowerCase()))
      .toSorted(),
  );
  expect(sorted[1]).toEqual(sorted[0]);
});
