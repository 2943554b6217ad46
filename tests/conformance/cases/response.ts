// Cases of docs/contract.md, section 5: what functions return, and what goes over the wire for it.

import type { Expectation, FixtureStep, WireCase } from '../case.ts';

const PLAIN = 'text/plain; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';

interface Reply {
  name: string;
  covers: string;
  core?: boolean;
  reply: Record<string, unknown>;
  expect: Expectation;
}

const replies: Reply[] = [
  {
    name: 'text',
    covers: 'Text',
    core: true,
    reply: { kind: 'text', body: 'hello' },
    expect: { headers: { 'content-type': PLAIN }, body: 'hello' },
  },
  {
    name: 'text-in-utf-8',
    covers: 'Text',
    reply: { kind: 'text', body: 'Zwölf 🥊 日本' },
    expect: { body: 'Zwölf 🥊 日本' },
  },
  {
    name: 'text-empty',
    covers: 'Text',
    reply: { kind: 'text', body: '' },
    expect: { headers: { 'content-type': PLAIN }, body: '' },
  },
  {
    name: 'text-with-status',
    covers: 'Text',
    reply: { kind: 'text', body: 'made', status: 201 },
    expect: { status: 201, body: 'made' },
  },
  {
    name: 'text-with-error-status',
    covers: 'Text',
    reply: { kind: 'text', body: 'no', status: 404 },
    expect: { status: 404, body: 'no', errors: '' },
  },
  {
    name: 'text-with-status-500',
    covers: 'Text',
    reply: { kind: 'text', body: 'own', status: 500 },
    expect: { status: 500, body: 'own', errors: '' },
  },
  {
    name: 'text-with-headers',
    covers: 'Text',
    reply: { kind: 'text', body: 'x', status: 200, headers: { 'x-own': 'a', 'x-other': 'b c' } },
    expect: { headers: { 'x-own': 'a', 'x-other': 'b c' } },
  },
  {
    name: 'json',
    covers: 'JSON',
    core: true,
    reply: { kind: 'json', body: { a: [1, 'two', true, null, { b: 'c' }] } },
    expect: { headers: { 'content-type': JSON_TYPE }, body: '{"a":[1,"two",true,null,{"b":"c"}]}' },
  },
  {
    name: 'json-in-utf-8',
    covers: 'JSON',
    reply: { kind: 'json', body: { a: 'ö🥊/"\\\n' } },
    expect: { body: { json: { a: 'ö🥊/"\\\n' } } },
  },
  {
    name: 'json-list',
    covers: 'JSON',
    reply: { kind: 'json', body: [1, 2] },
    expect: { headers: { 'content-type': JSON_TYPE }, body: '[1,2]' },
  },
  {
    name: 'json-string',
    covers: 'JSON',
    reply: { kind: 'json', body: 'text' },
    expect: { headers: { 'content-type': JSON_TYPE }, body: '"text"' },
  },
  {
    name: 'json-with-status',
    covers: 'JSON',
    reply: { kind: 'json', body: { a: 1 }, status: 422, headers: { 'x-own': 'a' } },
    expect: { status: 422, headers: { 'x-own': 'a' }, body: '{"a":1}' },
  },
  {
    name: 'binary',
    covers: 'Binary',
    core: true,
    reply: { kind: 'binary', body: [0, 1, 127, 128, 200, 255, 10, 13] },
    expect: { body: { bytes: Uint8Array.of(0, 1, 127, 128, 200, 255, 10, 13) } },
  },
  { name: 'binary-empty', covers: 'Binary', reply: { kind: 'binary', body: [] }, expect: { body: '' } },
  {
    name: 'binary-with-type',
    covers: 'Binary',
    reply: { kind: 'binary', body: [137, 80], status: 206, headers: { 'content-type': 'image/png' } },
    expect: {
      status: 206,
      headers: { 'content-type': 'image/png; charset=utf-8' },
      body: { bytes: Uint8Array.of(137, 80) },
    },
  },
  {
    name: 'redirect',
    covers: 'Redirect',
    reply: { kind: 'redirect', body: 'https://example.test/a?b=c%20d#e' },
    expect: { status: 301, headers: { location: 'https://example.test/a?b=c%20d#e' }, body: '' },
  },
  {
    name: 'redirect-to-a-path',
    covers: 'Redirect',
    reply: { kind: 'redirect', body: '../up', status: 307 },
    expect: { status: 307, headers: { location: '../up' }, body: '' },
  },
  {
    name: 'redirect-with-headers',
    covers: 'Redirect',
    reply: { kind: 'redirect', body: '/x', status: 302, headers: { 'x-own': 'a' } },
    expect: { status: 302, headers: { location: '/x', 'x-own': 'a' } },
  },
  { name: 'empty', covers: 'Empty', core: true, reply: { kind: 'empty' }, expect: { status: 204, body: '' } },
  {
    name: 'send',
    covers: 'Send',
    reply: { kind: 'send', body: 'hello' },
    expect: { headers: { 'content-type': PLAIN }, body: 'hello' },
  },
  {
    name: 'send-with-status',
    covers: 'Send',
    reply: { kind: 'send', body: 'x', status: 202, headers: { 'content-type': 'text/html' } },
    expect: { status: 202, headers: { 'content-type': 'text/html; charset=utf-8' }, body: 'x' },
  },
  {
    name: 'map',
    covers: 'Returned value',
    reply: { kind: 'map', body: 'm', status: 203, headers: { 'x-own': 'a' } },
    expect: { status: 203, headers: { 'x-own': 'a', 'content-type': PLAIN }, body: 'm' },
  },
  { name: 'map-with-body-only', covers: 'Returned value', reply: { kind: 'map', body: 'm' }, expect: { body: 'm' } },
  {
    name: 'map-with-status-only',
    covers: 'Returned value',
    reply: { kind: 'map', status: 202 },
    expect: { status: 202, body: '' },
  },
  {
    name: 'map-with-null-body',
    covers: 'Returned value',
    reply: { kind: 'map', body: null, status: 202 },
    expect: { status: 202, headers: { 'content-type': PLAIN }, body: '', errors: '' },
  },
  {
    name: 'map-with-headers-only',
    covers: 'Returned value',
    reply: { kind: 'map', headers: { 'x-own': 'a' } },
    expect: { headers: { 'x-own': 'a' }, body: '' },
  },
];

