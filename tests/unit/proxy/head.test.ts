// Tests how heads are read, against the HTTP server that others use.

import { createServer, type IncomingMessage } from 'node:http';
import { duplexPair } from 'node:stream';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MalformedError, parseAnswer, parseRequest, type RequestHead } from '../../../src/proxy/head.ts';

const request = (lines: string[]) => parseRequest(lines.map((line) => `${line}\r\n`).join(''));
const answer = (lines: string[], method = 'GET') =>
  parseAnswer({ text: lines.map((line) => `${line}\r\n`).join(''), method });

describe('requests', () => {
  test.each<[string, string[], Partial<RequestHead>]>([
    ['no body', ['GET / HTTP/1.1', 'Host: a'], { body: 0, length: undefined, keepAlive: true }],
    ['a length', ['POST / HTTP/1.1', 'Host: a', 'Content-Length: 12'], { body: 12, length: '12' }],
    ['chunks', ['POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: Chunked'], { body: 'chunked' }],
    [
      'a last request',
      ['GET / HTTP/1.1', 'Host: a', 'Connection: x, Close'],
      { keepAlive: false, named: ['x', 'close'] },
    ],
    ['an older one', ['GET / HTTP/1.0'], { modern: false, keepAlive: false }],
    ['an older one that goes on', ['GET / HTTP/1.0', 'Connection: keep-alive'], { modern: false, keepAlive: true }],
    ['spaces around values', ['GET / HTTP/1.0', 'A:  \t a b \t '], { fields: ['a', 'A', 'a b'] }],
    ['an empty value', ['GET / HTTP/1.1', 'Host:', 'A:  '], { fields: ['host', 'Host', '', 'a', 'A', ''] }],
    [
      'a body that waits',
      ['PUT / HTTP/1.1', 'Host: a', 'Content-Length: 1', 'Expect: 100-continue'],
      { expectsContinue: true },
    ],
  ])('%s', (_what, lines, expected) => {
    expect(request(lines)).toMatchObject(expected);
  });

  test.each(['', 'a', 'a.example:80', 'a_b', '127.0.0.1:3000', '[::1]:80', '[fe80::1%25eth0]', 'a:', '%61'])(
    'Host: %s is one',
    (host) => {
      expect(request(['GET / HTTP/1.1', `Host: ${host}`]).fields).toEqual(['host', 'Host', host]);
    },
  );

  test.each([
    ['no request line', ['']],
    ['no version', ['GET /']],
    ['another version', ['GET / HTTP/2.0', 'Host: a']],
    ['two spaces', ['GET  / HTTP/1.1', 'Host: a']],
    ['a space in the target', ['GET /a b HTTP/1.1', 'Host: a']],
    ['a tunnel', ['CONNECT a:1 HTTP/1.1', 'Host: a']],
    ['no Host', ['GET / HTTP/1.1']],
    ['two Hosts', ['GET / HTTP/1.1', 'Host: a', 'Host: a']],
    ['a Host with a space', ['GET / HTTP/1.1', 'Host: a b']],
    ['a Host with a user', ['GET / HTTP/1.1', 'Host: a@b']],
    ['a Host with a path', ['GET / HTTP/1.1', 'Host: a/b']],
    ['a Host that is a list', ['GET / HTTP/1.1', 'Host: "a", b']],
    ['a Host outside ASCII', ['GET / HTTP/1.1', 'Host: \xe4']],
    ['a Host whose port is no number', ['GET / HTTP/1.1', 'Host: a:b']],
    ['a Host of an older caller with a space', ['GET / HTTP/1.0', 'Host: a b']],
    ['a header without a colon', ['GET / HTTP/1.1', 'Host: a', 'broken']],
    ['a space before the colon', ['GET / HTTP/1.1', 'Host: a', 'Content-Length : 1']],
    ['a folded header', ['GET / HTTP/1.1', 'Host: a', ' b']],
    ['a line feed alone', ['GET / HTTP/1.1', 'Host: a\nContent-Length: 1']],
    ['a carriage return alone', ['GET / HTTP/1.1', 'Host: a\rContent-Length: 1']],
    ['a zero byte', ['GET / HTTP/1.1', 'Host: a', 'A: \0']],
    ['two equal lengths', ['POST / HTTP/1.1', 'Host: a', 'Content-Length: 1', 'Content-Length: 1']],
    ['a list of lengths', ['POST / HTTP/1.1', 'Host: a', 'Content-Length: 1, 1']],
    ['a length with a sign', ['POST / HTTP/1.1', 'Host: a', 'Content-Length: +1']],
    ['an endless length', ['POST / HTTP/1.1', 'Host: a', 'Content-Length: 9999999999999999']],
    ['a length and chunks', ['POST / HTTP/1.1', 'Host: a', 'Content-Length: 1', 'Transfer-Encoding: chunked']],
    ['another coding', ['POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: gzip, chunked']],
    ['two codings', ['POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked']],
    ['a disguised coding', ['POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: \x0bchunked']],
    ['chunks from an older caller', ['POST / HTTP/1.0', 'Host: a', 'Transfer-Encoding: chunked']],
    ['another expectation', ['POST / HTTP/1.1', 'Host: a', 'Expect: wonders']],
    ['a thousand and one headers', ['GET / HTTP/1.1', 'Host: a', ...Array.from({ length: 1_000 }, () => 'a: b')]],
  ])('%s is refused', (_what, lines) => {
    expect(() => request(lines)).toThrow(MalformedError);
  });

  // Were it read in steps that grow with the square of its length, this would take hours.
  test('a head of spaces only is refused as soon as it has been read once', { timeout: 60_000 }, () => {
    expect(() => request(['GET / HTTP/1.1', `A:${' \t'.repeat(2_000_000)}\0`])).toThrow(MalformedError);
  });
});

