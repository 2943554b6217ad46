// Cases of docs/contract.md, sections 1 and 2, that show over HTTP: listening, health, timings, log collection.

import type { WireCase } from '../case.ts';

const HEALTHY = { status: 200, body: 'OK' } as const;

const health: WireCase[] = [
  { name: 'health', send: { target: '/__opr/health' } },
  { name: 'health-without-secret', send: { target: '/__opr/health', secret: null } },
  { name: 'health-with-query', send: { target: '/__opr/health?probe=1&x' } },
  { name: 'health-by-post', send: { method: 'POST', target: '/__opr/health', body: 'ignored' } },
  { name: 'health-by-delete', send: { method: 'DELETE', target: '/__opr/health' } },
].map(({ name, send }) => ({
  name,
  covers: 'Health',
  core: name === 'health',
  leavesNothing: true,
  send,
  expect: HEALTHY,
}));

const timings: WireCase[] = [
  {
    name: 'timings',
    covers: 'Timings',
    send: { target: '/__opr/timings' },
    expect: {
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: { matches: /^(?:\w+=\d+(?:\.\d+)?(?:\n|$))*$/ },
    },
  },
  {
    name: 'timings-are-those-of-the-file',
    covers: 'Timings',
    needs: ['timings'],
    steps: [
      { timings: 'remote_download=0.125\nstartup=0.250\n' },
      { send: { target: '/__opr/timings' }, expect: { body: 'remote_download=0.125\nstartup=0.250\n' } },
    ],
  },
  {
    name: 'timings-without-a-file',
    covers: 'Timings',
    needs: ['timings'],
    steps: [{ timings: null }, { send: { target: '/__opr/timings' }, expect: { body: '' } }],
  },
];

const logCollection: WireCase[] = [
  {
    name: 'logs-are-collected-once',
    covers: 'Log collection',
    core: true,
    steps: [
      {
        send: {
          logId: 'collected-once',
          steps: [
            ['log', 'a line'],
            ['error', 'a fault'],
            ['reply', { kind: 'empty' }],
          ],
        },
        expect: { status: 204 },
      },
      {
        send: { target: '/__opr/logs/collected-once' },
        expect: { body: { json: { logs: 'a line\n', errors: 'a fault\n' } } },
      },
      { send: { target: '/__opr/logs/collected-once' }, expect: { body: { json: { logs: '', errors: '' } } } },
    ],
  },
  {
    name: 'logs-of-an-unknown-id-are-empty',
    covers: 'Log collection',
    send: { target: '/__opr/logs/never-used' },
    expect: { body: { json: { logs: '', errors: '' } } },
  },
  {
    name: 'logs-need-the-secret',
    covers: 'Log collection',
    steps: [
      {
        send: {
          logId: 'kept-secret',
          steps: [
            ['log', 'private'],
            ['reply', { kind: 'empty' }],
          ],
        },
        expect: { status: 204 },
      },
      {
        send: { target: '/__opr/logs/kept-secret', secret: 'wrong' },
        expect: { status: 401, body: { lacks: ['private'] } },
      },
      { send: { target: '/__opr/logs/kept-secret' }, expect: { body: { json: { logs: 'private\n', errors: '' } } } },
    ],
  },
  {
    name: 'logs-of-an-encoded-id-are-none',
    covers: 'Log collection',
    steps: [
      {
        send: {
          logId: 'kept-encoded',
          steps: [
            ['log', 'kept'],
            ['reply', { kind: 'empty' }],
          ],
        },
        expect: { status: 204 },
      },
      {
        send: { target: '/__opr/logs/%6bept-encoded' },
        expect: { body: { json: { logs: '', errors: '' } } },
      },
    ],
  },
  ...[
    { name: 'logs-of-an-encoded-path', id: '..%2F..%2F..%2Fetc%2Fpasswd' },
    { name: 'logs-of-a-path', id: '../../../etc/passwd' },
  ].map(({ name, id }): WireCase => ({
    name: `${name}-read-nothing-outside`,
    covers: 'Log collection',
    send: { target: `/__opr/logs/${id}` },
    expect: { status: 'any', body: { lacks: ['root:'] } },
  })),
];

const listening: WireCase[] = [
  {
    name: 'connections-are-kept-alive',
    covers: 'Listening',
    core: true,
    steps: [
      {
        oneConnection: [
          { send: {}, expect: { body: 'ready' } },
          { send: { method: 'POST', body: 'abc', steps: [['echo', 'bodyText']] }, expect: { body: 'abc' } },
          { send: {}, expect: { body: 'ready' } },
        ],
      },
    ],
  },
  {
    name: 'five-hundred-connections',
    covers: 'Many connections',
    heavy: true,
    steps: [
      {
        crowd: 500,
        send: { steps: [['reply', { kind: 'text', body: 'one of many' }]] },
        expect: { body: 'one of many' },
      },
    ],
  },
  {
    name: 'memory-stays',
    covers: 'Steady memory',
    slow: true,
    needs: ['memory'],
    steps: [
      {
        flood: { warmup: 50_000, requests: 200_000, growth: 24 },
        send: {
          headers: [['x-open-runtimes-timeout', '30']],
          steps: [['reply', { kind: 'json', body: { hello: 'world' } }]],
        },
        expect: { body: { json: { hello: 'world' } } },
      },
    ],
  },
];

const functionPaths: WireCase[] = [
  { name: 'root', target: '/' },
  { name: 'deep', target: '/a/b/c' },
  { name: 'health-look-alike', target: '/__opr/healthy' },
  { name: 'health-in-a-folder', target: '/api/__opr/health' },
  { name: 'unknown-system-path', target: '/__opr/unknown' },
  { name: 'system-folder', target: '/__opr' },
].map(({ name, target }) => ({
  name: `function-path-${name}`,
  covers: 'Function paths',
  send: { target, steps: [['echo', 'request']] },
  expect: { body: { includes: { path: target } } },
}));

export const systemPathCases: readonly WireCase[] = [
  ...health,
  ...timings,
  ...logCollection,
  ...listening,
  ...functionPaths,
];