const replyCases: WireCase[] = replies.map(({ name, covers, core = false, reply, expect }) => ({
  name: `reply-${name}`,
  covers,
  core,
  send: { steps: [['reply', reply]] },
  expect,
}));

const returned: WireCase[] = [
  {
    name: 'discarded-response-is-not-sent',
    steps: [
      ['discard', { kind: 'text', body: 'lost', status: 201 }],
      ['reply', { kind: 'text', body: 'kept' }],
    ] as const,
    expect: { body: 'kept' },
  },
  {
    name: 'discarded-response-counts-as-no-return',
    steps: [['discard', { kind: 'text', body: 'lost' }], ['nothing']] as const,
    expect: { status: 500, body: '' },
  },
].map(({ name, steps, expect }) => ({ name, covers: 'Returned value', send: { steps }, expect }));

const frozen: WireCase[] = ['text', 'json', 'binary', 'redirect', 'send'].map((kind) => {
  const body: unknown = kind === 'binary' ? [1] : '/x';
  const steps: FixtureStep[] = [
    ['reply-frozen', { kind, body, status: 200, headers: { 'X-Own': 'a', 'Content-Type': 'text/HTML' } }],
  ];
  return {
    name: `headers-map-untouched-by-${kind}`,
    covers: "Caller's map untouched",
    send: { steps },
    expect: { body: 'unchanged' },
  };
});