describe('answers', () => {
  test.each([
    ['a length', ['HTTP/1.1 200 OK', 'Content-Length: 3'], 'GET', { body: 3, keepAlive: true }],
    ['chunks', ['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'], 'GET', { body: 'chunked', keepAlive: true }],
    ['neither', ['HTTP/1.1 200 OK'], 'GET', { body: 'until-end', keepAlive: false }],
    ['one to HEAD', ['HTTP/1.1 200 OK', 'Content-Length: 3'], 'HEAD', { body: 0, length: '3', keepAlive: true }],
    ['one without content', ['HTTP/1.1 204'], 'GET', { body: 0, keepAlive: true }],
    ['one not modified', ['HTTP/1.1 304 Not Modified', 'Content-Length: 3'], 'GET', { body: 0, length: '3' }],
    ['one without words', ['HTTP/1.1 200 ', 'Content-Length: 0'], 'GET', { status: 200, body: 0 }],
  ])('%s', (_what, lines, method, expected) => {
    expect(answer(lines, method)).toMatchObject(expected);
  });

  test.each([
    ['no status line', ['hello']],
    ['a status of two digits', ['HTTP/1.1 20 OK']],
    ['two lengths', ['HTTP/1.1 200 OK', 'Content-Length: 1', 'Content-Length: 2']],
    ['a length and chunks', ['HTTP/1.1 200 OK', 'Content-Length: 1', 'Transfer-Encoding: chunked']],
    ['a header that is none', ['HTTP/1.1 200 OK', ': b']],
  ])('%s is refused', (_what, lines) => {
    expect(() => answer(lines)).toThrow(MalformedError);
  });
});

// Heads that are nearly right: most are made of sound parts, some have a part of noise.
const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,8}$/);
const noise = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('\r', '\n', '\r\n', ' ', '\t', '\0', ':', ' :'));
const name = fc.oneof(
  { weight: 6, arbitrary: token },
  { weight: 4, arbitrary: fc.constantFrom('Content-Length', 'Transfer-Encoding', 'Connection', 'Host', 'Expect') },
  { weight: 1, arbitrary: noise },
);
const value = fc.oneof(
  { weight: 5, arbitrary: fc.stringMatching(/^[\x20-\x7e]{0,12}$/) },
  { weight: 4, arbitrary: fc.constantFrom('0', '3', 'chunked', 'close', 'keep-alive', ' 3 ', '3, 3') },
  { weight: 1, arbitrary: noise },
);
const line = fc
  .tuple(
    fc.constantFrom('GET', 'POST', 'PUT', 'HEAD'),
    fc.stringMatching(/^\/[!-~]{0,10}$/),
    fc.constantFrom('1.1', '1.1', '1.1', '1.0', '1.2'),
  )
  .map(([method, target, version]) => `${method} ${target} HTTP/${version}`);
const heads = fc.tuple(
  fc.oneof({ weight: 9, arbitrary: line }, { weight: 1, arbitrary: noise }),
  fc.array(fc.tuple(name, value), { maxLength: 5 }),
  fc.constantFrom(': ', ':', ' : '),
);

test('whatever is accepted, Node.js understands in the same way', async () => {
  const reference = referenceServer();
  await fc.assert(
    fc.asyncProperty(heads, async ([first, fields, colon]) => {
      const text = `${[first, 'Host: a', ...fields.map(([one, other]) => `${one}${colon}${other}`)].join('\r\n')}\r\n`;
      const ours = accepted(text);
      if (!ours) return;
      const theirs = await reference(`${text}\r\n`);
      expect(
        theirs && { method: theirs.method, url: theirs.url, raw: theirs.rawHeaders, version: theirs.httpVersion },
      ).toEqual({
        method: ours.method,
        url: ours.target,
        raw: ours.fields.filter((_entry, index) => index % 3 !== 0),
        version: ours.modern ? '1.1' : '1.0',
      });
    }),
    { numRuns: 5_000 },
  );
});

function accepted(text: string): RequestHead | undefined {
  // What ends with an empty line earlier is a shorter head, and not what is asked here.
  if (text.indexOf('\r\n\r\n') !== -1) return undefined;
  try {
    return parseRequest(text);
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}

/** Resolves with the request as Node.js sees it, or with nothing if it refuses it. */
function referenceServer(): (head: string) => Promise<IncomingMessage | undefined> {
  const server = createServer();
  return (head) => {
    const { promise, resolve } = Promise.withResolvers<IncomingMessage | undefined>();
    server.removeAllListeners('request').removeAllListeners('checkContinue').removeAllListeners('clientError');
    server
      .once('request', resolve)
      .once('checkContinue', resolve)
      .once('clientError', () => resolve(undefined));
    const [ours, theirs] = duplexPair();
    ours.on('error', () => {});
    server.emit('connection', theirs);
    ours.write(head, 'latin1');
    return promise;
  };
}
