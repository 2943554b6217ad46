// Cases of docs/contract.md, section 4: headers, method and address as a function sees them.

import type { FixtureStep, WireCase } from '../case.ts';

const ECHO: readonly FixtureStep[] = [['echo', 'request']];

const headerCases: WireCase[] = [
  {
    name: 'header-names-arrive-in-lower-case',
    headers: [['X-Mixed-CASE', 'Value']],
    seen: { 'x-mixed-case': 'Value', 'X-Mixed-CASE': undefined },
  },
  {
    name: 'repeated-header-is-joined',
    headers: [
      ['x-list', 'a'],
      ['x-list', 'b'],
      ['X-List', 'c'],
    ],
    seen: { 'x-list': 'a, b, c' },
  },
  {
    name: 'repeated-cookies-are-joined',
    headers: [
      ['cookie', 'a=1'],
      ['cookie', 'b=2'],
    ],
    seen: { cookie: 'a=1; b=2' },
  },
  {
    name: 'cookie-arrives-as-sent',
    headers: [['cookie', 'a=1;b="x y"; c=%20;;d']],
    seen: { cookie: 'a=1;b="x y"; c=%20;;d' },
  },
  { name: 'header-value-may-be-empty', headers: [['x-empty', '']], seen: { 'x-empty': '' } },
  { name: 'header-value-keeps-inner-spaces', headers: [['x-spaces', 'a  b,c']], seen: { 'x-spaces': 'a  b,c' } },
  {
    name: 'header-named-like-a-member',
    headers: [
      ['constructor', 'c'],
      ['length', '7'],
    ],
    seen: { constructor: 'c', length: '7' },
  },
].map(({ name, headers: sent, seen }) => ({
  name,
  covers: 'Request headers',
  core: name === 'header-names-arrive-in-lower-case',
  send: { headers: sent as [string, string][], steps: ECHO },
  expect: { body: { includes: { headers: seen } } },
}));

const headerText: WireCase[] = [
  { name: 'in-utf-8', value: 'Zwölf 🥊 日本', seen: 'Zwölf 🥊 日本' },
  { name: 'in-latin-1', value: Uint8Array.of(0x63, 0x61, 0x66, 0xe9), seen: 'café' },
  // All of it is read alike.
  { name: 'in-utf-8-but-for-a-byte', value: Uint8Array.of(0xc3, 0xb6, 0x20, 0xff), seen: 'Ã¶ ÿ' },
].map(({ name, value, seen }) => ({
  name: `request-header-${name}`,
  covers: 'Request header text',
  send: {
    headers: [
      ['x-text', value],
      ['cookie', value],
    ] as const,
    steps: ECHO,
  },
  expect: { body: { includes: { headers: { 'x-text': seen, cookie: seen } } } },
}));

const reserved: WireCase[] = [
  {
    name: 'reserved-headers-do-not-reach-the-function',
    covers: 'Reserved request headers',
    core: true,
    send: {
      headers: [
        ['x-open-runtimes-timeout', '30'],
        ['X-Open-Runtimes-Custom', 'x'],
        ['x-open-runtimes-logging', 'enabled'],
        ['x-kept', 'y'],
      ],
      steps: ECHO,
    },
    expect: {
      body: {
        includes: {
          headers: {
            'x-open-runtimes-secret': undefined,
            'x-open-runtimes-log-id': undefined,
            'x-open-runtimes-timeout': undefined,
            'x-open-runtimes-logging': undefined,
            'x-open-runtimes-custom': undefined,
            'x-kept': 'y',
          },
        },
      },
    },
  },
];

const ENFORCED = {
  OPEN_RUNTIMES_HEADERS:
    '{"X-Enforced":"yes","x-number":248,"x-boolean":true,"x-open-runtimes-custom":"kept","x-override":"server"}',
};
const enforced: WireCase[] = [
  {
    name: 'enforced-headers-override',
    covers: 'Enforced headers',
    setup: { environment: ENFORCED },
    send: {
      headers: [
        ['X-Override', 'caller'],
        ['x-own', 'own'],
      ],
      steps: ECHO,
    },
    expect: {
      body: {
        includes: {
          headers: {
            'x-enforced': 'yes',
            'X-Enforced': undefined,
            'x-number': '248',
            'x-boolean': 'true',
            'x-open-runtimes-custom': 'kept',
            'x-override': 'server',
            'x-own': 'own',
          },
        },
      },
    },
  },
  ...[
    { name: 'object', value: '{"a":["b",{"c":1}]}' },
    { name: 'list', value: '[1,"two",null]' },
    { name: 'null', value: 'null' },
  ].map(({ name, value }): WireCase => ({
    name: `enforced-header-value-${name}`,
    covers: 'Enforced headers',
    setup: {
      environment: { OPEN_RUNTIMES_HEADERS: '{"x-object":{"a":["b",{"c":1}]},"x-list":[1,"two",null],"x-null":null}' },
    },
    send: { steps: ECHO },
    expect: { body: { includes: { headers: { [`x-${name}`]: value } } } },
  })),
  ...[
    { name: 'enforced-headers-empty', value: '' },
    { name: 'enforced-headers-invalid', value: '{"x-enforced":' },
    { name: 'enforced-headers-list', value: '["x-enforced"]' },
    { name: 'enforced-headers-text', value: '"x-enforced"' },
    { name: 'enforced-headers-null', value: 'null' },
  ].map(({ name, value }): WireCase => ({
    name,
    covers: 'Enforced headers',
    setup: { environment: { OPEN_RUNTIMES_HEADERS: value } },
    send: { headers: [['x-own', 'own']], steps: ECHO },
    expect: { body: { includes: { headers: { 'x-own': 'own', 'x-enforced': undefined, '0': undefined } } } },
  })),
];

