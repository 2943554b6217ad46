// Tests which headers belong to one connection, and how headers are collected.

import { expect, test } from 'vitest';
import {
  collectHeaders,
  filterHeaders,
  hasHeader,
  isEndToEnd,
  type RawHeaders,
  rawHeaders,
} from '../../../src/proxy/headers.ts';
import { parseAnswer } from '../../../src/proxy/head.ts';

const endToEnd = (raw: RawHeaders) => filterHeaders({ raw, passes: isEndToEnd });

test.each([
  'Connection',
  'Keep-Alive',
  'Proxy-Connection',
  'TE',
  'Trailer',
  'Transfer-Encoding',
  'Upgrade',
  'Expect',
  'Content-Length',
])('%s belongs to one connection', (name) => {
  expect(endToEnd([name, 'x', 'A', '1', 'a', '2'])).toEqual(['A', '1', 'a', '2']);
});

test.each([
  ['one that Connection names', ['Connection', 'X-Hop', 'X-HOP', '1', 'A', '1'], ['A', '1']],
  ['several, in several of them', ['connection', 'a , b', 'Connection', 'C', 'a', '1', 'b', '2', 'c', '3'], []],
  ['not Host, without which there is no request', ['Connection', 'host', 'Host', 'a'], ['Host', 'a']],
])('so does %s', (_what, raw, rest) => {
  expect(endToEnd(raw)).toEqual(rest);
});

test('a head that has been read gives its headers as they were sent', () => {
  const text = 'HTTP/1.1 200 OK\r\nA: 1\r\na: 2\r\nConnection: x\r\n';
  expect(rawHeaders(parseAnswer({ text, method: 'GET' }))).toEqual(['A', '1', 'a', '2', 'Connection', 'x']);
});

test('a header is found in any case', () => {
  expect(hasHeader(['Authorization', 'x'], 'authorization')).toBe(true);
  expect(hasHeader(['x', 'authorization'], 'authorization')).toBe(false);
});

test('repeated headers become a list, whatever their name', () => {
  expect(collectHeaders(['Set-Cookie', 'a', 'set-cookie', 'b', '__proto__', 'c'])).toEqual(
    Object.assign(Object.create(null), { 'set-cookie': ['a', 'b'], ['__proto__']: 'c' }),
  );
});
