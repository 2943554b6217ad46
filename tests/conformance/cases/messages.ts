// Cases of docs/contract.md, section 1: messages that are cut anywhere, come at once, do not end, or are none.

import type { Exchange, FixtureStep, RequestData, WireCase } from '../case.ts';

const CALLED: readonly FixtureStep[] = [
  ['log', 'called'],
  ['reply', { kind: 'text', body: 'called' }],
];
const ECHO: readonly FixtureStep[] = [['echo', 'bodyText']];
const READY: Exchange = { send: {}, expect: { body: 'ready' } };

const GET = 'GET {target} HTTP/1.1\r\nhost: {host}\r\n{headers}';
const POST = 'POST {target} HTTP/1.1\r\nhost: {host}\r\n{headers}';
const CHUNKED = `${POST}transfer-encoding: chunked\r\n\r\n`;

/** What is no message, or not clearly one; what comes after it must not be taken for another. */
export const malformedMessages: readonly { name: string; raw: string }[] = [
  { name: 'greeting-of-tls', raw: `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03${'\x7f'.repeat(32)}` },
  { name: 'request-line-without-version', raw: 'GET {target}\r\nhost: {host}\r\n{headers}\r\n' },
  { name: 'request-line-without-target', raw: 'GET  HTTP/1.1\r\nhost: {host}\r\n{headers}\r\n' },
  { name: 'request-line-with-another-word', raw: 'GET {target} x HTTP/1.1\r\nhost: {host}\r\n{headers}\r\n' },
  { name: 'request-line-of-another-protocol', raw: 'GET {target} http/1.1\r\nhost: {host}\r\n{headers}\r\n' },
  { name: 'method-that-is-no-token', raw: 'G(T {target} HTTP/1.1\r\nhost: {host}\r\n{headers}\r\n' },
  { name: 'target-with-a-control-character', raw: 'GET {target}\x01 HTTP/1.1\r\nhost: {host}\r\n{headers}\r\n' },
  { name: 'request-line-with-a-bare-lf', raw: 'GET {target} HTTP/1.1\nhost: {host}\r\n{headers}\r\n' },
  { name: 'header-line-with-a-bare-lf', raw: `${GET}x-a: 1\nx-b: 2\r\n\r\n` },
  { name: 'head-that-ends-with-a-bare-lf', raw: `${GET}\n` },
  { name: 'header-with-a-bare-cr', raw: `${GET}x-a: 1\rx-b: 2\r\n\r\n` },
  { name: 'header-with-nul', raw: `${GET}x-a: 1\x002\r\n\r\n` },
  { name: 'header-with-a-space-before-the-colon', raw: `${GET}x-a : 1\r\n\r\n` },
  { name: 'header-with-a-space-in-its-name', raw: `${GET}x a: 1\r\n\r\n` },
  { name: 'header-over-two-lines', raw: `${GET}x-a: 1\r\n 2\r\n\r\n` },
  { name: 'header-name-that-is-empty', raw: `${GET}: 1\r\n\r\n` },
  { name: 'header-without-a-colon', raw: `${GET}x-a\r\n\r\n` },
  { name: 'two-hosts', raw: `${GET}host: b\r\n\r\n` },
  { name: 'host-with-a-space', raw: 'GET {target} HTTP/1.1\r\nhost: a b\r\n{headers}\r\n' },
  { name: 'host-with-a-path', raw: 'GET {target} HTTP/1.1\r\nhost: a/b\r\n{headers}\r\n' },
  { name: 'host-with-a-user', raw: 'GET {target} HTTP/1.1\r\nhost: a@b\r\n{headers}\r\n' },
  { name: 'host-with-a-port-that-is-none', raw: 'GET {target} HTTP/1.1\r\nhost: a:b\r\n{headers}\r\n' },
  { name: 'two-lengths', raw: `${POST}content-length: 1\r\ncontent-length: 2\r\n\r\nab` },
  { name: 'length-with-a-sign', raw: `${POST}content-length: +2\r\n\r\nab` },
  { name: 'length-below-zero', raw: `${POST}content-length: -2\r\n\r\nab` },
  { name: 'length-in-hexadecimal', raw: `${POST}content-length: 0x2\r\n\r\nab` },
  { name: 'length-that-is-empty', raw: `${POST}content-length: \r\n\r\n` },
  { name: 'length-before-chunks', raw: `${POST}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n` },
  { name: 'length-after-chunks', raw: `${POST}transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n` },
  { name: 'transfer-encoding-without-chunks', raw: `${POST}transfer-encoding: gzip\r\n\r\nab` },
  { name: 'transfer-encoding-that-ends-in-chunked', raw: `${POST}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n` },
  { name: 'transfer-encoding-chunked-first', raw: `${POST}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n` },
  { name: 'chunk-size-that-is-no-number', raw: `${CHUNKED}zz\r\nab\r\n0\r\n\r\n` },
  { name: 'chunk-size-below-zero', raw: `${CHUNKED}-2\r\nab\r\n0\r\n\r\n` },
  { name: 'chunk-size-with-a-prefix', raw: `${CHUNKED}0x2\r\nab\r\n0\r\n\r\n` },
  { name: 'chunk-size-that-is-empty', raw: `${CHUNKED}\r\nab\r\n0\r\n\r\n` },
  { name: 'chunk-size-that-overflows', raw: `${CHUNKED}10000000000000002\r\nab\r\n0\r\n\r\n` },
  { name: 'chunk-longer-than-its-size', raw: `${CHUNKED}2\r\nabc\r\n0\r\n\r\n` },
  { name: 'chunk-size-with-a-bare-lf', raw: `${CHUNKED}2\nab\r\n0\r\n\r\n` },
  { name: 'chunk-data-with-a-bare-lf', raw: `${CHUNKED}2\r\nab\n0\r\n\r\n` },
];