const methods: WireCase[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'PURGE'].map((method) => ({
  name: `method-${method.toLowerCase()}`,
  covers: 'Method',
  send: { method, steps: ECHO },
  expect: { body: { includes: { method } } },
}));

const addresses: WireCase[] = [
  {
    name: 'port',
    host: 'example.test:8080',
    scheme: 'http',
    seen: ['example.test', 8080] as const,
    url: 'http://example.test:8080/p?q=1',
  },
  {
    name: 'no-port',
    host: 'example.test',
    scheme: 'http',
    seen: ['example.test', 80] as const,
    url: 'http://example.test/p?q=1',
  },
  {
    name: 'default-port',
    host: 'example.test:80',
    scheme: 'http',
    seen: ['example.test', 80] as const,
    url: 'http://example.test/p?q=1',
  },
  {
    name: 'https',
    host: 'example.test',
    scheme: 'https',
    seen: ['example.test', 443] as const,
    url: 'https://example.test/p?q=1',
  },
  {
    name: 'https-default-port',
    host: 'example.test:443',
    scheme: 'https',
    seen: ['example.test', 443] as const,
    url: 'https://example.test/p?q=1',
  },
  {
    name: 'https-port-80',
    host: 'example.test:80',
    scheme: 'https',
    seen: ['example.test', 80] as const,
    url: 'https://example.test:80/p?q=1',
  },
  {
    name: 'http-port-443',
    host: 'example.test:443',
    scheme: 'http',
    seen: ['example.test', 443] as const,
    url: 'http://example.test:443/p?q=1',
  },
  {
    name: 'ipv6-port',
    host: '[::1]:3000',
    scheme: 'http',
    seen: ['[::1]', 3000] as const,
    url: 'http://[::1]:3000/p?q=1',
  },
  { name: 'ipv6', host: '[::1]', scheme: 'http', seen: ['[::1]', 80] as const, url: 'http://[::1]/p?q=1' },
  { name: 'ipv4', host: '10.0.0.17', scheme: 'http', seen: ['10.0.0.17', 80] as const, url: 'http://10.0.0.17/p?q=1' },
].flatMap(({ name, host, scheme, seen: [seenHost, port], url }): WireCase[] => {
  // Without the header the scheme must be http by itself.
  const headers: [string, string][] = scheme === 'http' ? [] : [['x-forwarded-proto', scheme]];
  const send = { target: '/p?q=1', host, headers, steps: ECHO };
  return [
    {
      name: `address-${name}`,
      covers: 'Scheme, host and port',
      send,
      expect: { body: { includes: { scheme, host: seenHost, port } } },
    },
    { name: `url-${name}`, covers: 'Url', send, expect: { body: { includes: { url } } } },
  ];
});

const hostless: WireCase = {
  name: 'address-without-host',
  covers: 'Scheme, host and port',
  send: { host: null, steps: ECHO },
  expect: { body: { includes: { host: '', port: 80 } } },
};

const paths: WireCase[] = [
  { name: 'plain', target: '/a/b', path: '/a/b', queryString: '' },
  { name: 'encoded', target: '/a%20b/%2F/%C3%A9', path: '/a%20b/%2F/%C3%A9', queryString: '' },
  { name: 'dots-and-slashes', target: '/a/./b/../c//d/', path: '/a/./b/../c//d/', queryString: '' },
  { name: 'plus-and-colon', target: '/a+b:c@d;e=f', path: '/a+b:c@d;e=f', queryString: '' },
  { name: 'empty-query', target: '/a?', path: '/a', queryString: '' },
  { name: 'encoded-question-mark', target: '/a%3Fb?c', path: '/a%3Fb', queryString: 'c' },
  { name: 'second-question-mark', target: '/a?b?c=d', path: '/a', queryString: 'b?c=d' },
  { name: 'query-encoded', target: '/?a=%20b+c%26', path: '/', queryString: 'a=%20b+c%26' },
  { name: 'query-slashes', target: '/?next=/a/b', path: '/', queryString: 'next=/a/b' },
].flatMap(({ name, target, path, queryString }): WireCase[] => [
  { name: `path-${name}`, covers: 'Path', send: { target, steps: ECHO }, expect: { body: { includes: { path } } } },
  {
    name: `query-string-${name}`,
    covers: 'Query string',
    send: { target, steps: ECHO },
    expect: { body: { includes: { queryString } } },
  },
]);

const urlWithPath: WireCase[] = ['/a%20b/../c//d?x=%20&y', '/?a?b'].map((target, index) => ({
  name: `url-is-not-decoded-${index + 1}`,
  covers: 'Url',
  send: { target, host: 'example.test', steps: ECHO },
  expect: { body: { includes: { url: `http://example.test${target}` } } },
}));

export const requestCases: readonly WireCase[] = [
  ...headerCases,
  ...headerText,
  ...reserved,
  ...enforced,
  ...methods,
  ...addresses,
  hostless,
  ...paths,
  ...urlWithPath,
];
