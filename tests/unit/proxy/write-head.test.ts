// Tests that what is written is what was read, and that nothing of one connection is.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AnswerHead, parseAnswer, parseRequest } from '../../../src/proxy/head.ts';
import { isEndToEnd, rawHeaders } from '../../../src/proxy/headers.ts';
import { writeAnswerHead, writeRequestHead } from '../../../src/proxy/write-head.ts';

const fields = fc.array(
  fc.tuple(
    fc.stringMatching(/^x-[!#$%&'*+.^_`|~0-9A-Za-z-]{0,8}$/),
    fc.stringMatching(/^(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]{0,8}[\x21-\x7e\x80-\xff])?)?$/),
  ),
  { maxLength: 5 },
);

test('a request that is made is read as what it was made of', () => {
  const methods = fc.constantFrom('GET', 'POST', 'HEAD', 'PATCH');
  const property = fc.property(
    methods,
    fc.stringMatching(/^\/[!-~]{0,10}$/),
    fields,
    fc.nat(),
    (method, target, made, length) => {
      const headers = ['host', 'a', ...made.flat()];
      const text = writeRequestHead({ method, target, headers, length });
      expect(text.endsWith('\r\n\r\n')).toBe(true);
      const head = parseRequest(text.slice(0, -2));
      expect([head.method, head.target, head.body]).toEqual([method, target, length]);
      expect(rawHeaders(head)).toEqual([...headers, ...(length === 0 ? [] : ['content-length', String(length)])]);
    },
  );
  fc.assert(property);
});

const read = (lines: string[]): AnswerHead =>
  parseAnswer({ text: lines.map((line) => `${line}\r\n`).join(''), method: 'GET' });

test('an answer that is passed on has its own headers, and those of its new connection', () => {
  const property = fc.property(fields, fc.integer({ min: 200, max: 999 }), (made, status) => {
    const head = read([
      `HTTP/1.1 ${status} Whatever`,
      ...made.map(([name, value]) => `${name}: ${value}`),
      'Connection: keep-alive, hop',
      'Hop: 1',
      'Transfer-Encoding: chunked',
    ]);
    const text = writeAnswerHead({ head, framing: { chunked: false, length: '7', close: true }, passes: isEndToEnd });
    const again = parseAnswer({ text: text.slice(0, -2), method: 'GET' });
    expect(again.status).toBe(status);
    expect(rawHeaders(again)).toEqual([...made.flat(), 'content-length', '7', 'connection', 'close']);
  });
  fc.assert(property);
});

test.each<[string, number, Parameters<typeof writeAnswerHead>[0]['framing'], string]>([
  ['chunks', 200, { chunked: true, length: undefined, close: false }, '200 OK\r\ntransfer-encoding: chunked\r\n\r\n'],
  ['a length', 404, { chunked: false, length: '3', close: false }, '404 Not Found\r\ncontent-length: 3\r\n\r\n'],
  ['its end', 299, { chunked: false, length: undefined, close: true }, '299 \r\nconnection: close\r\n\r\n'],
])('an answer says that it is framed by %s', (_what, status, framing, expected) => {
  const head = read([`HTTP/1.1 ${status} X`]);
  expect(writeAnswerHead({ head, framing, passes: isEndToEnd })).toBe(`HTTP/1.1 ${expected}`);
});