const malformed: WireCase[] = malformedMessages.map(({ name, raw }) => ({
  name: `malformed-${name}`,
  covers: 'Malformed messages',
  waits: true,
  steps: [
    {
      send: { raw, steps: CALLED, malformed: true },
      expect: { status: 400, closes: true, logs: '', errors: '' },
    },
    READY,
  ],
}));

const POSTED: Exchange = {
  send: { method: 'POST', logId: null, steps: ECHO, body: 'a\r\n\r\n0🥊' },
  expect: { body: 'a\r\n\r\n0🥊' },
};
const QUICK: Exchange = { send: { logId: null }, expect: { body: 'ready' } };

const split: WireCase[] = [
  { name: 'without-a-body', messages: [QUICK] },
  { name: 'with-a-length', messages: [POSTED] },
  {
    name: 'in-chunks',
    messages: [
      {
        send: {
          method: 'POST',
          logId: null,
          steps: ECHO,
          raw: `${CHUNKED}3;a=b\r\nabc\r\n00A\r\n\r\n0\r\n\r\n012\r\n0\r\nx-trailer: 1\r\n\r\n`,
        },
        expect: { body: 'abc\r\n0\r\n\r\n012' },
      },
    ],
  },
  { name: 'two-at-once', messages: [POSTED, QUICK] },
].map(({ name, messages }) => ({
  name: `split-message-${name}`,
  covers: 'Split messages',
  heavy: true,
  steps: [{ splitEverywhere: messages }],
}));

const once: WireCase = {
  name: 'split-message-in-three',
  covers: 'Split messages',
  core: true,
  // Within the request line, and between the two bytes that end it.
  send: { splitAt: [7, 15] },
  expect: { body: 'ready' },
};

function named(word: string, ms: number): Exchange {
  const steps: FixtureStep[] = [
    ['sleep', ms],
    ['reply', { kind: 'text', body: word }],
  ];
  return { send: { steps }, expect: { body: word } };
}

const HIDDEN = 'GET /hidden HTTP/1.1\r\nhost: a\r\n\r\n';
const oneConnection: WireCase[] = [
  {
    name: 'requests-at-once-are-answered-in-order',
    covers: 'Requests on one connection',
    core: true,
    steps: [{ pipelined: [named('first', 100), named('second', 0), named('third', 20)] }],
  },
  {
    name: 'body-is-not-taken-for-a-request',
    covers: 'Requests on one connection',
    steps: [{ pipelined: [{ send: { method: 'POST', steps: ECHO, body: HIDDEN }, expect: { body: HIDDEN } }, READY] }],
  },
  {
    name: 'body-that-nobody-reads-is-not-taken-for-a-request',
    covers: 'Requests on one connection',
    steps: [{ pipelined: [{ ...READY, send: { method: 'POST', body: HIDDEN } }, named('next', 0)] }],
  },
  {
    name: 'connection-ends-when-it-is-asked-to',
    covers: 'Requests on one connection',
    send: { headers: [['connection', 'close']] },
    expect: { body: 'ready', closes: true },
  },
  {
    name: 'caller-that-closes-its-side-is-answered',
    covers: 'Requests on one connection',
    send: { ...named('late', 100).send, halfCloses: true },
    expect: { body: 'late' },
  },
];

const BODY: RequestData = { method: 'POST', steps: CALLED, body: 'x'.repeat(100), logsAs: 'left' };
const leaving: WireCase[] = [
  { name: 'within-a-head', abandoned: { steps: CALLED, logsAs: 'left' }, allBut: 2 },
  { name: 'within-a-body', abandoned: BODY, allBut: 10 },
  { name: 'within-chunks', abandoned: { ...BODY, framing: 'chunked' as const }, allBut: 5 },
].map(({ name, abandoned, allBut }) => ({
  name: `caller-that-leaves-${name}`,
  covers: 'Callers that leave',
  steps: [{ abandoned, allBut }, named('next', 100), { logsOf: 'left', expect: { logs: '', errors: '' } }],
}));

const impatient: WireCase = {
  name: 'caller-that-leaves-within-an-answer',
  covers: 'Callers that leave',
  steps: [{ abandoned: { steps: [['stream', 50, 'one', 'two', 'three']] } }, named('next', 200)],
};

export const messageCases: readonly WireCase[] = [
  ...malformed,
  ...split,
  once,
  ...oneConnection,
  ...leaving,
  impatient,
];
