// Cases of docs/contract.md, section 3: the headers between an executor and a runtime.

import { BAD_TIMEOUT, BODY_TOO_LARGE, UNAUTHORIZED } from '../../../src/contract/messages.ts';
import { GENERATED_LOG_ID_PATTERN, MAX_BODY_BYTES } from '../../../src/contract/limits.ts';
import { LOG_ID_HEADER } from '../../../src/contract/headers.ts';
import { DEFAULT_SECRET } from '../targets/target.ts';
import type { FixtureStep, RequestData, WireCase } from '../case.ts';

const ECHO: readonly FixtureStep[] = [['echo', 'request']];
const LOG: readonly FixtureStep[] = [
  ['log', 'hello'],
  ['reply', { kind: 'text', body: 'done' }],
];
const REFUSED = { status: 401, body: UNAUTHORIZED, logs: '', errors: '' } as const;

const secret: WireCase[] = [
  { name: 'wrong', secret: 'wrong' },
  { name: 'missing', secret: null },
  { name: 'empty', secret: '' },
  { name: 'longer', secret: `${DEFAULT_SECRET}x` },
  { name: 'shorter', secret: DEFAULT_SECRET.slice(0, -1) },
  { name: 'other-case', secret: DEFAULT_SECRET.toUpperCase() },
].map(({ name, secret: value }) => ({
  name: `secret-${name}`,
  covers: 'Secret',
  core: name === 'wrong',
  leavesNothing: true,
  send: { secret: value, steps: LOG },
  expect: REFUSED,
}));

const noSecret: WireCase[] = [
  { name: 'secret-variable-empty', value: '' },
  { name: 'secret-variable-unset', value: null },
].flatMap(({ name, value }): WireCase[] => {
  const common = { covers: 'Secret', setup: { environment: { OPEN_RUNTIMES_SECRET: value } } };
  return [
    { ...common, name: `${name}-asks-for-none`, send: {}, expect: { body: 'ready' } },
    { ...common, name: `${name}-ignores-one`, send: { secret: 'anything' }, expect: { body: 'ready' } },
  ];
});

const timeouts: WireCase[] = [
  ...Object.entries({
    0: '0',
    'minus-1': '-1',
    '1-point-5': '1.5',
    abc: 'abc',
    '5s': '5s',
    empty: '',
    'plus-5': '+5',
    '1e3': '1e3',
    '000': '000',
    '0x10': '0x10',
  }).map(([word, value]): WireCase => ({
    name: `timeout-${word}-is-refused`,
    covers: 'Timeout header',
    leavesNothing: true,
    send: { headers: [['x-open-runtimes-timeout', value]], steps: LOG },
    expect: { status: 500, body: BAD_TIMEOUT, logs: '', errors: '' },
  })),
  ...['1', '15', '007', '900'].map((value): WireCase => ({
    name: `timeout-${value}-is-accepted`,
    covers: 'Timeout header',
    send: { headers: [['x-open-runtimes-timeout', value]], steps: LOG },
    expect: { body: 'done' },
  })),
];

const logging: WireCase[] = [
  { name: 'absent', headers: [], logs: 'hello\n' },
  { name: 'empty', headers: [['x-open-runtimes-logging', '']] as const, logs: 'hello\n' },
  { name: 'enabled', headers: [['x-open-runtimes-logging', 'enabled']] as const, logs: 'hello\n' },
  { name: 'disabled', headers: [['x-open-runtimes-logging', 'disabled']] as const, logs: '' },
  { name: 'other', headers: [['x-open-runtimes-logging', 'on']] as const, logs: '' },
  { name: 'in-another-case', headers: [['x-open-runtimes-logging', 'Enabled']] as const, logs: '' },
].map(({ name, headers, logs }) => ({
  name: `logging-header-${name}`,
  covers: 'Logging header',
  send: { headers, steps: LOG },
  expect: { headers: logs === '' ? { [LOG_ID_HEADER]: '' } : {}, body: 'done', logs },
}));

const logIds: WireCase[] = [
  { name: 'of-one-sign', logId: 'x', used: true },
  { name: 'of-all-signs', logId: 'Az09_-', used: true },
  { name: 'of-64-characters', logId: 'a'.repeat(64), used: true },
  { name: 'of-65-characters', logId: 'a'.repeat(65), used: false },
  { name: 'empty', logId: '', used: false },
  { name: 'with-slash', logId: '../../tmp/evil', used: false },
  { name: 'with-dot', logId: 'a.b', used: false },
  { name: 'with-space', logId: 'a b', used: false },
].map(({ name, logId, used }) => ({
  name: `log-id-${name}`,
  covers: 'Log id header',
  send: { logId, steps: LOG },
  expect: { headers: { [LOG_ID_HEADER]: used ? logId : GENERATED_LOG_ID_PATTERN }, body: 'done', logs: 'hello\n' },
}));

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