const contentTypes: WireCase[] = [
  { name: 'default', headers: {}, type: PLAIN },
  { name: 'gets-charset', headers: { 'content-type': 'text/html' }, type: 'text/html; charset=utf-8' },
  {
    name: 'keeps-charset',
    headers: { 'content-type': 'text/html; charset=ISO-8859-1' },
    type: 'text/html; charset=ISO-8859-1',
  },
  { name: 'in-lower-case', headers: { 'content-type': 'Text/HTML' }, type: 'text/html; charset=utf-8' },
  {
    name: 'keeps-parameters',
    headers: { 'content-type': 'Application/XML; Version=A' },
    type: 'application/xml; Version=A; charset=utf-8',
  },
  {
    name: 'of-multipart',
    headers: { 'content-type': 'multipart/form-data; boundary=AbCd' },
    type: 'multipart/form-data; boundary=AbCd',
  },
  { name: 'of-image', headers: { 'content-type': 'image/png' }, type: 'image/png; charset=utf-8' },
  { name: 'header-in-mixed-case', headers: { 'Content-Type': 'text/css' }, type: 'text/css; charset=utf-8' },
].map(({ name, headers, type }) => ({
  name: `content-type-${name}`,
  covers: 'Content type',
  core: name === 'gets-charset',
  send: { steps: [['reply', { kind: 'text', body: 'x', status: 200, headers }]] as const },
  expect: { headers: { 'content-type': type } },
}));

const headers: WireCase[] = [
  {
    name: 'header-names-go-out-in-lower-case',
    headers: { 'X-Mixed-CASE': 'Value' },
    seen: { 'x-mixed-case': 'Value' },
  },
  { name: 'header-value-is-kept', headers: { 'x-value': 'a, "b"; c=D' }, seen: { 'x-value': 'a, "b"; c=D' } },
  {
    name: 'cookies-go-out-one-by-one',
    headers: { 'set-cookie': ['a=1; Path=/', 'b=2, x', 'c=3'] },
    seen: { 'set-cookie': ['a=1; Path=/', 'b=2, x', 'c=3'] },
  },
  {
    name: 'one-cookie',
    headers: { 'Set-Cookie': 'a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT' },
    seen: { 'set-cookie': 'a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT' },
  },
  {
    name: 'list-header-goes-out-one-by-one',
    headers: { 'x-list': ['b', 'a', 'b'] },
    seen: { 'x-list': ['b', 'a', 'b'] },
  },
].map(({ name, headers: sent, seen }) => ({
  name,
  covers: 'Response headers',
  send: { steps: [['reply', { kind: 'text', body: 'x', status: 200, headers: sent }]] as const },
  expect: { headers: seen },
}));

const streaming: WireCase[] = [
  {
    name: 'stream-is-sent-as-it-is-made',
    covers: 'Streaming',
    waits: true,
    send: { steps: [['stream', 400, 'one', 'two', 'three']] },
    expect: { headers: { 'content-type': PLAIN }, body: 'onetwothree', pieces: ['one', 'two', 'three'] },
  },
  {
    name: 'stream-has-whole-logs',
    covers: 'Streaming',
    send: {
      steps: [
        ['log', 'before'],
        ['stream', 20, 'a', 'b'],
      ],
    },
    expect: { body: 'ab', logs: 'before\n' },
  },
  {
    name: 'stream-leaves-the-connection-usable',
    covers: 'Streaming',
    steps: [
      {
        oneConnection: [
          { send: { steps: [['stream', 0, 'a', 'b']] }, expect: { body: 'ab' } },
          { send: {}, expect: { body: 'ready' } },
        ],
      },
    ],
  },
];

const head: WireCase[] = [
  {
    name: 'head-has-headers-and-no-body',
    covers: 'HEAD',
    core: true,
    // A body that was sent all the same would be taken for the next answer.
    steps: [
      {
        oneConnection: [
          {
            send: {
              method: 'HEAD',
              steps: [['reply', { kind: 'text', body: 'hello', status: 201, headers: { 'x-own': 'a' } }]],
            },
            expect: { status: 201, headers: { 'x-own': 'a', 'content-type': PLAIN }, body: '' },
          },
          { send: {}, expect: { body: 'ready' } },
        ],
      },
    ],
  },
  {
    name: 'head-reaches-the-function',
    covers: 'Method',
    send: {
      method: 'HEAD',
      steps: [
        ['log', 'called'],
        ['reply', { kind: 'empty' }],
      ],
    },
    expect: { status: 204, logs: 'called\n' },
  },
];

export const responseCases: readonly WireCase[] = [
  ...replyCases,
  ...returned,
  ...frozen,
  ...contentTypes,
  ...headers,
  ...streaming,
  ...head,
];