const authorization: WireCase[] = [
  {
    name: 'executor-authorization-is-removed',
    covers: 'Executor authorization',
    send: { fromExecutor: true, steps: ECHO },
    expect: { body: { includes: { headers: { authorization: undefined } } } },
  },
  ...[
    { name: 'bearer-authorization-is-kept', value: 'Bearer abc' },
    { name: 'other-users-authorization-is-kept', value: basic('user:other') },
    { name: 'other-passwords-authorization-is-kept', value: basic('opr:other') },
  ].map(({ name, value }): WireCase => ({
    name,
    covers: 'Executor authorization',
    send: { headers: [['authorization', value]], steps: ECHO },
    expect: { body: { includes: { headers: { authorization: value } } } },
  })),
];

const answerIds: WireCase[] = [
  { name: 'thrown', send: { steps: [['throw', 'x']] as const }, status: 500 },
  { name: 'returned', send: { steps: LOG }, status: 200 },
  { name: 'empty', send: { steps: [['reply', { kind: 'empty' }]] as const }, status: 204 },
].map(({ name, send, status }) => ({
  name: `answer-names-its-log-id-when-${name}`,
  covers: 'Log id in the answer',
  send,
  expect: { status, headers: { [LOG_ID_HEADER]: /^case-/ } },
}));

const reserved: WireCase[] = [
  {
    name: 'function-cannot-set-reserved-headers',
    covers: 'Reserved answer headers',
    send: {
      steps: [
        [
          'reply',
          {
            kind: 'text',
            body: 'x',
            status: 200,
            headers: {
              'x-open-runtimes-custom': 'a',
              'X-Open-Runtimes-Upper': 'b',
              'x-open-runtimes-log-id': 'c',
              'x-kept': 'd',
            },
          },
        ],
      ],
    },
    expect: { headers: { 'x-open-runtimes-custom': null, 'x-open-runtimes-upper': null, 'x-kept': 'd' } },
  },
];

const limit: WireCase[] = [
  ...(['length', 'chunked'] as const).map((framing): WireCase => ({
    name: `body-over-limit-${framing}`,
    covers: 'Body limit',
    heavy: true,
    leavesNothing: true,
    send: { method: 'POST', body: { repeat: 'a', times: MAX_BODY_BYTES + 1 }, framing, steps: LOG },
    expect: { status: 413, body: BODY_TOO_LARGE },
  })),
  {
    name: 'body-of-exactly-the-limit',
    covers: 'Body limit',
    heavy: true,
    send: { method: 'POST', body: { repeat: 'a', times: MAX_BODY_BYTES }, steps: [['echo', 'bodyBinary']] },
    expect: { body: { bytes: { repeat: 'a', times: MAX_BODY_BYTES } } },
  },
];

const bigBody: RequestData = { method: 'POST', body: { repeat: 'a', times: MAX_BODY_BYTES + 1 } };
const order: WireCase[] = [
  {
    name: 'secret-before-timeout',
    covers: 'Order of the steps',
    send: { secret: 'wrong', headers: [['x-open-runtimes-timeout', 'abc']] },
    expect: { status: 401, body: UNAUTHORIZED },
  },
  {
    name: 'timeout-before-body',
    covers: 'Order of the steps',
    heavy: true,
    send: { ...bigBody, headers: [['x-open-runtimes-timeout', 'abc']] },
    expect: { status: 500, body: BAD_TIMEOUT },
  },
  {
    name: 'secret-before-body',
    covers: 'Order of the steps',
    heavy: true,
    send: { ...bigBody, secret: 'wrong' },
    expect: { status: 401, body: UNAUTHORIZED },
  },
  {
    name: 'body-before-loading',
    covers: 'Order of the steps',
    heavy: true,
    setup: { fixture: 'load-error' },
    mayFailBuild: true,
    send: bigBody,
    expect: { status: 413, body: BODY_TOO_LARGE },
  },
];

const refusals: WireCase[] = [
  {
    name: 'refusals-leave-nothing',
    covers: 'Refusals leave nothing',
    needs: ['log-files'],
    leavesNothing: true,
    steps: [
      { send: { secret: 'wrong', steps: LOG }, expect: { status: 401 } },
      {
        send: { headers: [['x-open-runtimes-timeout', 'abc']], steps: LOG },
        expect: { status: 500, body: BAD_TIMEOUT },
      },
    ],
  },
];

export const controlCases: readonly WireCase[] = [
  ...secret,
  ...noSecret,
  ...timeouts,
  ...logging,
  ...logIds,
  ...authorization,
  ...answerIds,
  ...reserved,
  ...limit,
  ...order,
  ...refusals,
];
